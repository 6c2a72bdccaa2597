/** Weights in memory that both threads see: whoever owns them keeps them when the worker dies, and nothing is copied on the way. */
import { createHash } from "node:crypto";

import type { NamedTensors, TensorData } from "../models/tensor-data.js";
import { VitrineError } from "../structures/errors.js";

export interface SharedTensors {
  /** Changes with the weights: a hash of them. */
  key: string;
  entries: readonly { name: string; shape: readonly number[]; offset: number }[];
  /** 32-bit floats; an entry begins at its offset, counted in floats. */
  buffer: SharedArrayBuffer;
}

/** Puts tensors into shared memory. */
export function shareTensors(tensors: NamedTensors): SharedTensors {
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
  return { key: hash.digest("hex"), entries, buffer };
}

/** The tensors as views. */
export function sharedTensors({ entries, buffer }: SharedTensors): Map<string, TensorData> {
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
