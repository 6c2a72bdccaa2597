/** The parts of tfjs-node's backend and binding that a graph is made with. */
import * as tf from "@tensorflow/tfjs-core";

export interface OperationAttribute {
  name: string;
  /** One of the binding's TF_ATTR_…. */
  type: number;
  value: string | boolean | number | readonly string[] | readonly number[] | readonly boolean[];
}

/** What TensorFlow says of a tensor that it has made. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** The C++ side: tensors go by numbers. */
export interface TensorFlowBinding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  executeOp(name: string, attributes: OperationAttribute[], inputs: number[], outputs: number): TensorMetadata[];
  createTensor(shape: number[], dtype: number, values: ArrayBufferView): number;
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(model: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[];
  deleteSavedModel(model: number): void;
}

export interface TensorFlowBackend {
  binding: TensorFlowBinding;
  readonly isUsingGpuDevice: boolean;
  getDTypeInteger(dtype: tf.DataType): number;
  /** The numbers that tensors go by. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/** Undefined where another backend computes. */
export function tensorFlowBackend(): TensorFlowBackend | undefined {
  const backend = tf.backend() as unknown as Partial<TensorFlowBackend>;
  return backend.binding && backend.getInputTensorIds ? (backend as TensorFlowBackend) : undefined;
}
