/**
 * A two-stage detector as data: which stages of which backbone, whether there is a feature pyramid, the anchors, the heads, and the
 * numbers of both stages. Tensors have torchvision's names.
 *
 * K labels; class 0 of the tensors is the background, class k + 1 is label k.
 */
import type { MatchThresholds } from "../../ops/matcher.js";
import type { SampleSize } from "../../ops/sampler.js";
import { convLayers, NORM_PARTS, type NetworkPlan, type Stage } from "../plan.js";
import { anchorsAPlace, type AnchorShapes } from "./anchor-generator.js";

/** Stage one: where something is. */
export interface ProposalSettings {
  /** Channels of the convolution that all of it sees through; those of the levels by default. */
  hidden?: number;
  /** What follows that convolution: a rectifier, by default, or one that ends at 6. */
  rectifier?: "relu" | "relu6";
  /** Candidates a level that enter the suppression, while it trains and after. */
  before: { train: number; test: number };
  /** Proposals a picture that leave it. */
  after: { train: number; test: number };
  nms: number;
  match: MatchThresholds;
  sample: SampleSize;
}

/** Stage two: what it is, and where exactly. */
export interface RegionSettings {
  match: MatchThresholds;
  sample: SampleSize;
  /** Detections at this score or below it are left out. */
  scoreThreshold: number;
  nms: number;
  /** Detections a picture, the best. */
  most: number;
}

/** From region features to one vector: two linear layers over all bins (FPN), or a stage of the backbone (C4). */
export type BoxHeadPlan = { kind: "mlp"; hidden: number } | { kind: "stage"; stage: Stage; outputs: number };

export interface DetectorPlan {
  name: string;
  /** The stages that see the whole picture. */
  backbone: NetworkPlan;
  /** Stages whose outputs are used, with their channels. */
  levels: readonly { stage: string; channels: number }[];
  /** Feature pyramid over them; undefined: the one level is used as it is. `extra`: half as large a level on top. */
  pyramid: { channels: number; extra: boolean } | undefined;
  anchors: AnchorShapes;
  /**
   * Regions of `canonicalSize` pixels a side are pooled from the level of stride 2^canonicalLevel. "align" (the default): RoIAlign.
   * "crop": TensorFlow's crop of `size` · `sampling` points a side, then the largest of each `sampling` × `sampling`.
   */
  pool: { kind?: "align" | "crop"; size: number; sampling: number; canonicalSize: number; canonicalLevel: number };
  /** How pictures are made ready: as torchvision does it, by default, or as TensorFlow's detection API. */
  input?: "torchvision" | "tensorflow";
  head: BoxHeadPlan;
  /** K. */
  classes: number;
  proposals: ProposalSettings;
  regions: RegionSettings;
  /** Of a channel's value / 255: minus `mean`, by `deviation`. */
  mean: readonly [number, number, number];
  deviation: readonly [number, number, number];
}

/** Channels of the levels that proposals and regions come from. */
export const levelChannels = ({ pyramid, levels }: DetectorPlan): number =>
  pyramid?.channels ?? levels[0]?.channels ?? 0;

/** Every tensor of a detector with torch's shape, in torchvision's order. */
export function detectorShapes(plan: DetectorPlan): Map<string, number[]> {
  const channels = levelChannels(plan);
  const anchors = anchorsAPlace(plan.anchors);
  const shapes = new Map(stageShapes("backbone.body.", plan.backbone.stages));
  const conv = (name: string, outputs: number, inputs: number, kernel: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs, kernel, kernel]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  if (plan.pyramid) {
    plan.levels.forEach((level, i) => conv(`backbone.fpn.inner_blocks.${i}.0`, channels, level.channels, 1));
    plan.levels.forEach((_, i) => conv(`backbone.fpn.layer_blocks.${i}.0`, channels, channels, 3));
  }
  const { hidden = channels } = plan.proposals;
  conv("rpn.head.conv.0.0", hidden, channels, 3);
  conv("rpn.head.cls_logits", anchors, hidden, 1);
  conv("rpn.head.bbox_pred", anchors * 4, hidden, 1);
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  const { head } = plan;
  if (head.kind === "mlp") {
    linear("roi_heads.box_head.fc6", head.hidden, channels * plan.pool.size ** 2);
    linear("roi_heads.box_head.fc7", head.hidden, head.hidden);
  } else {
    for (const [name, shape] of stageShapes("roi_heads.box_head.", [head.stage])) shapes.set(name, shape);
  }
  const features = head.kind === "mlp" ? head.hidden : head.outputs;
  linear("roi_heads.box_predictor.cls_score", plan.classes + 1, features);
  linear("roi_heads.box_predictor.bbox_pred", 4 * (plan.classes + 1), features);
  return shapes;
}

/** Whether a tensor belongs to what depends on the labels. */
export const isPredictor = (name: string): boolean => name.startsWith("roi_heads.box_predictor.");

function stageShapes(prefix: string, stages: readonly Stage[]): [string, number[]][] {
  const layers = convLayers({ name: "", stages, places: 1, linear: [], features: 0 });
  return layers.flatMap(({ name, norm = "", kernel, inputs, outputs }) => [
    [`${prefix}${name}.weight`, [outputs, inputs, kernel, kernel]] as [string, number[]],
    ...NORM_PARTS.map((part): [string, number[]] => [`${prefix}${norm}.${part}`, [outputs]]),
  ]);
}
