/** Scores as the documents' services write them: a JSON text for each picture. */
import type { Scores } from "../models/served-model.js";
import { invalid, type ScoreParameters } from "./score-parameters.js";

/** From which probability or detection's score on a label is answered: one number for all, or by label; labels without one always are. */
export type Thresholds = number | Readonly<Record<string, number>>;

/** The same picture's score differs in its last digits with the pictures that it is computed beside. */
const SLACK = 1e-6;

/**
 * A classifier's: a list of numbers, one a label; with a threshold or top-k a list of `{ label, index, score }`, the highest first.
 * A detector's: the fields of its `score()`.
 *
 * @throws ServiceError 400 for a threshold that no detection's score can be compared with
 * @param own the service's own thresholds, for who asks for none: a classifier answers with probabilities then
 */
export function serialize(
  scores: Scores,
  labels: readonly string[],
  parameters: ScoreParameters,
  own: Thresholds | null = null,
): string {
  if (scores.kind === "script") return scores.json;
  if (scores.kind === "detection") return JSON.stringify(detections(scores, labels, parameters, own));
  const { topK, threshold } = parameters;
  const byOwn = own !== null && threshold === undefined;
  const values = parameters.addSoftmax || byOwn ? softmax(scores.logits) : scores.logits;
  if (topK === undefined && threshold === undefined && !byOwn) return `[${Array.from(values, short).join(",")}]`;
  const ranked = Array.from(values, (score, index) => ({
    label: labels[index] ?? "",
    index,
    score: Number(short(score)),
  }))
    .filter(({ score, label }) => score >= lowest(label, threshold, own))
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
  { threshold, topK = Infinity }: ScoreParameters,
  own: Thresholds | null,
): Record<string, unknown> {
  // Of a classifier's values before the softmax any number can be one.
  if (threshold !== undefined && (threshold < 0 || threshold > 1))
    throw invalid("parameters.threshold", "a number from 0 to 1", threshold);
  const enough = (row: number) => (scores[row] ?? 0) >= lowest(labels[classes[row] ?? -1] ?? "", threshold, own);
  const rows = Array.from(scores, (_, row) => row)
    .filter(enough)
    .slice(0, topK);
  return {
    detection_boxes: rows.map((row) => Array.from(boxes.subarray(row * 4, row * 4 + 4), (side) => Number(short(side)))),
    detection_scores: rows.map((row) => Number(short(scores[row] ?? 0))),
    detection_classes: rows.map((row) => (classes[row] ?? 0) + 1),
    detection_labels: rows.map((row) => labels[classes[row] ?? -1] ?? ""),
    num_detections: rows.length,
  };
}

/** The score from which on a label is answered. */
function lowest(label: string, asked: number | undefined, own: Thresholds | null): number {
  if (asked !== undefined) return asked;
  if (own === null) return -Infinity;
  const threshold = typeof own === "number" ? own : Object.hasOwn(own, label) ? own[label] : undefined;
  return threshold === undefined ? -Infinity : threshold - SLACK;
}

/** Nine digits tell all 32-bit floats apart. */
const short = (value: number): string => String(Number(value.toPrecision(9)));
