/** How fast a training learns, and for how long. */
import { quote, VitrineError } from "../structures/errors.js";
import { integerOption, numberOption } from "../structures/options.js";
import type { TrainSettings } from "./messages.js";
import type { OptimizerOptions } from "./optimizer-options.js";
import { checkSchedule } from "./schedule-options.js";
import type { Schedule } from "./schedule.js";

export interface RateOptions {
  /**
   * One an epoch; by default 0.05 seven times, 0.005 seven times, 0.0005 once; with "adamw" a tenth of these.
   */
  learningRates?: readonly number[];
  /** Instead of `learningRates`: a rate that follows a schedule, by epochs or by the optimiser's steps. */
  schedule?: Schedule;
  /** By default as many as there are rates, or 15; the last rate goes on where there are fewer. */
  epochs?: number;
}

export const RATE_OPTIONS = ["learningRates", "schedule", "epochs"] as const satisfies readonly (keyof RateOptions)[];

const DEFAULT_RATES = {
  sgd: [...Array<number>(7).fill(0.05), ...Array<number>(7).fill(0.005), 0.0005],
  adamw: [...Array<number>(7).fill(0.005), ...Array<number>(7).fill(0.0005), 0.00005],
};

/** @throws InvalidOption */
export function rateSettings(options: RateOptions & OptimizerOptions): Pick<TrainSettings, "rates" | "epochs"> {
  const { optimizer = "sgd", schedule, learningRates, epochs } = options;
  if (schedule !== undefined) {
    if (learningRates !== undefined) throw both();
    return { rates: checkSchedule(schedule), epochs: integerOption("epochs", epochs ?? 15, 1, 100_000) };
  }
  const given = rateList(learningRates ?? DEFAULT_RATES[optimizer]);
  return { rates: given, epochs: integerOption("epochs", epochs ?? given.length, 1, 100_000) };
}

function rateList(learningRates: readonly number[]): number[] {
  if (!Array.isArray(learningRates) || learningRates.length === 0) {
    const expected = "a list of at least one number";
    throw new VitrineError("InvalidOption", { option: "learningRates", expected, received: quote(learningRates) });
  }
  return (learningRates as readonly number[]).map((rate, i) => numberOption(`learningRates[${i}]`, rate, 0, 1e6));
}

const both = () =>
  new VitrineError("InvalidOption", {
    option: "schedule",
    expected: "either a schedule or learningRates",
    received: "both",
  });
