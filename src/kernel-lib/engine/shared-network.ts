/**
 * A network's weights in memory that both threads see. The model in the calling thread owns them; the worker makes tensors of
 * them when it needs to. So a worker that died takes nothing with it.
 */
import { architecturePlan, type ArchitectureName, type BaseModelName } from "../models/base-models.js";
import type { NetworkPlan } from "../models/plan.js";
import type { NamedTensors } from "../models/tensor-data.js";
import { shareTensors, type SharedTensors } from "./shared-tensors.js";

export { sharedTensors } from "./shared-tensors.js";

export interface Architecture {
  name: ArchitectureName;
  /** Channels of the first stage. */
  width: number;
  /** Of bottlenecks, where it is not on the 3 × 3 convolution. */
  strideOn?: "first";
}

export interface SharedNetwork extends SharedTensors {
  architecture: Architecture;
  /** Of a channel's value / 255: minus `mean`, by `deviation`. */
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
}

/** Which weights to open. */
export interface NetworkRequest {
  baseModel: BaseModelName;
  /** "embedded", "imagenet", "random", or a path or URL. */
  weights: string;
  /** For random weights. */
  seed: number;
  /** The classifier that the weights were trained with is wanted too, and its labels' names. */
  classifier?: boolean;
}

/** Where weights came from, for people. */
export interface NetworkOrigin {
  source: string;
  licence?: string;
}

export const networkPlan = ({ name, width, strideOn }: Architecture): NetworkPlan =>
  architecturePlan(name, width, strideOn);

/** Puts tensors into shared memory. */
export const shareNetwork = (
  tensors: NamedTensors,
  network: Pick<SharedNetwork, "architecture" | "mean" | "deviation">,
): SharedNetwork => ({ ...network, ...shareTensors(tensors) });
