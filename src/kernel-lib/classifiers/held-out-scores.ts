/**
 * What samples are taken for by models that have not seen them (k-fold cross-validation): logistic regressions on features that are there
 * already, so that finding suspected labels costs a fraction of a second and no forward pass.
 */
import { VitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";
import { integerOption } from "../structures/options.js";
import { SeededRandom } from "../structures/random.js";
import { LogisticRegression } from "./logistic-regression.js";
import { StandardScaler } from "./standard-scaler.js";

export interface HeldOutOptions {
  /** Columns of the answer: classes are 0 to columns - 1. */
  columns: number;
  /** Parts, each scored by a model of the others; 5 by default. */
  folds?: number;
  /** Samples that one model learns from, drawn from its part where there are more; 1000 by default. */
  mostSamples?: number;
  seed?: number;
  signal?: AbortSignal;
}

/**
 * n × columns probabilities; a class that a model has not met has 0.
 * @param features n × d
 * @param classes n
 * @throws `Stopped`
 */
export async function heldOutScores(
  features: Matrix,
  classes: readonly number[],
  options: HeldOutOptions,
): Promise<Matrix> {
  const { columns, mostSamples = 1000, seed = 1, signal } = options;
  const folds = integerOption("folds", options.folds ?? 5, 2);
  const random = new SeededRandom(seed);
  const fold = foldsOf(classes, folds, random);
  const data = new Float32Array(features.rows * columns);
  for (let part = 0; part < folds; part++) {
    if (signal?.aborted)
      throw new VitrineError("Stopped", { operation: "Holding labels out", kept: "nothing is kept" });
    const all = [...fold.keys()];
    const held = all.filter((row) => fold[row] === part);
    const others = random
      .fork(part)
      .shuffle(all.filter((row) => fold[row] !== part))
      .slice(0, mostSamples);
    if (held.length > 0) await scoreFold({ features, classes, held, others, columns, data, signal });
  }
  return { rows: features.rows, columns, data };
}

interface Fold {
  features: Matrix;
  classes: readonly number[];
  held: readonly number[];
  others: readonly number[];
  columns: number;
  data: Float32Array;
  signal: AbortSignal | undefined;
}

async function scoreFold({ features, classes, held, others, columns, data, signal }: Fold): Promise<void> {
  const known = others.map((row) => classes[row] ?? 0);
  const distinct = [...new Set(known)];
  if (distinct.length < 2) {
    // One class is no question.
    for (const row of held) if (distinct[0] !== undefined) data[row * columns + distinct[0]] = 1;
    return;
  }
  const scaler = StandardScaler.fit(rowsOf(features, others));
  const model = new LogisticRegression({ C: 0.1, maxIterations: 30, tolerance: 1e-2 });
  await model.fitAsync(scaler.transform(rowsOf(features, others)), known, signal && { signal });
  const answer = model.predictProbabilities(scaler.transform(rowsOf(features, held)));
  held.forEach((row, i) => {
    model.classes.forEach((own, column) => {
      data[row * columns + own] = answer.data[i * answer.columns + column] ?? 0;
    });
  });
}

/** The part of each sample, each class spread over the parts as evenly as can be. */
export function foldsOf(classes: readonly number[], folds: number, random: SeededRandom): number[] {
  const members = new Map<number, number[]>();
  classes.forEach((own, row) => {
    const rows = members.get(own);
    if (rows) rows.push(row);
    else members.set(own, [row]);
  });
  const fold = classes.map(() => 0);
  let next = 0;
  for (const [own, rows] of members) {
    for (const row of random.fork(`class ${own}`).shuffle(rows)) fold[row] = next++ % folds;
  }
  return fold;
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const taken = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => taken.set(data.subarray(row * columns, (row + 1) * columns), i * columns));
  return { rows: rows.length, columns, data: taken };
}
