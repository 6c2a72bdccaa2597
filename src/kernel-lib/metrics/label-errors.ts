/** Labels that are probably wrong, by a model that did not see them in training (confident learning). */
import { choiceOption, givenOption, knownOptions } from "../structures/options.js";
import { type ConfidentJoint, confidentJoint, roundKeepingSum } from "./confident-joint.js";
import type { ScoreMatrix } from "./score-matrix.js";

/** A picture whose label the model contradicts. */
export interface LabelError {
  /** The picture's index. */
  index: number;
  /** The label that was given. */
  label: string;
  /** The label with the highest score. */
  suggested: string;
  /** The score of the given label, in 0..1: the lower, the more doubtful. */
  labelScore: number;
  /** The score of the suggested one. */
  suggestedScore: number;
}

export const LABEL_ERROR_FILTERS = ["noise rate", "confident class"] as const;

export interface LabelErrorOptions {
  /**
   * "noise rate": as many pictures of each pair of labels as the estimated joint says, those whose scores differ most (cleanlab's
   * `prune_by_noise_rate`); "confident class": those for which the model is confident of another label (its
   * `confident_learning`). Default "noise rate".
   */
  filter?: (typeof LABEL_ERROR_FILTERS)[number];
}

/** What label errors are found in: a `ClassificationEvaluation` is one. */
export interface ScoredLabels {
  readonly labels: readonly string[];
  readonly truth: readonly number[];
  readonly scores: ScoreMatrix;
}

/**
 * The suspected labels, the most doubtful first (cleanlab's `find_label_issues`, ranked by self-confidence). The scores must be
 * probabilities from a model that was not trained on these pictures: one that was agrees with every label.
 *
 * @throws InvalidOption where the scores are no probabilities
 */
export function findLabelErrors(evaluation: ScoredLabels, options: LabelErrorOptions = {}): LabelError[] {
  knownOptions("findLabelErrors", options, ["filter"]);
  const by = choiceOption("filter", options.filter ?? "noise rate", LABEL_ERROR_FILTERS);
  const expected = "an evaluation, as ClassificationEvaluation.run gives it";
  const { labels, truth, scores } = givenOption("evaluation", evaluation, ["labels", "truth", "scores"], expected);
  const joint = confidentJoint(truth, scores);
  const suspects = by === "noise rate" ? byNoiseRate(truth, scores, joint) : byConfidence(truth, joint);
  const score = (row: number, column: number) => scores.data[row * scores.columns + column] ?? NaN;
  return [...suspects]
    .map((index) => ({ index, given: truth[index] ?? 0, likeliest: likeliest(index, truth[index] ?? 0, scores) }))
    .filter(({ given, likeliest: column }) => given !== column)
    .map(({ index, given, likeliest: column }) => ({
      index,
      label: labels[given] ?? "",
      suggested: labels[column] ?? "",
      labelScore: score(index, given),
      suggestedScore: score(index, column),
    }))
    .sort((a, b) => a.labelScore - b.labelScore || a.index - b.index);
}

/** The column of the highest score; the given one where it is as good as highest. */
function likeliest(row: number, given: number, { columns, data }: ScoreMatrix): number {
  let best = given;
  const score = (column: number) => (data[row * columns + column] ?? 0) + (column === given ? 1e-6 : 0);
  for (let column = 0; column < columns; column++) if (score(column) > score(best)) best = column;
  return best;
}

function byConfidence(truth: readonly number[], { guesses }: ConfidentJoint): Set<number> {
  return new Set(truth.flatMap((given, row) => (guesses[row] === -1 || guesses[row] === given ? [] : [row])));
}

function byNoiseRate(
  truth: readonly number[],
  { columns, data }: ScoreMatrix,
  { calibrated }: ConfidentJoint,
): Set<number> {
  const wanted = keepingOneEach(calibrated);
  const suspects = new Set<number>();
  for (const [given, own] of rowsByLabel(truth, columns).entries()) {
    if (own.length <= 1) continue;
    for (let other = 0; other < columns; other++) {
      const count = other === given ? 0 : (wanted[other]?.[given] ?? 0);
      if (count <= 0) continue;
      const margins = own.map((row) => (data[row * columns + other] ?? 0) - (data[row * columns + given] ?? 0));
      const most = [...own.keys()].sort((a, b) => (margins[b] ?? 0) - (margins[a] ?? 0)).slice(0, count);
      for (const place of most) suspects.add(own[place] ?? 0);
    }
  }
  return suspects;
}

function rowsByLabel(truth: readonly number[], labels: number): number[][] {
  const rows = Array.from({ length: labels }, (): number[] => []);
  truth.forEach((label, row) => rows[label]?.push(row));
  return rows;
}

/** How many to take, rows: the true class, columns: the label given; at least one of each label stays. */
function keepingOneEach(calibrated: readonly (readonly number[])[]): number[][] {
  const counts = calibrated.map((_, i) => calibrated.map((row) => row[i] ?? 0));
  const raised = counts.map((row, i) => Math.max(1, row[i] ?? 0) - (row[i] ?? 0));
  const noisy = counts.map((_, column) => Math.max(1, counts.filter((row) => row[column] !== 0).length - 1));
  return counts.map((row, i) =>
    roundKeepingSum(
      row.map((count, column) =>
        i === column ? Math.max(1, count) : Math.max(0, count - (raised[column] ?? 0) / (noisy[column] ?? 1)),
      ),
    ),
  );
}
