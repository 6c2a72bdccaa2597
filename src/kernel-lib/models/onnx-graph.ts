/**
 * A plan with weights as an ONNX graph: pictures N × 3 × H × W with values from 0 to 1 in, features and probabilities out.
 * Normalising, and averaging over the mirror image, are part of it.
 */
import type { OnnxAttribute, OnnxGraph, OnnxTensor } from "../hub/onnx-file.js";
import { poolWindow } from "./adaptive-pool.js";
import { foldedConv, foldedHead, tensor, type FoldedLayer } from "./fold-weights.js";
import type { HeadData } from "./linear-head.js";
import { outputSize, type ConvLayer, type Layer, type NetworkPlan } from "./plan.js";
import type { NamedTensors } from "./tensor-data.js";

export interface OnnxSubject {
  plan: NetworkPlan;
  tensors: NamedTensors;
  /** Undefined: features only. */
  head: HeadData | undefined;
  height: number;
  width: number;
  mirror: boolean;
  mean: readonly number[];
  deviation: readonly number[];
}

export function onnxGraph(subject: OnnxSubject): OnnxGraph {
  const { plan, head, height, width } = subject;
  const builder = new GraphBuilder(subject.tensors);
  let x = builder.input(subject);
  let size: [number, number] = [height, width];
  for (const layer of plan.stages.flatMap(({ layers }) => layers)) {
    x = builder.layer(x, layer);
    size = outputSize(layer, size);
  }
  builder.output(builder.pooled(x, plan, size), subject);
  const outputs = [{ name: "features", shape: ["N", plan.features] }];
  if (head) outputs.push({ name: "probabilities", shape: ["N", head.classes] });
  const inputs = [{ name: "images", shape: ["N", 3, height, width] }];
  return { name: plan.name, nodes: builder.nodes, initializers: builder.initializers, inputs, outputs };
}

class GraphBuilder {
  readonly nodes: { operation: string; inputs: string[]; outputs: string[]; attributes: Attributes }[] = [];
  readonly initializers = new Map<string, OnnxTensor>();
  private readonly tensors: NamedTensors;
  private count = 0;

  constructor(tensors: NamedTensors) {
    this.tensors = tensors;
  }

  /** Normalised pictures, and after them their mirror images. */
  input({ mean, deviation, mirror }: OnnxSubject): string {
    const shape = [1, 3, 1, 1];
    this.initializers.set("mean", { shape, data: Float32Array.from(mean) });
    this.initializers.set("deviation", { shape, data: Float32Array.from(deviation) });
    const x = this.node("Div", [this.node("Sub", ["images", "mean"]), "deviation"]);
    if (!mirror) return x;
    const slice = [[-1n], [-(2n ** 63n)], [3n], [-1n]].map((value, i) => this.integers(`mirror.${i}`, value));
    return this.node("Concat", [x, this.node("Slice", [x, ...slice])], { axis: { integer: 0 } });
  }

  layer(x: string, layer: Layer): string {
    if (layer.kind === "conv") return this.conv(x, layer);
    if (layer.kind === "maxPool") return this.node("MaxPool", [x], windowOf(layer));
    const body = layer.body.reduce((y, conv) => this.conv(y, conv), x);
    const shortcut = layer.shortcut.reduce((y, conv) => this.conv(y, conv), x);
    return this.node("Relu", [this.node("Add", [body, shortcut])]);
  }

  /** The adaptive pool is a product with a matrix along each side. */
  pooled(x: string, { places, linear }: NetworkPlan, [height, width]: [number, number]): string {
    if (places === 1) return this.node("ReduceMean", [x], { axes: { integers: [2, 3] }, keepdims: { integer: 0 } });
    let y = x;
    if (width !== places) y = this.node("MatMul", [y, this.poolMatrix("pool.columns", width, places, true)]);
    if (height !== places) y = this.node("MatMul", [this.poolMatrix("pool.rows", height, places, false), y]);
    const start = this.node("Flatten", [y], { axis: { integer: 1 } });
    return linear.reduce((z, { name }) => {
      const [weight, bias] = ["weight", "bias"].map((part) => tensor(this.tensors, `${name}.${part}`));
      return weight && bias ? this.node("Relu", [this.gemm(z, name, { weight, bias })]) : z;
    }, start);
  }

  output(features: string, { plan, head, mirror }: OnnxSubject): void {
    if (mirror) {
      const shape = this.integers("pairs", [2n, -1n, BigInt(plan.features)]);
      const pairs = this.node("Reshape", [features, shape]);
      this.node("ReduceMean", [pairs], { axes: { integers: [0] }, keepdims: { integer: 0 } }, "features");
    } else {
      this.node("Identity", [features], {}, "features");
    }
    if (!head) return;
    const logits = this.gemm("features", "head", foldedHead(head));
    this.node("Softmax", [logits], { axis: { integer: 1 } }, "probabilities");
  }

  private conv(x: string, layer: ConvLayer): string {
    const y = this.node("Conv", [x, ...this.weights(layer.name, foldedConv(layer, this.tensors))], windowOf(layer));
    return layer.relu ? this.node("Relu", [y]) : y;
  }

  private gemm(x: string, name: string, folded: FoldedLayer): string {
    return this.node("Gemm", [x, ...this.weights(name, folded)], { transB: { integer: 1 } });
  }

  private weights(name: string, { weight, bias }: FoldedLayer): string[] {
    this.initializers.set(`${name}.weight`, weight);
    this.initializers.set(`${name}.bias`, bias);
    return [`${name}.weight`, `${name}.bias`];
  }

  private poolMatrix(name: string, side: number, places: number, transposed: boolean): string {
    const data = new Float32Array(side * places);
    for (let place = 0; place < places; place++) {
      const { start, length } = poolWindow(side, places, place);
      for (let i = start; i < start + length; i++) {
        data[transposed ? i * places + place : place * side + i] = 1 / length;
      }
    }
    this.initializers.set(name, { shape: transposed ? [side, places] : [places, side], data });
    return name;
  }

  private integers(name: string, values: readonly bigint[]): string {
    this.initializers.set(name, { shape: [values.length], data: BigInt64Array.from(values) });
    return name;
  }

  private node(operation: string, inputs: string[], attributes: Attributes = {}, name?: string): string {
    const output = name ?? `${operation.toLowerCase()}.${++this.count}`;
    this.nodes.push({ operation, inputs, outputs: [output], attributes });
    return output;
  }
}

type Attributes = Record<string, OnnxAttribute>;

interface Window {
  kernel: number;
  stride: number;
  padding: number;
}

const windowOf = ({ kernel, stride, padding }: Window): Attributes => ({
  kernel_shape: { integers: [kernel, kernel] },
  strides: { integers: [stride, stride] },
  pads: { integers: [padding, padding, padding, padding] },
});
