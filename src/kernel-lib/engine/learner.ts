/** What the loop over epochs needs of whoever learns, a head alone or a whole network. */
import type { HeadData } from "../models/linear-head.js";
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
  /** One step over training pictures, by their indices; `wrong` is counted before it, without dropout. */
  step(indices: readonly number[], rate: number): Promise<Measured> | Measured;
  /** Over the evaluation set, where there is one. */
  evaluate(): Promise<Measured> | Measured;
  /** Remembers the weights as they are. */
  keep(): void;
  /** The weights last remembered. */
  kept(): Learned;
  dispose(): void;
}
