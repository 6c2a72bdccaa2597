/** An evaluation for tests that need one: scores by a formula, right more often than not. */
import { ClassificationEvaluation } from "../../src/kernel-lib/metrics/classification-evaluation.js";

const LABELS = ["bowl", "cup", "cutlery", "plate"];

/** Scores of `rows` pictures: a fixed pseudo-random number for each label, and more for the true one. */
export function sampleEvaluation(rows = 60): ClassificationEvaluation {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const truth = Array.from({ length: rows }, (_, row) => row % LABELS.length);
  const scores = truth.flatMap((own) => LABELS.map((_, column) => random() + (column === own ? 0.4 : 0)));
  return ClassificationEvaluation.fromScores({
    labels: LABELS,
    truth,
    scores: { rows, columns: LABELS.length, data: Float32Array.from(scores) },
  });
}
