/** Scores as the documents' services write them: a JSON text for each picture. */
import type { Scores } from "../models/served-model.js";
import type { ScoreParameters } from "./score-parameters.js";

/**
 * A classifier's: a list of numbers, one a label; with a threshold or top-k a list of `{ label, index, score }`, the highest first.
 * A detector's: the fields of its `score()`.
 */
export function serialize(scores: Scores, labels: readonly string[], parameters: ScoreParameters): string {
  if (scores.kind === "detection") return JSON.stringify(detections(scores, labels, parameters));
  const values = parameters.addSoftmax ? softmax(scores.logits) : scores.logits;
  const { topK, threshold } = parameters;
  if (topK === undefined && threshold === undefined) return `[${Array.from(values, short).join(",")}]`;
  const ranked = Array.from(values, (score, index) => ({
    label: labels[index] ?? "",
    index,
    score: Number(short(score)),
  }))
    .filter(({ score }) => score >= (threshold ?? -Infinity))
    .sort((a, b) => b.score - a.score);
  return JSON.stringify(ranked.slice(0, topK));
}

/** Adds up to 1. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = logits.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** TensorFlow's names and order of corners; classes from 1, as its label maps have them. */
function detections(
  { boxes, scores, classes }: Extract<Scores, { kind: "detection" }>,
  labels: readonly string[],
  { threshold = -Infinity, topK = Infinity }: ScoreParameters,
): Record<string, unknown> {
  const count = Math.min(scores.findIndex((score) => score < threshold) >>> 0, scores.length, topK);
  const rows = Array.from({ length: count }, (_, row) => row);
  return {
    detection_boxes: rows.map((row) => Array.from(boxes.subarray(row * 4, row * 4 + 4), (side) => Number(short(side)))),
    detection_scores: rows.map((row) => Number(short(scores[row] ?? 0))),
    detection_classes: rows.map((row) => (classes[row] ?? 0) + 1),
    detection_labels: rows.map((row) => labels[classes[row] ?? -1] ?? ""),
    num_detections: count,
  };
}

/** Nine digits tell all 32-bit floats apart. */
const short = (value: number): string => String(Number(value.toPrecision(9)));
