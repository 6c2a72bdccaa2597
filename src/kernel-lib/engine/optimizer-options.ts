/** Which optimiser a training's options ask for. */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, choiceOption, numberOption } from "../structures/options.js";
import type { OptimizerSettings } from "./optimizer.js";

export interface OptimizerOptions {
  /** "sgd" (the default): with momentum, as torch.optim.SGD. "adamw": as torch.optim.AdamW. */
  optimizer?: "sgd" | "adamw";
  /** Of "sgd", 0 to 1; 0.9 by default. */
  momentum?: number;
  /** Of "sgd": Nesterov's momentum; false by default. */
  nesterov?: boolean;
  /** Of "adamw": how much the running means of gradient and squared gradient keep in a step; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** Of "adamw": added to the root of the mean square; 1e-8 by default. */
  epsilon?: number;
}

export const OPTIMIZER_OPTIONS = [
  "optimizer",
  "momentum",
  "nesterov",
  "betas",
  "epsilon",
] as const satisfies readonly (keyof OptimizerOptions)[];

/** The options that only one of them has. */
const OWN = { sgd: ["momentum", "nesterov"], adamw: ["betas", "epsilon"] } as const;

/** @throws InvalidOption, also for an option of the other optimiser, which would do nothing */
export function optimizerSettings(options: OptimizerOptions): OptimizerSettings {
  const kind = choiceOption("optimizer", options.optimizer ?? "sgd", ["sgd", "adamw"]);
  const other = kind === "sgd" ? "adamw" : "sgd";
  const stray = OWN[other].find((name) => options[name] !== undefined);
  if (stray !== undefined) {
    const expected = `optimizer: ${quote(other)}, or nothing`;
    throw new VitrineError("InvalidOption", { option: stray, expected, received: quote(options[stray]) });
  }
  return kind === "sgd" ? sgdSettings(options) : adamwSettings(options);
}

function sgdSettings(options: OptimizerOptions): OptimizerSettings {
  const momentum = numberOption("momentum", options.momentum ?? 0.9, 0, 0.9999);
  const nesterov = booleanOption("nesterov", options.nesterov ?? false);
  if (!nesterov || momentum > 0) return { kind: "sgd", momentum, nesterov };
  const expected = "a momentum above 0, or false,";
  throw new VitrineError("InvalidOption", { option: "nesterov", expected, received: "momentum 0 and true" });
}

function adamwSettings(options: OptimizerOptions): OptimizerSettings {
  const betas: unknown = options.betas ?? [0.9, 0.999];
  if (!Array.isArray(betas) || betas.length !== 2) {
    const expected = "two numbers between 0 and 1";
    throw new VitrineError("InvalidOption", { option: "betas", expected, received: quote(betas) });
  }
  const [first, second] = betas.map((beta, i) => numberOption(`betas[${i}]`, beta, 0, 0.999999)) as [number, number];
  return { kind: "adamw", betas: [first, second], epsilon: numberOption("epsilon", options.epsilon ?? 1e-8, 0, 1) };
}
