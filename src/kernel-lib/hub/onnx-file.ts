/** ONNX files. Field numbers are those of onnx.proto3, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3 */
import { ProtobufWriter } from "./protobuf.js";

/** ONNX 1.12, of 2022: what runs it is everywhere. */
const IR_VERSION = 8;
const OPSET = 17;

export type OnnxAttribute = { float: number } | { integer: number } | { integers: readonly number[] };

export interface OnnxNode {
  operation: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxTensor {
  shape: readonly number[];
  data: Float32Array | BigInt64Array;
}

/** A 32-bit float input or output; a text stands for a size that may change. */
export interface OnnxValue {
  name: string;
  shape: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: ReadonlyMap<string, OnnxTensor>;
  inputs: readonly OnnxValue[];
  outputs: readonly OnnxValue[];
}

/** The bytes of a model's file. */
export function encodeOnnx(graph: OnnxGraph, metadata: Readonly<Record<string, string>>): Uint8Array {
  const model = new ProtobufWriter().integer(1, IR_VERSION).text(2, "vitrine").message(7, graphMessage(graph));
  model.message(8, new ProtobufWriter().text(1, "").integer(2, OPSET));
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, new ProtobufWriter().text(1, key).text(2, value));
  }
  return model.finish();
}

function graphMessage({ name, nodes, initializers, inputs, outputs }: OnnxGraph): ProtobufWriter {
  const graph = new ProtobufWriter();
  for (const node of nodes) graph.message(1, nodeMessage(node));
  graph.text(2, name);
  for (const [tensorName, tensor] of initializers) graph.message(5, tensorMessage(tensorName, tensor));
  for (const value of inputs) graph.message(11, valueMessage(value));
  for (const value of outputs) graph.message(12, valueMessage(value));
  return graph;
}

function nodeMessage({ operation, inputs, outputs, attributes = {} }: OnnxNode): ProtobufWriter {
  const node = new ProtobufWriter();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(3, outputs[0] ?? operation).text(4, operation);
  for (const [name, value] of Object.entries(attributes)) node.message(5, attributeMessage(name, value));
  return node;
}

/** The last field of each says which of the others counts. */
function attributeMessage(name: string, value: OnnxAttribute): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, name);
  if ("float" in value) return attribute.float(2, value.float).integer(20, 1);
  if ("integer" in value) return attribute.integer(3, value.integer).integer(20, 2);
  for (const item of value.integers) attribute.integer(8, item);
  return attribute.integer(20, 7);
}

const FLOAT = 1;
const INT64 = 7;

function tensorMessage(name: string, { shape, data }: OnnxTensor): ProtobufWriter {
  const tensor = new ProtobufWriter();
  for (const side of shape) tensor.integer(1, side);
  tensor.integer(2, data instanceof Float32Array ? FLOAT : INT64).text(8, name);
  return tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function valueMessage({ name, shape }: OnnxValue): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const side of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, typeof side === "number" ? dimension.integer(1, side) : dimension.text(2, side));
  }
  const tensor = new ProtobufWriter().integer(1, FLOAT).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
