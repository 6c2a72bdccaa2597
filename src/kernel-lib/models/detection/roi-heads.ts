/**
 * The second stage: what each proposal is, and where exactly. Girshick, "Fast R-CNN" (ICCV 2015).
 *
 * Shapes: R regions; K labels, K + 1 classes with the background first; logits R × (K + 1); codes R × 4 (K + 1).
 */
import * as tf from "@tensorflow/tfjs-core";

import { decodeBox, encodeBoxes, type CoderWeights } from "../../ops/box-coder.js";
import { clipBoxes, pickBoxes } from "../../ops/box-overlap.js";
import { matchBoxes } from "../../ops/matcher.js";
import { batchedNms } from "../../ops/nms.js";
import { sampleBalanced } from "../../ops/sampler.js";
import type { Detections } from "../../structures/detections.js";
import type { SeededRandom } from "../../structures/random.js";
import type { RegionSettings } from "./detector-plan.js";
import { classCrossEntropy, smoothL1Sum } from "./losses.js";
import type { Parameters } from "./parameters.js";

const CODER: CoderWeights = [10, 10, 5, 5];

/** Pixels; a thinner detection is none. */
const THINNEST = 1e-2;

/** The objects of one picture. */
export interface Truth {
  /** M × 4, in pixels. */
  boxes: Float32Array;
  /** M: places of labels, from 0. */
  classes: Int32Array;
}

export interface SampledRegions {
  /** R × 4. */
  boxes: Float32Array;
  /** R: in which picture. */
  pictures: Int32Array;
  /** R: 0 for background, label + 1 for objects. */
  classes: Int32Array;
  /** R × 4; meant for objects only. */
  targets: Float32Array;
}

export interface PredictorOutput {
  logits: tf.Tensor2D;
  codes: tf.Tensor2D;
}

/** The regions that a step learns from; the truth is among the proposals, so that there are objects from the start. */
export function sampleRegions(
  proposals: readonly Float32Array[],
  truths: readonly Truth[],
  settings: Pick<RegionSettings, "match" | "sample">,
  random: SeededRandom,
): SampledRegions {
  const parts = truths.map((truth, picture) => {
    const candidates = Float32Array.from([...(proposals[picture] ?? []), ...truth.boxes]);
    return pictureRegions(candidates, truth, picture, settings, random);
  });
  const all = <K extends keyof SampledRegions>(field: K) => parts.map((part) => part[field]);
  return {
    boxes: joined(Float32Array, all("boxes")),
    pictures: joined(Int32Array, all("pictures")),
    classes: joined(Int32Array, all("classes")),
    targets: joined(Float32Array, all("targets")),
  };
}

function pictureRegions(
  candidates: Float32Array,
  { boxes, classes }: Truth,
  picture: number,
  settings: Pick<RegionSettings, "match" | "sample">,
  random: SeededRandom,
): SampledRegions {
  const matches = matchBoxes(boxes, candidates, settings.match);
  const { positive, negative } = sampleBalanced(matches, settings.sample, random);
  const places = Int32Array.from([...positive, ...negative]).sort();
  const own = pickBoxes(candidates, places);
  const objects = places.map((place) => matches[place] ?? 0);
  const labels = objects.map((object) => (object < 0 ? 0 : (classes[object] ?? 0) + 1));
  const pictures = new Int32Array(places.length).fill(picture);
  return { boxes: own, pictures, classes: labels, targets: codesOf(boxes, objects, own) };
}

/** Background has the first object's code, which nobody looks at. */
function codesOf(boxes: Float32Array, objects: Int32Array, regions: Float32Array): Float32Array {
  if (boxes.length === 0) return new Float32Array(regions.length);
  const nearest = objects.map((object) => Math.max(object, 0));
  return encodeBoxes(pickBoxes(boxes, nearest), regions, CODER);
}

/** Two linear layers from a region's features R × F. */
export function boxPredictor(features: tf.Tensor2D, parameters: Parameters): PredictorOutput {
  return {
    logits: linear(features, parameters, "roi_heads.box_predictor.cls_score"),
    codes: linear(features, parameters, "roi_heads.box_predictor.bbox_pred"),
  };
}

/** R × inputs to R × outputs. */
export function linear(x: tf.Tensor2D, parameters: Parameters, name: string): tf.Tensor2D {
  const weight = parameters.get<tf.Rank.R2>(`${name}.weight`);
  return tf.add(tf.matMul(x, weight), parameters.get<tf.Rank.R1>(`${name}.bias`));
}

/** @param classes R, and targets R × 4, in the order of the rows */
export function fastRcnnLosses(
  { logits, codes }: PredictorOutput,
  { classes, targets }: Pick<SampledRegions, "classes" | "targets">,
): { classes: tf.Scalar; box: tf.Scalar } {
  const depth = logits.shape[1];
  const objects = Int32Array.from(classes.keys()).filter((row) => (classes[row] ?? 0) > 0);
  const classLoss = classCrossEntropy(logits, classes);
  if (objects.length === 0) return { classes: classLoss, box: tf.scalar(0) };
  const rows = objects.map((row) => row * depth + (classes[row] ?? 0));
  const predicted = tf.gather(tf.reshape(codes, [-1, 4]), tf.tensor1d(rows, "int32"));
  const wanted = tf.tensor2d(pickBoxes(targets, objects), [objects.length, 4]);
  return { classes: classLoss, box: tf.div(smoothL1Sum(predicted, wanted), classes.length) };
}

/** What the second stage says about one picture's proposals. */
export interface RegionScores {
  /** P × 4. */
  proposals: Float32Array;
  /** P × (K + 1), before the softmax. */
  logits: Float32Array;
  /** P × 4 (K + 1). */
  codes: Float32Array;
  /** K + 1. */
  classes: number;
  /** Height and width of the picture. */
  size: readonly [number, number];
}

/** Each class for itself: boxes decoded, clipped, suppressed; then the best `most` of all classes. */
export function postProcess(
  { proposals, logits, codes, classes, size: [height, width] }: RegionScores,
  { scoreThreshold, nms, most }: Pick<RegionSettings, "scoreThreshold" | "nms" | "most">,
): Detections {
  const boxes: number[] = [];
  const scores: number[] = [];
  const labels: number[] = [];
  const box = new Float32Array(4);
  for (let region = 0; region * 4 < proposals.length; region++) {
    const shares = softmax(logits.subarray(region * classes, (region + 1) * classes));
    for (let label = 1; label < classes; label++) {
      const score = shares[label] ?? 0;
      if (!(score > scoreThreshold)) continue;
      decodeBox(codes, (region * classes + label) * 4, proposals, region * 4, CODER, box, 0);
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = clipBoxes(box, width, height);
      if (x2 - x1 < THINNEST || y2 - y1 < THINNEST) continue;
      boxes.push(x1, y1, x2, y2);
      scores.push(score);
      labels.push(label - 1);
    }
  }
  const all = Float32Array.from(boxes);
  const best = batchedNms(all, Float32Array.from(scores), labels, nms).subarray(0, most);
  return {
    boxes: pickBoxes(all, best),
    scores: Float32Array.from(best, (place) => scores[place] ?? 0),
    classes: Int32Array.from(best, (place) => labels[place] ?? 0),
  };
}

function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}

type Numbers = Float32Array | Int32Array;

function joined<T extends Numbers>(kind: new (length: number) => T, parts: readonly T[]): T {
  const all = new kind(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
