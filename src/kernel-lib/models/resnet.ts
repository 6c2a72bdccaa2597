/**
 * ResNet (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016), as torchvision builds it, and with the stride where
 * Keras has it.
 */
import type { ConvLayer, Layer, NetworkPlan, ResidualLayer, Stage } from "./plan.js";

/** One row of the paper's table 1. */
interface ResNetTable {
  block: "basic" | "bottleneck";
  /** Blocks of the four stages. */
  blocks: readonly [number, number, number, number];
}

const TABLES = {
  resnet18: { block: "basic", blocks: [2, 2, 2, 2] },
  resnet34: { block: "basic", blocks: [3, 4, 6, 3] },
  resnet50: { block: "bottleneck", blocks: [3, 4, 6, 3] },
  resnet101: { block: "bottleneck", blocks: [3, 4, 23, 3] },
  resnet152: { block: "bottleneck", blocks: [3, 8, 36, 3] },
} as const satisfies Record<string, ResNetTable>;

export type ResNetName = keyof typeof TABLES;

export const resnetNames = Object.keys(TABLES) as ResNetName[];

/** How many times wider a bottleneck's output is than its middle. */
const EXPANSION = { basic: 1, bottleneck: 4 } as const;

/** Where a bottleneck has its stride: on its 3 × 3 convolution, as torchvision, or on its first 1 × 1, as the paper and Keras. */
export type BottleneckStride = "middle" | "first";

/** The plan of a ResNet. `width`: channels of the first stage's 3 × 3 convolutions, 64 in the paper; each stage doubles it. */
export function resnetPlan(name: ResNetName, width = 64, strideOn: BottleneckStride = "middle"): NetworkPlan {
  const { block, blocks } = TABLES[name];
  const expansion = EXPANSION[block];
  const stages: Stage[] = [stem(width)];
  let inputs = width;
  blocks.forEach((count, index) => {
    const middle = width * 2 ** index;
    const outputs = middle * expansion;
    const layers = Array.from({ length: count }, (_, position) => {
      const first = position === 0;
      const stride = first && index > 0 ? 2 : 1;
      const layer = `layer${index + 1}.${position}`;
      return residual(layer, block, first ? inputs : outputs, middle, outputs, stride, strideOn);
    });
    stages.push({ name: `layer${index + 1}`, layers });
    inputs = outputs;
  });
  return { name, stages, places: 1, linear: [], features: inputs };
}

function stem(width: number): Stage {
  const layers: Layer[] = [
    { ...conv("conv1", "bn1", 7, 2, 3, width), relu: true },
    { kind: "maxPool", kernel: 3, stride: 2, padding: 1 },
  ];
  return { name: "stem", layers };
}

function residual(
  name: string,
  block: ResNetTable["block"],
  inputs: number,
  middle: number,
  outputs: number,
  stride: number,
  strideOn: BottleneckStride,
): ResidualLayer {
  const part = (index: number) => [`${name}.conv${index}`, `${name}.bn${index}`] as const;
  const body =
    block === "basic"
      ? [{ ...conv(...part(1), 3, stride, inputs, middle), relu: true }, conv(...part(2), 3, 1, middle, outputs)]
      : [
          { ...conv(...part(1), 1, strideOn === "first" ? stride : 1, inputs, middle), relu: true },
          { ...conv(...part(2), 3, strideOn === "first" ? 1 : stride, middle, middle), relu: true },
          conv(...part(3), 1, 1, middle, outputs),
        ];
  const same = stride === 1 && inputs === outputs;
  const shortcut = same ? [] : [conv(`${name}.downsample.0`, `${name}.downsample.1`, 1, stride, inputs, outputs)];
  return { kind: "residual", name, body, shortcut };
}

/** Odd kernels are padded so that stride 1 keeps the size. */
function conv(name: string, norm: string, kernel: number, stride: number, inputs: number, outputs: number): ConvLayer {
  return { kind: "conv", name, norm, kernel, stride, padding: (kernel - 1) / 2, inputs, outputs, relu: false };
}
