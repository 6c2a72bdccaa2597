/** What a search for a learning rate may be told. */
import { quote, VitrineError } from "../structures/errors.js";
import { integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { RateSearch } from "./messages.js";
import { BASE_OPTIONS, type BaseOptions } from "./base-options.js";
import { LOSS_OPTIONS, type LossOptions } from "./loss-options.js";
import { OPTIMIZER_OPTIONS, type OptimizerOptions } from "./optimizer-options.js";
import type { TrainOptions } from "./train-options.js";

/** How the training will go that the rate is for, and the search. */
export interface FindLearningRateOptions
  extends OptimizerOptions, BaseOptions, LossOptions, Pick<TrainOptions, "batchSize" | "seed" | "signal"> {
  /** The first rate; 1e-5 by default. */
  from?: number;
  /** The last rate, unless the loss runs away before; 10 by default. */
  to?: number;
  /** 100 by default. */
  steps?: number;
}

const NAMES: readonly (keyof FindLearningRateOptions)[] = [
  "batchSize",
  ...BASE_OPTIONS,
  ...OPTIMIZER_OPTIONS,
  ...LOSS_OPTIONS,
  "seed",
  "signal",
  "from",
  "to",
  "steps",
];

/** @throws InvalidOption */
export function checkSearch(options: FindLearningRateOptions): RateSearch {
  knownOptions("findLearningRate", options, NAMES);
  const { from = 1e-5, to = 10, steps = 100 } = options;
  numberOption("from", from, 1e-12, 1e6);
  numberOption("to", to, 1e-12, 1e6);
  if (to > from) return { from, to, steps: integerOption("steps", steps, 10, 100_000) };
  throw new VitrineError("InvalidOption", { option: "to", expected: `a rate above ${from}`, received: quote(to) });
}
