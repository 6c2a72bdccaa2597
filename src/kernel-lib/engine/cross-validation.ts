/**
 * What pictures are taken for by classifiers that have not seen them (k-fold cross-validation, scikit-learn's `cross_val_predict`): every
 * picture is judged once, by one that learnt from the other parts. N pictures, K labels.
 */
import { foldsOf } from "../classifiers/held-out-scores.js";
import type { LinearClassifier } from "../classifiers/linear-classifier.js";
import { StandardScaler } from "../classifiers/standard-scaler.js";
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { matrixRow, type Matrix } from "../structures/matrix.js";
import { integerOption, knownOptions } from "../structures/options.js";
import { SeededRandom } from "../structures/random.js";
import type { PredictOptions } from "./predict-options.js";

export interface CrossValidationOptions extends PredictOptions {
  /** Parts, each judged by a classifier that learnt from the others; 5 by default. */
  folds?: number;
  /** Of the dealing of pictures to parts, each label spread over all of them; 1 by default. */
  seed?: number;
}

export interface CheckedFolds {
  folds: number;
  seed: number;
  predict: PredictOptions;
}

/** @throws InvalidOption */
export function checkFolds(options: CrossValidationOptions): CheckedFolds {
  knownOptions("crossValidate", options, ["folds", "seed", "batchSize", "signal"]);
  const { folds, seed, ...predict } = options;
  return { folds: integerOption("folds", folds ?? 5, 2, 1000), seed: integerOption("seed", seed ?? 1, 0), predict };
}

interface Question {
  /** N × F. */
  features: Matrix;
  /** N: each picture's class. */
  classes: readonly number[];
  labels: readonly string[];
  /** Of the data set, for messages. */
  name: string;
  /** A classifier that has learnt nothing yet. */
  fresh: () => LinearClassifier;
}

/**
 * Decision values, N × K; with two labels N × 1.
 * @throws InvalidDataset where a label has one picture: whoever judges it could not have learnt it; Stopped
 */
export async function heldOutDecisions(question: Question, { folds, seed, predict }: CheckedFolds): Promise<Matrix> {
  refuseLonely(question);
  const { features, classes, labels } = question;
  const columns = labels.length === 2 ? 1 : labels.length;
  const decisions: Matrix = { rows: features.rows, columns, data: new Float32Array(features.rows * columns) };
  const fold = foldsOf(classes, folds, new SeededRandom(seed));
  const rows = [...fold.keys()];
  const signal = effectiveSignal(predict.signal);
  for (let part = 0; part < folds; part++) {
    const held = rows.filter((row) => fold[row] === part);
    const others = rows.filter((row) => fold[row] !== part);
    if (held.length === 0) continue;
    const scaler = StandardScaler.fit(rowsOf(features, others));
    const known = others.map((row) => classes[row] ?? 0);
    const classifier = question.fresh();
    await classifier.fitAsync(scaler.transform(rowsOf(features, others)), known, {
      names: labels,
      ...(signal && { signal }),
    });
    const judged = classifier.decisionFunction(scaler.transform(rowsOf(features, held)));
    held.forEach((row, i) => {
      decisions.data.set(matrixRow(judged, i), row * columns);
    });
  }
  return decisions;
}

function refuseLonely({ classes, labels, name }: Question): void {
  const lonely = labels.filter((_, index) => classes.filter((own) => own === index).length < 2);
  if (lonely.length === 0) return;
  const reason = `cross-validation needs two pictures of each label at least, and ${lonely.map(quote).join(", ")} has fewer`;
  throw new VitrineError("InvalidDataset", { path: name, reason });
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { rows: rows.length, columns, data: taken };
}
