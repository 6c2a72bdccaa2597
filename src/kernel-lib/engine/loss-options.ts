/** What a training minimises, and what keeps it from learning its pictures by heart. */
import { numberOption } from "../structures/options.js";
import type { ClassWeights } from "./class-weights.js";
import type { TrainSettings } from "./messages.js";

export interface LossOptions {
  /**
   * How much each class's pictures count in what is learnt: "balanced", every class alike as scikit-learn has it, or weights by
   * label, 1 where none is given. By default every picture counts alike.
   */
  classWeights?: ClassWeights;
  /** How much of a picture's target is spread evenly over all classes, 0 to 1; 0 by default. */
  labelSmoothing?: number;
  /**
   * Mixup's α, 0.2 to 0.4 usually; 0 (the default) is none. Each batch is mixed with itself in another order, and so are its
   * targets: the pictures where the whole network learns (and its training error counts the class of the larger part), their
   * features where the base is frozen, which is manifold mixup at the last layer (Verma et al., 2019).
   */
  mixup?: number;
  /**
   * The part of what a linear layer sees that it doesn't see in a step, 0 to 1; 0.5 by default. In the head, and in AlexNet's two
   * hidden linear layers where they learn, as Krizhevsky et al. had it.
   */
  dropout?: number;
  /**
   * Weight decay; 0.0005 by default. "sgd" adds so much of a weight to its gradient; with "adamw" the weight shrinks by
   * rate · l2 of itself. Biases and batch norm don't decay.
   */
  l2?: number;
}

export const LOSS_OPTIONS = [
  "classWeights",
  "labelSmoothing",
  "mixup",
  "dropout",
  "l2",
] as const satisfies readonly (keyof LossOptions)[];

/** Weights by label become weights by class where the labels are known. */
export interface LossSettings extends Pick<TrainSettings, "labelSmoothing" | "mixup" | "dropout" | "l2"> {
  classWeights: ClassWeights | undefined;
}

/** @throws InvalidOption */
export function lossSettings(options: LossOptions): LossSettings {
  return {
    classWeights: options.classWeights,
    labelSmoothing: numberOption("labelSmoothing", options.labelSmoothing ?? 0, 0, 1),
    mixup: numberOption("mixup", options.mixup ?? 0, 0, 100),
    dropout: numberOption("dropout", options.dropout ?? 0.5, 0, 0.99),
    l2: numberOption("l2", options.l2 ?? 0.0005, 0, 1),
  };
}
