/**
 * A network as data: layers in the order of computing, each with the name that its weights have in torchvision. Whoever runs the
 * plan decides how (folded for inference, with gradients, batch norm live or frozen); whoever adds an architecture adds a table.
 *
 * Activations are N × H × W × C throughout; sizes below are one side of a square.
 */

/** A convolution, with batch norm after it or a bias of its own, and what follows it. Padding is torch's: zeros on every side. */
export interface ConvLayer {
  kind: "conv";
  /** `${name}.weight`, outputs × inputs × kernel × kernel in the file. */
  name: string;
  /** The batch norm's name; undefined: the convolution has a bias. */
  norm?: string;
  kernel: number;
  stride: number;
  padding: number;
  inputs: number;
  outputs: number;
  relu: boolean;
}

/** The largest value in a window. Padding counts as minus infinity (zero is the same after a ReLU). */
export interface MaxPoolLayer {
  kind: "maxPool";
  kernel: number;
  stride: number;
  padding: number;
  /** Padded as TensorFlow does it for "same", more behind than before; `padding` is then of no account. */
  same?: boolean;
}

/** `relu(body(x) + shortcut(x))`; an empty shortcut is the identity. */
export interface ResidualLayer {
  kind: "residual";
  name: string;
  body: readonly ConvLayer[];
  shortcut: readonly ConvLayer[];
  /** An identity that takes every so many-th place; 1 by default. */
  shortcutStride?: number;
}

export type Layer = ConvLayer | MaxPoolLayer | ResidualLayer;

/** Layers that belong together: torchvision's `layer1`, say. */
export interface Stage {
  name: string;
  layers: readonly Layer[];
}

/** `relu(weight · x + bias)`; the weight is outputs × inputs. */
export interface LinearLayer {
  name: string;
  inputs: number;
  outputs: number;
}

/**
 * From a picture to one vector of `features` numbers: the stages, an average pool to `places` × `places`, then the linear layers
 * over what is left, channel by channel.
 */
export interface NetworkPlan {
  name: string;
  stages: readonly Stage[];
  /** 1: the mean over all places. */
  places: number;
  linear: readonly LinearLayer[];
  features: number;
}

/** Every convolution of a plan, in order. */
export function convLayers(plan: NetworkPlan): ConvLayer[] {
  return plan.stages.flatMap((stage) =>
    stage.layers.flatMap((layer) => {
      if (layer.kind === "residual") return [...layer.body, ...layer.shortcut];
      return layer.kind === "conv" ? [layer] : [];
    }),
  );
}

/** The tensors of a plan by torchvision's names, with torch's shapes (outputs × inputs × kernel × kernel). */
export function weightShapes(plan: NetworkPlan): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (const { name, norm, kernel, inputs, outputs } of convLayers(plan)) {
    shapes.set(`${name}.weight`, [outputs, inputs, kernel, kernel]);
    if (norm === undefined) shapes.set(`${name}.bias`, [outputs]);
    else for (const part of NORM_PARTS) shapes.set(`${norm}.${part}`, [outputs]);
  }
  for (const { name, inputs, outputs } of plan.linear) {
    shapes.set(`${name}.weight`, [outputs, inputs]);
    shapes.set(`${name}.bias`, [outputs]);
  }
  return shapes;
}

/** Of a batch norm: scale, shift, and the running statistics that inference uses. */
export const NORM_PARTS = ["weight", "bias", "running_mean", "running_var"] as const;

/** How many numbers learn: everything except running statistics. */
export function parameterCount(plan: NetworkPlan): number {
  let count = 0;
  for (const [name, shape] of weightShapes(plan)) {
    if (!name.includes(".running_")) count += shape.reduce((product, side) => product * side, 1);
  }
  return count;
}

/** Height and width after a layer. */
export function outputSize(layer: Layer, size: [number, number]): [number, number] {
  if (layer.kind === "residual") return layer.body.reduce((inner, conv) => outputSize(conv, inner), size);
  const { kernel, stride, padding } = layer;
  return size.map((side) => Math.floor((side + 2 * padding - kernel) / stride) + 1) as [number, number];
}
