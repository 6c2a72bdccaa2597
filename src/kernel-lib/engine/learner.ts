/** What the loop over epochs needs of whoever learns, a head alone or a whole network. */
import type * as tf from "@tensorflow/tfjs-core";

import type { HeadData } from "../models/linear-head.js";
import type { TensorData } from "../models/tensor-data.js";
import type { RandomPosition } from "../structures/random.js";
import type { SharedNetwork } from "./shared-network.js";

export interface Learned {
  head: HeadData;
  /** Where the base has learnt too. */
  network?: SharedNetwork;
}

/** Loss: mean cross-entropy; wrong: how many pictures. */
export interface Measured {
  loss: number;
  wrong: number;
}

export interface Learner {
  /** Begins to read a batch that will be learnt from soon. */
  prepare?(indices: readonly number[], epoch: number): void;
  /** Gradients over a batch of training pictures, by their indices; `wrong` is counted without dropout. */
  learn(indices: readonly number[]): Promise<Measured> | Measured;
  /** One step of the optimiser, by the mean of the gradients since the last. */
  apply(rate: number): void;
  /** What learns, by the base's stages, and the head as "head". */
  readonly stages: ReadonlyMap<string, readonly tf.Variable[]>;
  /** The mean gradients since the last step, by the variables' names; they are the learner's. */
  gradients(): Readonly<Record<string, tf.Tensor>>;
  /** Over the evaluation set, where there is one. */
  evaluate(): Promise<Measured> | Measured;
  /** What the weights make of some of the training pictures as they are, without anything that learning changes. */
  probe(indices: readonly number[]): Promise<Measured> | Measured;
  /** Remembers the weights as they are. */
  keep(): void;
  /** The weights last remembered. */
  kept(): Learned;
  /** Everything that the next step depends on. */
  state(): LearnerState;
  /** Goes on from a state of the same training. */
  restore(state: LearnerState): void;
  dispose(): void;
}

/** What a checkpoint keeps of a learner. */
export interface LearnerState {
  tensors: ReadonlyMap<string, TensorData>;
  /** Where each source of random numbers has got to. */
  randoms: Readonly<Record<string, RandomPosition>>;
  /** The optimiser's. */
  steps: number;
}
