/** Which stages of a base learn, and at which parts of the head's rate. */
import { weightShapes, type NetworkPlan } from "../models/plan.js";
import { quote, VitrineError } from "../structures/errors.js";
import { numberOption, recordOption } from "../structures/options.js";

/** Of the head's rate, for a stage that nobody gave another. */
export const DEFAULT_BASE_RATE = 0.02;

/** One number for all stages, or by the stages' names. */
export type BaseRate = number | Readonly<Record<string, number>>;

/** For each stage that learns its part of the head's rate; empty where the whole base is frozen. @throws InvalidOption */
export function stageRates(plan: NetworkPlan, freeze: boolean | string, baseRate: BaseRate): Record<string, number> {
  const names = plan.stages.map(({ name }) => name);
  const rates = ratesByStage(names, baseRate);
  if (freeze === true) return {};
  const first = freeze === false ? 0 : stageIndex(names, freeze) + 1;
  return Object.fromEntries(names.slice(first).map((name) => [name, rates(name)]));
}

/** The stage that each of a network's tensors belongs to. */
export function stagesByTensor(plan: NetworkPlan): Map<string, string> {
  return new Map(
    plan.stages.flatMap((stage) =>
      [...weightShapes({ ...plan, stages: [stage] }).keys()].map((name) => [name, stage.name] as const),
    ),
  );
}

function stageIndex(names: readonly string[], stage: string): number {
  const index = names.indexOf(stage);
  if (index >= 0) return index;
  const expected = `true, false or one of the stages ${names.map(quote).join(", ")}`;
  throw new VitrineError("InvalidOption", { option: "freeze", expected, received: quote(stage) });
}

function ratesByStage(names: readonly string[], baseRate: BaseRate): (stage: string) => number {
  if (typeof baseRate === "number") {
    const rate = numberOption("baseRate", baseRate, 0, 10);
    return () => rate;
  }
  const given = recordOption("baseRate", baseRate, "a number, or numbers by stage");
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    const expected = `only the stages ${names.map(quote).join(", ")}`;
    throw new VitrineError("InvalidOption", { option: "baseRate", expected, received: quote(stranger) });
  }
  const rates = new Map(
    Object.entries(given).map(([name, rate]) => [name, numberOption(`baseRate.${name}`, rate, 0, 10)]),
  );
  return (stage) => rates.get(stage) ?? DEFAULT_BASE_RATE;
}
