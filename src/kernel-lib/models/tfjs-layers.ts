/**
 * A plan with weights as a tfjs layers model, which runs in a browser by `@tensorflow/tfjs` alone: pictures N × H × W × 3 with values
 * from 0 to 1 in, features and probabilities out. Normalising, and averaging over the mirror image, are part of it.
 */
import { poolWindow } from "./adaptive-pool.js";
import { foldedConv, foldedHead, tensor } from "./fold-weights.js";
import type { OnnxSubject } from "./onnx-graph.js";
import { outputSize, type ConvLayer, type Layer } from "./plan.js";
import type { NamedTensors, TensorData } from "./tensor-data.js";

export interface LayersModel {
  /** The `modelTopology` of model.json. */
  topology: object;
  /** By the names that the topology's layers have for them, in the order of the file. */
  weights: ReadonlyMap<string, TensorData>;
}

export function tfjsLayers(subject: OnnxSubject): LayersModel {
  const { plan, head, height, width, mirror } = subject;
  const builder = new LayersBuilder(subject.tensors);
  const pictures = builder.layer("InputLayer", "images", { batch_input_shape: [null, height, width, 3] }, []);
  const ways = mirror ? [pictures, builder.mirrored(pictures, width)] : [pictures];
  const seen = ways.map((way) => builder.base(way, subject));
  const features = seen.length > 1 ? builder.layer("Average", "features", {}, seen) : (seen[0] ?? pictures);
  const outputs = [features];
  if (head) {
    const { weight, bias } = foldedHead(head);
    outputs.push(builder.dense("probabilities", features, transposed(weight), bias, "softmax"));
  }
  return builder.model(plan.name, outputs);
}

/** What a layer gives: which of its uses it is. Layers with weights are used again for the mirror image. */
interface Node {
  layer: string;
  use: number;
}

type Config = Readonly<Record<string, unknown>>;

interface MadeLayer {
  class_name: string;
  name: string;
  config: Config;
  inbound_nodes: [string, number, number, object][][];
}

class LayersBuilder {
  private readonly layers = new Map<string, MadeLayer>();
  private readonly weights = new Map<string, TensorData>();
  private readonly tensors: NamedTensors;

  constructor(tensors: NamedTensors) {
    this.tensors = tensors;
  }

  /** A layer over what comes in; the same name again is the same layer once more. */
  layer(kind: string, name: string, config: Config, inputs: readonly Node[]): Node {
    const made = this.layers.get(name) ?? { class_name: kind, name, config: { ...config, name }, inbound_nodes: [] };
    this.layers.set(name, made);
    if (inputs.length > 0) made.inbound_nodes.push(inputs.map(({ layer, use }) => [layer, use, 0, {}]));
    return { layer: name, use: Math.max(0, made.inbound_nodes.length - 1) };
  }

  /** Columns from right to left. Layers can't turn a picture, but they can multiply it by a matrix. */
  mirrored(x: Node, width: number): Node {
    const columns = this.layer("Permute", "columns", { dims: [1, 3, 2] }, [x]);
    const turned = Float32Array.from({ length: width * width }, (_, i) =>
      i % width === width - 1 - Math.floor(i / width) ? 1 : 0,
    );
    const mirrored = this.dense("mirror", columns, { shape: [width, width], data: turned });
    return this.layer("Permute", "mirrored", { dims: [1, 3, 2] }, [mirrored]);
  }

  base(pictures: Node, { plan, height, width, mean, deviation }: OnnxSubject): Node {
    let x = this.normalised(pictures, mean, deviation);
    let size: [number, number] = [height, width];
    for (const stage of plan.stages) {
      for (const [index, layer] of stage.layers.entries()) {
        x = this.network(`${stage.name}_${index}`, layer, x);
        size = outputSize(layer, size);
      }
    }
    if (plan.places === 1) return this.layer("GlobalAveragePooling2D", "pool", {}, [x]);
    const flat = this.layer("Flatten", "flat", {}, [this.pooled(x, size, plan.places)]);
    return plan.linear.reduce((y, { name }) => {
      const [weight, bias] = ["weight", "bias"].map((part) => tensor(this.tensors, `${name}.${part}`));
      return weight && bias ? this.dense(layerName(name), y, transposed(weight), bias, "relu") : y;
    }, flat);
  }

  /** `config` as Keras has it, and the weights' names. */
  model(name: string, outputs: readonly Node[]): LayersModel {
    const config = {
      name,
      layers: [...this.layers.values()],
      input_layers: [["images", 0, 0]],
      output_layers: outputs.map(({ layer, use }) => [layer, use, 0]),
    };
    const topology = { keras_version: "2.15.0", backend: "tensorflow", model_config: { class_name: "Model", config } };
    return { topology, weights: this.weights };
  }

  dense(name: string, x: Node, kernel: TensorData, bias?: TensorData, activation = "linear"): Node {
    this.weights.set(`${name}/kernel`, kernel);
    if (bias) this.weights.set(`${name}/bias`, bias);
    const config = { units: kernel.shape[1], use_bias: bias !== undefined, activation };
    return this.layer("Dense", name, config, [x]);
  }

  /** As a convolution of one pixel: whatever pads comes after it. */
  private normalised(x: Node, mean: readonly number[], deviation: readonly number[]): Node {
    const kernel = Float32Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 1 / (deviation[i / 4] ?? 1) : 0));
    const bias = Float32Array.from(mean, (value, i) => -value / (deviation[i] ?? 1));
    this.weights.set("normalise/kernel", { shape: [1, 1, 3, 3], data: kernel });
    this.weights.set("normalise/bias", { shape: [3], data: bias });
    return this.layer("Conv2D", "normalise", convConfig(3, 1, 1, "linear"), [x]);
  }

  private network(scope: string, layer: Layer, x: Node): Node {
    if (layer.kind === "conv") return this.conv(layer, x);
    if (layer.kind === "maxPool") {
      const config = {
        pool_size: [layer.kernel, layer.kernel],
        strides: [layer.stride, layer.stride],
        padding: "valid",
      };
      return this.layer("MaxPooling2D", `${scope}_pool`, config, [this.padded(`${scope}_pad`, layer.padding, x)]);
    }
    const body = layer.body.reduce((y, conv) => this.conv(conv, y), x);
    const shortcut = layer.shortcut.reduce((y, conv) => this.conv(conv, y), x);
    const sum = this.layer("Add", `${scope}_sum`, {}, [body, shortcut]);
    return this.layer("Activation", `${scope}_relu`, { activation: "relu" }, [sum]);
  }

  private conv(conv: ConvLayer, x: Node): Node {
    const name = layerName(conv.name);
    const { weight, bias } = foldedConv(conv, this.tensors);
    this.weights.set(`${name}/kernel`, kernelOf(weight));
    this.weights.set(`${name}/bias`, bias);
    const config = convConfig(conv.outputs, conv.kernel, conv.stride, conv.relu ? "relu" : "linear");
    return this.layer("Conv2D", name, config, [this.padded(`${name}_pad`, conv.padding, x)]);
  }

  private padded(name: string, padding: number, x: Node): Node {
    if (padding === 0) return x;
    const sides = [padding, padding];
    return this.layer("ZeroPadding2D", name, { padding: [sides, sides] }, [x]);
  }

  /** The adaptive pool as a product with a matrix along each side; what comes out lies channel by channel, as torch flattens. */
  private pooled(x: Node, [height, width]: [number, number], places: number): Node {
    const columns = this.layer("Permute", "pool_columns", { dims: [1, 3, 2] }, [x]);
    const wide = this.dense("pool_width", columns, poolMatrix(width, places));
    const rows = this.layer("Permute", "pool_rows", { dims: [2, 3, 1] }, [wide]);
    const high = this.dense("pool_height", rows, poolMatrix(height, places));
    return this.layer("Permute", "pool", { dims: [1, 3, 2] }, [high]);
  }
}

/** Names of layers have no dots: they would be paths. */
const layerName = (name: string) => name.replaceAll(".", "_");

const convConfig = (filters: number, kernel: number, stride: number, activation: string): Config => ({
  filters,
  kernel_size: [kernel, kernel],
  strides: [stride, stride],
  padding: "valid",
  data_format: "channels_last",
  use_bias: true,
  activation,
});

function poolMatrix(side: number, places: number): TensorData {
  const data = new Float32Array(side * places);
  for (let place = 0; place < places; place++) {
    const { start, length } = poolWindow(side, places, place);
    for (let i = start; i < start + length; i++) data[i * places + place] = 1 / length;
  }
  return { shape: [side, places], data };
}

/** Outputs × inputs to inputs × outputs. */
function transposed({ shape, data }: TensorData): TensorData {
  const [outputs = 1, inputs = 1] = shape;
  const turned = data.map((_, i) => data[(i % outputs) * inputs + Math.floor(i / outputs)] ?? 0);
  return { shape: [inputs, outputs], data: turned };
}

/** Outputs × inputs × height × width to height × width × inputs × outputs. */
function kernelOf({ shape, data }: TensorData): TensorData {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
  const places = height * width;
  const turned = new Float32Array(data.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < places; place++) {
        turned[(place * inputs + input) * outputs + output] = data[(output * inputs + input) * places + place] ?? 0;
      }
    }
  }
  return { shape: [height, width, inputs, outputs], data: turned };
}
