/** The optimiser that is asked for. */
import { AdamW } from "./adamw.js";
import type { LearningVariable, Optimizer, OptimizerSettings } from "./optimizer.js";
import { Sgd } from "./sgd.js";

export function makeOptimizer(variables: readonly LearningVariable[], settings: OptimizerSettings): Optimizer {
  return settings.kind === "sgd" ? new Sgd(variables, settings) : new AdamW(variables, settings);
}
