/**
 * A network's weights in memory that both threads see. The model in the calling thread owns them; the worker makes tensors of
 * them when it needs to. So a worker that died takes nothing with it.
 */
import { createHash } from "node:crypto";

import { VitrineError } from "../structures/errors.js";
import { architecturePlan, type ArchitectureName, type BaseModelName } from "../models/base-models.js";
import type { NetworkPlan } from "../models/plan.js";
import type { NamedTensors, TensorData } from "../models/tensor-data.js";

export interface Architecture {
  name: ArchitectureName;
  /** Channels of the first stage. */
  width: number;
}

export interface SharedNetwork {
  /** Changes with the weights: a hash of them. */
  key: string;
  architecture: Architecture;
  /** Of a channel's value / 255: minus `mean`, by `deviation`. */
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
  entries: readonly { name: string; shape: readonly number[]; offset: number }[];
  /** 32-bit floats; an entry begins at its offset, counted in floats. */
  buffer: SharedArrayBuffer;
}

/** Which weights to open. */
export interface NetworkRequest {
  baseModel: BaseModelName;
  /** "embedded", "imagenet", "random", or a path or URL. */
  weights: string;
  /** For random weights. */
  seed: number;
}

/** Where weights came from, for people. */
export interface NetworkOrigin {
  source: string;
  licence?: string;
}

export const networkPlan = ({ name, width }: Architecture): NetworkPlan => architecturePlan(name, width);

/** Puts tensors into shared memory. */
export function shareNetwork(
  tensors: NamedTensors,
  network: Pick<SharedNetwork, "architecture" | "mean" | "deviation">,
): SharedNetwork {
  const length = [...tensors.values()].reduce((sum, tensor) => sum + tensor.data.length, 0);
  const buffer = new SharedArrayBuffer(length * 4);
  const floats = new Float32Array(buffer);
  let offset = 0;
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const entry = { name, shape, offset };
    floats.set(data, offset);
    offset += data.length;
    return entry;
  });
  // Hashing reads shared memory only through a copy.
  const hash = createHash("sha256").update(new Uint8Array(buffer).slice());
  return { ...network, key: hash.digest("hex"), entries, buffer };
}

/** The tensors of a shared network, as views. */
export function sharedTensors({ entries, buffer }: SharedNetwork): Map<string, TensorData> {
  return new Map(
    entries.map(({ name, shape, offset }) => {
      const length = shape.reduce((product, side) => product * side, 1);
      if ((offset + length) * 4 > buffer.byteLength) {
        const received = `${buffer.byteLength / 4 - offset} numbers`;
        throw new VitrineError("InvalidWeights", {
          path: "memory",
          tensor: name,
          expected: `${length} numbers`,
          received,
        });
      }
      return [name, { shape, data: new Float32Array(buffer, offset * 4, length) }];
    }),
  );
}
