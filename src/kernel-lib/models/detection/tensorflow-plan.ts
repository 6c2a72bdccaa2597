/**
 * Faster R-CNN with ResNet-50 as TensorFlow's Object Detection API builds it (`faster_rcnn_resnet50_coco`), over slim's `resnet_v1_50`.
 * Beside torchvision's: a block's stride is on the 3 × 3 convolution of its last unit, the third block has none and the fourth neither;
 * the first pool is padded behind; regions are crops; anchors are of its own; pictures are values minus a mean.
 */
import type { Layer, Stage } from "../plan.js";
import { resnetPlan } from "../resnet.js";
import type { DetectorPlan } from "./detector-plan.js";

/** What is subtracted from red, green and blue of 0 to 255. */
const MEAN = [123.68, 116.779, 103.939] as const;

/** Which blocks, counted from 1, halve their pictures: an output of stride 16, of which the stem makes 4. */
const HALVING = [1, 2];

/** @param width channels of the first block's 3 × 3 convolutions; @param hidden of the shared convolution */
export function resnet50TensorflowPlan(classes: number, width = 64, hidden = 512): DetectorPlan {
  const whole = resnetPlan("resnet50", width);
  const stages = whole.stages.map(slimStage);
  const stage = stages.at(-1);
  if (!stage) throw new Error("a ResNet has stages");
  const channels = 16 * width;
  return {
    name: "resnet50-tf",
    backbone: { ...whole, stages: stages.slice(0, -1), features: channels },
    levels: [{ stage: "layer3", channels }],
    pyramid: undefined,
    // Height by width, where TensorFlow says width by height.
    anchors: { sizes: [[64, 128, 256, 512]], ratios: [2, 1, 0.5], tensorflow: { stride: 16 } },
    pool: { kind: "crop", size: 7, sampling: 2, canonicalSize: 224, canonicalLevel: 4 },
    input: "tensorflow",
    head: { kind: "stage", stage, outputs: 32 * width },
    classes,
    proposals: {
      hidden,
      rectifier: "relu6",
      // There all candidates enter the suppression.
      before: { train: 1e6, test: 1e6 },
      after: { train: 300, test: 300 },
      nms: 0.7,
      match: { high: 0.7, low: 0.3, lowQuality: true },
      sample: { count: 256, positiveFraction: 0.5 },
    },
    regions: {
      match: { high: 0.5, low: 0.5, lowQuality: false },
      sample: { count: 64, positiveFraction: 0.25 },
      scoreThreshold: 0,
      nms: 0.6,
      most: 300,
    },
    mean: [MEAN[0] / 255, MEAN[1] / 255, MEAN[2] / 255],
    deviation: [1 / 255, 1 / 255, 1 / 255],
  };
}

function slimStage({ name, layers }: Stage, block: number): Stage {
  return {
    name,
    layers: layers.map((layer, unit): Layer => {
      if (layer.kind === "maxPool") return { ...layer, same: true };
      if (layer.kind === "conv") return layer;
      const stride = HALVING.includes(block) && unit === layers.length - 1 ? 2 : 1;
      const body = layer.body.map((conv, place) => ({ ...conv, stride: place === 1 ? stride : 1 }));
      const shortcut = layer.shortcut.map((conv) => ({ ...conv, stride: 1 }));
      return { ...layer, body, shortcut, shortcutStride: stride };
    }),
  };
}
