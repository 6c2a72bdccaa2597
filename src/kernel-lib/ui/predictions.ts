/** What a model said about a data set, checked once: every picture has a prediction, every prediction a score. */
import { quote, VitrineError } from "../structures/errors.js";
import { matrixRow, type Matrix } from "../structures/matrix.js";

export interface PredictionOptions {
  /** One row a picture, in the data set's order, one column a label. Probabilities, or a classifier's decision values. */
  scores: Matrix;
  /** One a picture; by default the label of the highest score. */
  predictedLabels?: readonly string[];
  /** What the columns of `scores` are; by default the data set's labels. */
  labels?: readonly string[];
}

export class Predictions {
  readonly labels: readonly string[];
  /** What score bars span: 0 to 1 for probabilities, else from the lowest score (or 0) to the highest. */
  readonly range: readonly [number, number];
  /** Whether every row is probabilities: 0 to 1, and 1 in sum. */
  readonly probable: boolean;
  readonly matrix: Matrix;
  private readonly other: Matrix | undefined;
  private readonly columns: readonly number[];

  /**
   * @param other another model's scores of the same pictures and labels
   * @throws InvalidOption where the parts don't belong together
   */
  constructor(pictures: number, datasetLabels: readonly string[], options: PredictionOptions, other?: Matrix) {
    const { scores, predictedLabels } = options;
    this.labels = options.labels ?? datasetLabels;
    this.matrix = scores;
    this.range = checkedRange(scores, pictures, this.labels);
    this.probable = this.range[0] === 0 && this.range[1] === 1 && addUpToOne(scores);
    this.other = other;
    if (this.other) checkedRange(this.other, pictures, this.labels);
    this.columns = predictedLabels
      ? checkedColumns(predictedLabels, pictures, this.labels)
      : Array.from({ length: pictures }, (_, id) => highest(matrixRow(scores, id)));
  }

  label(id: number): string {
    return this.labels[this.columns[id] ?? 0] ?? "";
  }

  /** The score of the predicted label. */
  confidence(id: number): number {
    return this.scores(id)[this.columns[id] ?? 0] ?? 0;
  }

  /** The highest score among the true labels; -Infinity where the model knows none of them. */
  truthScore(id: number, truth: readonly string[]): number {
    const scores = this.scores(id);
    return Math.max(...truth.map((label) => scores[this.labels.indexOf(label)] ?? -Infinity), -Infinity);
  }

  /** How far the second-best label is behind the best; the best where there is no second. */
  margin(id: number): number {
    const [best = 0, second = 0] = [...this.scores(id)].sort((a, b) => b - a);
    return best - second;
  }

  /** Cross-entropy of the likeliest of the true labels, in nats; Infinity where the model knows none of them. */
  loss(id: number, truth: readonly string[]): number {
    const score = this.truthScore(id, truth);
    if (this.probable) return -Math.log(Math.max(score, 0));
    return logOfSum(this.scores(id)) - score;
  }

  /** How far both models' probabilities are apart, 0 to 1; of one model, how much more it gives its answer than the truth. */
  disagreement(id: number, truth: readonly string[]): number {
    if (!this.other) return this.confidence(id) - this.truthScore(id, truth);
    const [own, other] = [softened(this.scores(id), this.probable), softened(matrixRow(this.other, id), this.probable)];
    return own.reduce((sum, p, i) => sum + Math.abs(p - (other[i] ?? 0)), 0) / 2;
  }

  /** The score of one label, of the predicted one for `null`; NaN of a label that the model does not know. */
  scoreOf(id: number, label: string | null): number {
    if (label === null) return this.confidence(id);
    return this.scores(id)[this.labels.indexOf(label)] ?? NaN;
  }

  /** Parallel to `labels`. */
  scores(id: number): Float32Array {
    return matrixRow(this.matrix, id);
  }
}

function addUpToOne({ rows, columns, data }: Matrix): boolean {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += data[i] ?? 0;
    if (Math.abs(sum - 1) > 1e-4) return false;
  }
  return rows > 0 && columns > 1;
}

function logOfSum(scores: Float32Array): number {
  const most = scores.reduce((high, score) => Math.max(high, score), -Infinity);
  return most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
}

function softened(scores: Float32Array, probable: boolean): number[] {
  if (probable) return [...scores];
  const whole = logOfSum(scores);
  return Array.from(scores, (score) => Math.exp(score - whole));
}

function highest(scores: Float32Array): number {
  let best = 0;
  scores.forEach((score, i) => {
    if (score > (scores[best] ?? -Infinity)) best = i;
  });
  return best;
}

function checkedRange(scores: Matrix, pictures: number, labels: readonly string[]): readonly [number, number] {
  const { rows, columns, data } = scores;
  if (rows !== pictures || columns !== labels.length || data.length !== rows * columns) {
    const expected = `${pictures} rows (the pictures) × ${labels.length} columns (the labels)`;
    throw invalid("scores", expected, `${rows} × ${columns} with ${data.length} numbers`);
  }
  let low = 0;
  let high = 1;
  for (const [i, score] of data.entries()) {
    if (!Number.isFinite(score))
      throw invalid(`scores of picture ${Math.floor(i / columns)}`, "numbers", String(score));
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return [low, high];
}

function checkedColumns(predicted: readonly string[], pictures: number, labels: readonly string[]): number[] {
  if (predicted.length !== pictures) throw invalid("predictedLabels", `${pictures} labels`, `${predicted.length}`);
  return predicted.map((label, id) => {
    const column = labels.indexOf(label);
    if (column < 0) throw invalid(`predictedLabels[${id}]`, `one of ${labels.map(quote).join(", ")}`, quote(label));
    return column;
  });
}

const invalid = (option: string, expected: string, received: string) =>
  new VitrineError("InvalidOption", { option, expected, received });
