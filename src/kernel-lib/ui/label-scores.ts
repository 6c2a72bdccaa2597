/** What a model takes each picture for, as far as it has answered. */
import { VitrineError } from "../structures/errors.js";
import { matrixRow, type Matrix } from "../structures/matrix.js";
import type { LabelSuggestion } from "../protocol/index.js";

export class LabelScores {
  readonly labels: readonly string[];
  private readonly rows = new Map<number, Float32Array>();

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  get size(): number {
    return this.rows.size;
  }

  /** @throws InvalidOption for answers of another shape */
  take(ids: readonly number[], scores: Matrix): void {
    if (scores.rows !== ids.length || scores.columns !== this.labels.length) {
      const expected = `${ids.length} rows (the pictures) × ${this.labels.length} columns (the labels)`;
      const received = `${scores.rows} × ${scores.columns}`;
      throw new VitrineError("InvalidOption", { option: "scores of the model", expected, received });
    }
    ids.forEach((id, row) => this.rows.set(id, probabilities(matrixRow(scores, row))));
  }

  /** The probabilities of a picture's labels. */
  of(id: number): Float32Array | undefined {
    return this.rows.get(id);
  }

  /** The likeliest label; undefined where the model has not answered. */
  suggestion(id: number, labels: readonly string[]): LabelSuggestion | undefined {
    const scores = this.rows.get(id);
    if (!scores) return undefined;
    const best = scores.indexOf(Math.max(...scores));
    const label = this.labels[best];
    if (label === undefined) return undefined;
    return { label, score: scores[best] ?? 0, agrees: labels.includes(label) };
  }
}

/** Decision values become probabilities by the softmax; what adds up to 1 already is left as it is. */
function probabilities(scores: Float32Array): Float32Array {
  const sum = scores.reduce((total, score) => total + score, 0);
  if (Math.abs(sum - 1) < 1e-3 && scores.every((score) => score >= 0)) return scores.slice();
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}
