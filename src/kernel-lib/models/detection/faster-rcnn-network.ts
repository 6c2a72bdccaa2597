/**
 * Faster R-CNN on the running backend: backbone, pyramid, proposals, heads. Ren et al., "Faster R-CNN: Towards Real-Time Object
 * Detection with Region Proposal Networks" (NIPS 2015); built as torchvision builds it.
 *
 * Shapes: N pictures; x N × H × W × 3; boxes M × 4 in pixels of x.
 */
import * as tf from "@tensorflow/tfjs-core";

import type { Detections } from "../../structures/detections.js";
import type { SeededRandom } from "../../structures/random.js";
import type { NamedTensors, TensorData } from "../tensor-data.js";
import { clipBoxes } from "../../ops/box-overlap.js";
import { anchorsOf, anchorsWithin, type GridSize } from "./anchor-generator.js";
import type { DetectorPlan } from "./detector-plan.js";
import { featurePyramid } from "./feature-pyramid.js";
import { FrozenNormStages } from "./frozen-norm-stages.js";
import { Parameters } from "./parameters.js";
import type { PictureBatch } from "./picture-batch.js";
import { poolRegions, type Regions } from "./region-pooler.js";
import { filterProposals, rpnHead, rpnLosses, type RpnOutput } from "./region-proposal-network.js";
import {
  boxPredictor,
  fastRcnnLosses,
  linear,
  postProcess,
  sampleRegions,
  type PredictorOutput,
  type Truth,
} from "./roi-heads.js";

/** Outputs of stages by their names. */
export type StageOutputs = ReadonlyMap<string, tf.Tensor4D>;

/** The four numbers that a step minimises the sum of. */
export interface DetectionLosses {
  objectness: tf.Scalar;
  proposalBox: tf.Scalar;
  classes: tf.Scalar;
  box: tf.Scalar;
  /** The part of the sampled regions that are taken for something else, 0 to 1. */
  wrong: number;
}

/** The sum of the four. */
export const totalLoss = ({ objectness, proposalBox, classes, box }: DetectionLosses): tf.Scalar =>
  tf.addN([objectness, proposalBox, classes, box]);

export interface NetworkOptions {
  /** So many of the backbone's stages, counted from the picture, never learn. */
  frozenStages?: number;
  /** Called before every convolution; may throw to abandon the computation. */
  checkpoint?: () => void;
}

interface Seen {
  levels: tf.Tensor4D[];
  rpn: RpnOutput;
  anchors: Float32Array;
  /** Places of the anchors that are learnt from; undefined: all. */
  within: Int32Array | undefined;
  strides: number[];
  /** Height and width of the padded picture. */
  size: readonly [number, number];
  /** Of the levels that regions are pooled from: the extra one is for proposals alone. */
  pooled: number;
}

export class FasterRcnnNetwork {
  readonly plan: DetectorPlan;
  readonly parameters: Parameters;
  private readonly stages: FrozenNormStages;
  private readonly headStage: FrozenNormStages;
  private readonly frozenStages: number;
  private readonly checkpoint: (() => void) | undefined;
  private anchors: { key: string; boxes: Float32Array; within: Int32Array | undefined } | undefined;

  /** @param tensors exactly what `detectorShapes(plan)` asks, in torch's shapes; copied */
  constructor(plan: DetectorPlan, tensors: NamedTensors, { frozenStages = 0, checkpoint }: NetworkOptions = {}) {
    this.plan = plan;
    this.frozenStages = frozenStages;
    this.checkpoint = checkpoint;
    this.parameters = new Parameters(tensors, plan.pool.size);
    this.stages = new FrozenNormStages(this.parameters, "backbone.body.");
    this.headStage = new FrozenNormStages(this.parameters, "roi_heads.box_head.");
  }

  /** Names of what learns: kernels and biases, of the backbone's stages those that are not frozen; batch norm stays. */
  get learning(): string[] {
    const frozen = this.plan.backbone.stages.slice(0, this.frozenStages).map(({ name }) => name);
    const stem = frozen.includes("stem") ? ["conv1"] : [];
    const prefixes = [...frozen, ...stem].map((name) => `backbone.body.${name}.`);
    const isNorm = (name: string) => /\.(bn\d|downsample\.1)\.|\.running_/.test(name);
    return this.parameters.names.filter((name) => !isNorm(name) && !prefixes.some((prefix) => name.startsWith(prefix)));
  }

  /** What the frozen stages see of a batch: it changes with the pictures only. The caller disposes it. */
  frozenOutputs(x: tf.Tensor4D): Map<string, tf.Tensor4D> {
    const outputs = new Map<string, tf.Tensor4D>();
    const frozen = this.plan.backbone.stages.slice(0, this.frozenStages);
    const used = new Set([frozen.at(-1)?.name, ...this.plan.levels.map(({ stage }) => stage)]);
    tf.tidy(() => {
      const onStage = (name: string, y: tf.Tensor4D) => {
        if (used.has(name)) outputs.set(name, tf.keep(y.clone()));
      };
      this.stages.run(x, frozen, { learn: false, checkpoint: this.checkpoint, onStage });
    });
    return outputs;
  }

  /** What is in the pictures; boxes in pixels of `x`. */
  detect({ x, sizes }: PictureBatch): Detections[] {
    const frozen = this.frozenOutputs(x);
    const { before, after } = this.plan.proposals;
    let detections: Detections[] = [];
    try {
      tf.tidy(() => {
        const seen = this.see(x, frozen, false);
        const proposals = this.proposals(seen, sizes, before.test, after.test);
        detections = this.classify(seen, proposals, sizes);
      });
    } finally {
      tf.dispose([...frozen.values()]);
    }
    return detections;
  }

  /**
   * What a step minimises, for the inside of `tf.variableGrads`.
   *
   * @param frozen what `frozenOutputs` gave for `x`
   */
  losses(
    { x, sizes }: PictureBatch,
    frozen: StageOutputs,
    truths: readonly Truth[],
    random: SeededRandom,
    learn = true,
  ): DetectionLosses {
    const { proposals, regions } = this.plan;
    const seen = this.see(x, frozen, learn);
    const boxes = truths.map((truth) => truth.boxes);
    const first = rpnLosses(seen.rpn, seen.anchors, boxes, proposals, random, seen.within);
    const found = this.proposals(seen, sizes, proposals.before.train, proposals.after.train);
    const sampled = sampleRegions(found, truths, regions, random);
    const { output, order } = this.heads(seen, sampled, learn);
    const targets = new Float32Array(sampled.targets.length);
    order.forEach((region, row) => targets.set(sampled.targets.subarray(region * 4, region * 4 + 4), row * 4));
    const classes = order.map((region) => sampled.classes[region] ?? 0);
    const second = fastRcnnLosses(output, { classes, targets });
    const wrong = wrongShare(output.logits, classes);
    return { objectness: first.objectness, proposalBox: first.box, classes: second.classes, box: second.box, wrong };
  }

  /** The kernels have changed: what was made of them in advance is made again. */
  changed(): void {
    this.stages.forgetKernels();
    this.headStage.forgetKernels();
  }

  /** A copy of the weights, in torch's shapes. */
  export(): Map<string, TensorData> {
    return this.parameters.export();
  }

  /** Tensors that this network keeps, for those who count leaks. */
  get residentTensors(): number {
    return this.parameters.names.length + this.stages.residentTensors + this.headStage.residentTensors;
  }

  dispose(): void {
    this.stages.dispose();
    this.headStage.dispose();
    this.parameters.dispose();
  }

  private see(x: tf.Tensor4D, frozen: StageOutputs, learn: boolean): Seen {
    const { backbone, levels: used, pyramid } = this.plan;
    const outputs = new Map(frozen);
    const start = backbone.stages[this.frozenStages - 1];
    const rest = backbone.stages.slice(this.frozenStages);
    const onStage = (name: string, y: tf.Tensor4D) => void outputs.set(name, y);
    const input = start ? (outputs.get(start.name) ?? x) : x;
    this.stages.run(input, rest, { learn, checkpoint: this.checkpoint, onStage });
    const own = used.flatMap(({ stage }) => outputs.get(stage) ?? []);
    this.checkpoint?.();
    const levels = pyramid ? featurePyramid(own, this.parameters, pyramid.extra) : own;
    this.checkpoint?.();
    const grids = levels.map(({ shape: [, height, width] }): GridSize => [height, width]);
    const [, height, width] = x.shape;
    const { boxes: anchors, within } = this.anchorsFor(grids, [height, width]);
    // Strides are powers of two; of a level with an odd side the quotient is not.
    const strides = own.map(({ shape }) => 2 ** Math.round(Math.log2(height / shape[1])));
    const rpn = rpnHead(levels, this.parameters, this.plan.proposals.rectifier);
    return { levels, rpn, anchors, within, strides, size: [height, width], pooled: own.length };
  }

  private anchorsFor(grids: readonly GridSize[], [height, width]: readonly [number, number]) {
    const key = `${height}/${width}`;
    if (this.anchors?.key === key) return this.anchors;
    const { anchors: shapes } = this.plan;
    const boxes = anchorsOf(shapes, grids, [height, width]);
    const within = shapes.tensorflow ? anchorsWithin(boxes, [height, width]) : undefined;
    if (shapes.tensorflow) clipBoxes(boxes, width, height);
    return (this.anchors = { key, boxes, within });
  }

  private proposals(
    { rpn, anchors }: Seen,
    sizes: PictureBatch["sizes"],
    before: number,
    after: number,
  ): Float32Array[] {
    const total = anchors.length / 4;
    const objectness = rpn.objectness.dataSync<"float32">();
    const codes = rpn.codes.dataSync<"float32">();
    return sizes.map((size, i) => {
      const own = { objectness: objectness.subarray(i * total, (i + 1) * total) };
      const moves = codes.subarray(i * total * 4, (i + 1) * total * 4);
      const input = { ...own, codes: moves, anchors, counts: rpn.counts, size };
      return filterProposals(input, this.plan.proposals, before, after);
    });
  }

  private heads({ levels, strides, pooled: count, size }: Seen, regions: Regions, learn: boolean) {
    const { pool, head } = this.plan;
    this.checkpoint?.();
    const { pooled, order } = poolRegions(levels.slice(0, count), regions, strides, pool, size);
    this.checkpoint?.();
    let features: tf.Tensor2D;
    if (head.kind === "mlp") {
      const flat = tf.reshape<tf.Rank.R2>(pooled, [pooled.shape[0], -1]);
      const hidden = tf.relu(linear(flat, this.parameters, "roi_heads.box_head.fc6"));
      features = tf.relu(linear(hidden, this.parameters, "roi_heads.box_head.fc7"));
    } else {
      const y = this.headStage.run(pooled, [head.stage], { learn, checkpoint: this.checkpoint });
      features = tf.mean(y, [1, 2]);
    }
    return { output: boxPredictor(features, this.parameters), order };
  }

  private classify(seen: Seen, proposals: readonly Float32Array[], sizes: PictureBatch["sizes"]): Detections[] {
    const counts = proposals.map((boxes) => boxes.length / 4);
    const regions = joinedRegions(proposals);
    const classes = this.plan.classes + 1;
    const none = () => ({ logits: new Float32Array(), codes: new Float32Array() });
    const scores = regions.pictures.length === 0 ? none() : this.inOrder(this.heads(seen, regions, false), classes);
    let start = 0;
    return proposals.map((boxes, i) => {
      const end = start + (counts[i] ?? 0);
      const logits = scores.logits.subarray(start * classes, end * classes);
      const codes = scores.codes.subarray(start * classes * 4, end * classes * 4);
      start = end;
      const size = sizes[i] ?? [0, 0];
      return postProcess({ proposals: boxes, logits, codes, classes, size }, this.plan.regions);
    });
  }

  /** Rows in the order of the regions. */
  private inOrder({ output, order }: { output: PredictorOutput; order: Int32Array }, classes: number) {
    const rows = (values: Float32Array, width: number) => {
      const sorted = new Float32Array(values.length);
      order.forEach((region, row) => sorted.set(values.subarray(row * width, (row + 1) * width), region * width));
      return sorted;
    };
    return {
      logits: rows(output.logits.dataSync<"float32">(), classes),
      codes: rows(output.codes.dataSync<"float32">(), classes * 4),
    };
  }
}

function wrongShare(logits: tf.Tensor2D, classes: Int32Array): number {
  const taken = tf.tidy(() => tf.argMax(logits, 1).dataSync<"int32">());
  return classes.filter((label, row) => taken[row] !== label).length / Math.max(1, classes.length);
}

function joinedRegions(proposals: readonly Float32Array[]): Regions {
  const boxes = new Float32Array(proposals.reduce((sum, list) => sum + list.length, 0));
  const pictures = new Int32Array(boxes.length / 4);
  let offset = 0;
  proposals.forEach((list, picture) => {
    boxes.set(list, offset);
    pictures.fill(picture, offset / 4, (offset + list.length) / 4);
    offset += list.length;
  });
  return { boxes, pictures };
}
