/** What a piece of work asks TensorFlow to do, written down while it is done. */
import * as tf from "@tensorflow/tfjs-core";

import type { OperationAttribute, TensorFlowBackend, TensorFlowBinding } from "./tensorflow-backend.js";

export interface RecordedOperation {
  name: string;
  attributes: readonly OperationAttribute[];
  /** Numbers of tensors. */
  inputs: readonly number[];
  outputs: readonly number[];
  /** Of the outputs. */
  shapes: readonly (readonly number[])[];
}

/** Numbers that the work brought along itself: an axis, say. */
export interface RecordedConstant {
  shape: readonly number[];
  dtype: number;
  bytes: Uint8Array;
}

/** A tensor that is made anew each time. */
export interface RecordedDraw {
  tensor: tf.Tensor;
  make: () => tf.Tensor;
}

export interface Recording<T> {
  result: T;
  operations: RecordedOperation[];
  constants: Map<number, RecordedConstant>;
  draws: RecordedDraw[];
}

let draws: RecordedDraw[] | undefined;

/** A tensor that has other values in every call of a traced function: dropout's mask, say. `make` must need nothing of this call. */
export function drawn<T extends tf.Tensor>(make: () => T): T {
  const tensor = make();
  draws?.push({ tensor: tf.keep(tensor), make });
  return tensor;
}

/** Does the work, and says what it came to. */
export function record<T>(backend: TensorFlowBackend, work: () => T): Recording<T> {
  const { binding } = backend;
  const operations: RecordedOperation[] = [];
  const constants = new Map<number, RecordedConstant>();
  const watched: Pick<TensorFlowBinding, "executeOp" | "createTensor"> = {
    executeOp: (name, attributes, inputs, count) => {
      const outputs = binding.executeOp(name, attributes, inputs, count);
      const [ids, shapes] = [outputs.map(({ id }) => id), outputs.map(({ shape }) => shape)];
      operations.push({ name, attributes, inputs: [...inputs], outputs: ids, shapes });
      return outputs;
    },
    createTensor: (shape, dtype, values) => {
      // TensorFlow takes the memory over.
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
      const id = binding.createTensor(shape, dtype, values);
      constants.set(id, { shape: [...shape], dtype, bytes });
      return id;
    },
  };
  const made: RecordedDraw[] = (draws = []);
  backend.binding = Object.create(binding, Object.getOwnPropertyDescriptors(watched)) as TensorFlowBinding;
  try {
    return { result: work(), operations, constants, draws: made };
  } catch (error) {
    tf.dispose(made.map(({ tensor }) => tensor));
    throw error;
  } finally {
    backend.binding = binding;
    draws = undefined;
  }
}

/** The operations that something depends on; the others are left out. */
export function needed(operations: readonly RecordedOperation[], outputs: readonly number[]): RecordedOperation[] {
  const wanted = new Set(outputs);
  const live = operations.toReversed().filter((operation) => {
    if (!operation.outputs.some((id) => wanted.has(id))) return false;
    for (const id of operation.inputs) wanted.add(id);
    return true;
  });
  return live.reverse();
}
