/**
 * The region proposal network: where something is, whatever it may be. Ren et al., "Faster R-CNN" (NIPS 2015), section 3.1.
 *
 * Shapes: N pictures; L levels N × H × W × C; A anchors a place; T = Σ H·W·A anchors a picture; objectness N × T, codes N × T × 4;
 * proposals of a picture P × 4, by descending objectness.
 */
import * as tf from "@tensorflow/tfjs-core";

import { decodeBoxes, encodeBoxes, type CoderWeights } from "../../ops/box-coder.js";
import { clipBoxes, pickBoxes } from "../../ops/box-overlap.js";
import { IGNORED, matchBoxes } from "../../ops/matcher.js";
import { batchedNms } from "../../ops/nms.js";
import { largest } from "../../ops/rank.js";
import { sampleBalanced } from "../../ops/sampler.js";
import type { SeededRandom } from "../../structures/random.js";
import { relu } from "../rectifier.js";
import type { ProposalSettings } from "./detector-plan.js";
import { biasedConv } from "./feature-pyramid.js";
import { binaryCrossEntropy, smoothL1Sum } from "./losses.js";
import type { Parameters } from "./parameters.js";

const CODER: CoderWeights = [1, 1, 1, 1];

/** Pixels; a thinner proposal is none. */
const THINNEST = 1e-3;

export interface RpnOutput {
  /** N × T, before the sigmoid. */
  objectness: tf.Tensor2D;
  /** N × T × 4. */
  codes: tf.Tensor3D;
  /** H·W·A of each level. */
  counts: number[];
}

/** A 3 × 3 convolution shared by both outputs and by all levels. */
export function rpnHead(
  levels: readonly tf.Tensor4D[],
  parameters: Parameters,
  rectifier: "relu" | "relu6" = "relu",
): RpnOutput {
  const outputs = levels.map((level) => {
    const shared = biasedConv(level, parameters, "rpn.head.conv.0.0", 1);
    const hidden = rectifier === "relu" ? relu(shared) : tf.relu6(shared);
    if (rectifier === "relu") shared.dispose();
    const logits = biasedConv(hidden, parameters, "rpn.head.cls_logits", 0);
    const codes = biasedConv(hidden, parameters, "rpn.head.bbox_pred", 0);
    return {
      logits: tf.reshape<tf.Rank.R2>(logits, [logits.shape[0], -1]),
      codes: tf.reshape<tf.Rank.R3>(codes, [codes.shape[0], -1, 4]),
    };
  });
  const join = <T extends tf.Tensor>(parts: T[]) => tf.concat(parts, 1);
  return {
    objectness: join(outputs.map(({ logits }) => logits)),
    codes: join(outputs.map(({ codes }) => codes)),
    counts: outputs.map(({ logits }) => logits.shape[1]),
  };
}

/** Of one picture. */
export interface ProposalInput {
  /** T. */
  objectness: Float32Array;
  /** T × 4. */
  codes: Float32Array;
  /** T × 4. */
  anchors: Float32Array;
  counts: readonly number[];
  /** Height and width of the picture without its padding. */
  size: readonly [number, number];
}

/** The best candidates of each level, decoded, clipped and suppressed: P × 4, P at most `after`. */
export function filterProposals(
  { objectness, codes, anchors, counts, size: [height, width] }: ProposalInput,
  { nms }: Pick<ProposalSettings, "nms">,
  before: number,
  after: number,
): Float32Array {
  const places: number[] = [];
  const levels: number[] = [];
  let offset = 0;
  counts.forEach((count, level) => {
    for (const place of largest(objectness.subarray(offset, offset + count), before)) {
      places.push(offset + place);
      levels.push(level);
    }
    offset += count;
  });
  const boxes = decodeBoxes(pickBoxes(codes, places), pickBoxes(anchors, places), CODER);
  clipBoxes(boxes, width, height);
  const wide = places.map((_, i) => i).filter((i) => isThick(boxes, i));
  const scores = Float32Array.from(wide, (i) => objectness[places[i] ?? 0] ?? 0);
  const kept = pickBoxes(boxes, wide);
  const stay = batchedNms(
    kept,
    scores,
    wide.map((i) => levels[i] ?? 0),
    nms,
  );
  return pickBoxes(kept, stay.subarray(0, after));
}

export interface RpnLosses {
  objectness: tf.Scalar;
  box: tf.Scalar;
}

/**
 * @param truth one list of boxes a picture, M × 4
 * @param among places of the anchors that are learnt from; all by default
 */
export function rpnLosses(
  { objectness, codes }: Pick<RpnOutput, "objectness" | "codes">,
  anchors: Float32Array,
  truth: readonly Float32Array[],
  settings: Pick<ProposalSettings, "match" | "sample">,
  random: SeededRandom,
  among?: Int32Array,
): RpnLosses {
  const total = anchors.length / 4;
  const positive: number[] = [];
  const negative: number[] = [];
  const targets: Float32Array[] = [];
  truth.forEach((boxes, picture) => {
    const matches = among
      ? matchesAmong(boxes, anchors, settings.match, among)
      : matchBoxes(boxes, anchors, settings.match);
    const sample = sampleBalanced(matches, settings.sample, random);
    for (const place of sample.positive) positive.push(picture * total + place);
    for (const place of sample.negative) negative.push(picture * total + place);
    const matched = pickBoxes(
      boxes,
      Int32Array.from(sample.positive, (place) => matches[place] ?? 0),
    );
    targets.push(encodeBoxes(matched, pickBoxes(anchors, sample.positive), CODER));
  });
  const sampled = positive.length + negative.length;
  const logits = tf.gather(tf.reshape(objectness, [-1]), tf.tensor1d([...positive, ...negative], "int32"));
  const labels = tf.tensor1d([...positive.map(() => 1), ...negative.map(() => 0)], "float32");
  return {
    objectness: binaryCrossEntropy(logits as tf.Tensor1D, labels),
    box: positive.length === 0 ? tf.scalar(0) : tf.div(boxLoss(codes, positive, targets), sampled),
  };
}

function matchesAmong(
  boxes: Float32Array,
  anchors: Float32Array,
  thresholds: ProposalSettings["match"],
  among: Int32Array,
): Int32Array {
  const matches = new Int32Array(anchors.length / 4).fill(IGNORED);
  const own = matchBoxes(boxes, pickBoxes(anchors, among), thresholds);
  among.forEach((place, i) => (matches[place] = own[i] ?? IGNORED));
  return matches;
}

function boxLoss(codes: tf.Tensor3D, positive: readonly number[], targets: readonly Float32Array[]): tf.Scalar {
  const predicted = tf.gather(tf.reshape(codes, [-1, 4]), tf.tensor1d([...positive], "int32"));
  const wanted = tf.tensor2d(
    targets.flatMap((list) => [...list]),
    [positive.length, 4],
  );
  return smoothL1Sum(predicted, wanted);
}

function isThick(boxes: Float32Array, index: number): boolean {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(index * 4, index * 4 + 4);
  return x2 - x1 >= THINNEST && y2 - y1 >= THINNEST;
}
