/** The detectors that there are, by their backbones. */
import { resnetPlan } from "../resnet.js";
import type { DetectorPlan, ProposalSettings, RegionSettings } from "./detector-plan.js";

export const detectorBackbones = ["embedded", "resnet50", "resnet50-c4", "resnet50-tf"] as const;

/** "embedded": small, with the backbone that comes with vitrine. "resnet50": with a feature pyramid. "resnet50-c4": the paper's. "resnet50-tf": the same as TensorFlow's detection API has it, in tensorflow-plan.ts. */
export type DetectorBackbone = (typeof detectorBackbones)[number];

const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** The paper's numbers, as torchvision has them. */
const PROPOSALS: ProposalSettings = {
  before: { train: 2000, test: 1000 },
  after: { train: 2000, test: 1000 },
  nms: 0.7,
  match: { high: 0.7, low: 0.3, lowQuality: true },
  sample: { count: 256, positiveFraction: 0.5 },
};

const REGIONS: RegionSettings = {
  match: { high: 0.5, low: 0.5, lowQuality: false },
  sample: { count: 512, positiveFraction: 0.25 },
  scoreThreshold: 0.05,
  nms: 0.5,
  most: 100,
};

const RATIOS = [0.5, 1, 2];

/** torchvision's `fasterrcnn_resnet50_fpn`. */
export function resnet50FpnPlan(classes: number): DetectorPlan {
  const backbone = resnetPlan("resnet50");
  const levels = [256, 512, 1024, 2048].map((channels, i) => ({ stage: `layer${i + 1}`, channels }));
  return {
    name: "resnet50",
    backbone,
    levels,
    pyramid: { channels: 256, extra: true },
    anchors: { sizes: [[32], [64], [128], [256], [512]], ratios: RATIOS },
    pool: { size: 7, sampling: 2, canonicalSize: 224, canonicalLevel: 4 },
    head: { kind: "mlp", hidden: 1024 },
    classes,
    proposals: PROPOSALS,
    regions: REGIONS,
    ...IMAGENET,
  };
}

/** The paper's own: one level of stride 16, and the backbone's last stage for every region. */
export function resnet50C4Plan(classes: number): DetectorPlan {
  const whole = resnetPlan("resnet50");
  const stage = whole.stages.at(-1);
  if (!stage) throw new Error("a ResNet has stages");
  return {
    name: "resnet50-c4",
    backbone: { ...whole, stages: whole.stages.slice(0, -1), features: 1024 },
    levels: [{ stage: "layer3", channels: 1024 }],
    pyramid: undefined,
    anchors: { sizes: [[32, 64, 128, 256, 512]], ratios: RATIOS },
    pool: { size: 14, sampling: 2, canonicalSize: 224, canonicalLevel: 4 },
    head: { kind: "stage", stage, outputs: 2048 },
    classes,
    proposals: { ...PROPOSALS, after: { train: 2000, test: 300 } },
    regions: REGIONS,
    ...IMAGENET,
  };
}

/**
 * A ResNet-18 of a small width with a narrow pyramid. Its backbone has seen single objects of about 100 pixels, so that a
 * region of 112 pixels belongs to the level of stride 16. The pyramid begins at stride 8: a level of stride 4 would cost as much as
 * all the rest, and is for things of less than 30 pixels, which larger pictures or tiles show better.
 */
export function smallPlan(
  classes: number,
  width: number,
  input: Pick<DetectorPlan, "mean" | "deviation">,
): DetectorPlan {
  const backbone = resnetPlan("resnet18", width);
  const levels = [2, 4, 8].map((times, i) => ({ stage: `layer${i + 2}`, channels: width * times }));
  return {
    name: "embedded",
    backbone,
    levels,
    pyramid: { channels: 64, extra: false },
    anchors: {
      sizes: [
        [32, 64],
        [96, 128],
        [192, 256],
      ],
      ratios: RATIOS,
    },
    pool: { size: 7, sampling: 2, canonicalSize: 112, canonicalLevel: 4 },
    head: { kind: "mlp", hidden: 256 },
    classes,
    proposals: { ...PROPOSALS, after: { train: 300, test: 300 } },
    regions: { ...REGIONS, sample: { count: 128, positiveFraction: 0.25 } },
    mean: input.mean,
    deviation: input.deviation,
  };
}
