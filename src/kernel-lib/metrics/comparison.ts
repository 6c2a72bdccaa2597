/**
 * Two models on the same pictures: their figures, how sure the differences are, and the pictures that changed sides.
 *
 * A difference's interval is bootstrapped over pictures that both models are judged on, so that what is hard for both cancels out.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { knownOptions } from "../structures/options.js";
import type { ClassificationEvaluation } from "./classification-evaluation.js";
import type { DetectionEvaluation } from "./detection-evaluation.js";
import { type BootstrapOptions, bootstrapInterval, type Interval, wilsonInterval } from "./interval.js";
import { mcnemar, type McNemarResult } from "./mcnemar.js";

/** One figure of both models. */
export interface ComparedFigure {
  name: string;
  /** Of the first model and of the second. */
  values: [number, number];
  intervals: [Interval, Interval];
  /** Second minus first. */
  difference: number;
  /** Where 0 is outside, the difference is more than chance. */
  differenceInterval: Interval;
}

/** A picture on which one model makes fewer mistakes than the other. */
export interface ChangedPicture {
  /** The picture's place in both evaluations. */
  index: number;
  name: string;
  /** "gained": the second model is better. */
  side: "gained" | "lost";
  /** Mistakes of the first model and of the second. */
  mistakes: [number, number];
}

export interface Comparison {
  figures: ComparedFigure[];
  /** The pictures that changed sides, those lost first. */
  changed: ChangedPicture[];
  /** Of each model; a detector's has the background as its last row and column. */
  matrices: [number[][], number[][]];
  /** Whether the models differ by more than chance on single pictures; a picture is right where there is no mistake on it. */
  mcnemar: McNemarResult;
}

type Evaluation = ClassificationEvaluation | DetectionEvaluation;

/**
 * Compares two evaluations of the same pictures with the same labels.
 *
 * @throws InvalidOption where they are not of the same pictures
 */
export function compareEvaluations<E extends Evaluation>(
  [first, second]: readonly [E, E],
  options: BootstrapOptions = {},
): Comparison {
  knownOptions("compare", options, ["confidence", "resamples", "seed"]);
  checkSame(first, second);
  const mistakes = [mistakesOf(first), mistakesOf(second)] as const;
  const right = (of: readonly number[]) => of.map((count) => Number(count === 0));
  return {
    figures: Object.entries(figuresOf(first)).map(([name, figure]) =>
      compareFigure(name, figure, first, second, options),
    ),
    changed: changedPictures(first, mistakes),
    matrices: [first.confusionMatrix(), second.confusionMatrix()],
    mcnemar: mcnemar(
      mistakes[0].map(() => 1),
      right(mistakes[0]),
      right(mistakes[1]),
    ),
  };
}

function checkSame(first: Evaluation, second: Evaluation): void {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const reject = (expected: string, received: unknown) => {
    throw new VitrineError("InvalidOption", { option: "the second evaluation", expected, received: quote(received) });
  };
  if (isClassification(first) !== isClassification(second)) reject("one of the same kind as the first", "another kind");
  if (!same(first.labels, second.labels)) reject(`the labels ${quote(first.labels)}`, second.labels);
  if (first.truth.length !== second.truth.length) reject(`${first.truth.length} pictures`, second.truth.length);
  const classes = (evaluation: Evaluation) =>
    isClassification(evaluation) ? evaluation.truth : evaluation.truth.map((truth) => Array.from(truth.classes));
  if (!same(classes(first), classes(second))) reject("the same pictures in the same order", "other true labels");
}

const isClassification = (evaluation: Evaluation): evaluation is ClassificationEvaluation =>
  "predictions" in evaluation;

function mistakesOf(evaluation: Evaluation): number[] {
  if (!isClassification(evaluation)) return evaluation.mistakes();
  return evaluation.truth.map((truth, i) => Number(truth !== evaluation.predictions[i]));
}

type Figure = (evaluation: Evaluation) => number;

/** A share of pictures: Wilson's interval says something where a bootstrap can't, with none wrong. */
const OVERALL = "accuracy overall";

const shareOf = ({ confidence }: BootstrapOptions) => (confidence === undefined ? {} : { confidence });

function figuresOf(evaluation: Evaluation): Record<string, Figure> {
  const classified = (figure: (of: ClassificationEvaluation) => number) => (of: Evaluation) =>
    isClassification(of) ? figure(of) : NaN;
  const detected = (figure: (of: DetectionEvaluation) => number) => (of: Evaluation) =>
    isClassification(of) ? NaN : figure(of);
  if (isClassification(evaluation)) {
    return {
      "accuracy by class": classified((of) => of.accuracy()),
      [OVERALL]: classified((of) => of.accuracy({ average: "overall" })),
      "macro F1": classified((of) =>
        mean(of.precisionRecallF1().flatMap(({ f1, support }) => (support > 0 ? [f1] : []))),
      ),
      "average precision": classified((of) => of.averagePrecision()),
      AUC: classified((of) => of.auc()),
    };
  }
  return {
    "mAP at IoU 0.5": detected((of) => of.averagePrecision()),
    "mAP at IoU 0.75": detected((of) => of.averagePrecision(undefined, { iou: 0.75 })),
    "mistakes a picture": detected((of) => mean(of.mistakes())),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function compareFigure<E extends Evaluation>(
  name: string,
  figure: Figure,
  first: E,
  second: E,
  options: BootstrapOptions,
): ComparedFigure {
  // A thousand draws of thousands of pictures are minutes; the ends hardly move with a few hundred.
  const drawing = { resamples: 400, ...options };
  const [a, b] = [figure(first), figure(second)];
  const of = (evaluation: Evaluation) =>
    name === OVERALL
      ? wilsonInterval(
          mistakesOf(evaluation).filter((count) => count === 0).length,
          evaluation.truth.length,
          shareOf(options),
        )
      : bootstrapInterval(evaluation.truth.length, (drawn) => figure(evaluation.pick(drawn)), drawing);
  return {
    name,
    values: [a, b],
    intervals: [of(first), of(second)],
    difference: b - a,
    differenceInterval: bootstrapInterval(
      first.truth.length,
      (drawn) => figure(second.pick(drawn)) - figure(first.pick(drawn)),
      drawing,
    ),
  };
}

function changedPictures(
  { pictures }: Evaluation,
  [first, second]: readonly [readonly number[], readonly number[]],
): ChangedPicture[] {
  const changed = first.flatMap((before, index): ChangedPicture[] => {
    const after = second[index] ?? 0;
    if (before === after) return [];
    const name = pictures?.[index]?.name ?? `picture ${index}`;
    return [{ index, name, side: after < before ? "gained" : "lost", mistakes: [before, after] }];
  });
  return [...changed.filter(({ side }) => side === "lost"), ...changed.filter(({ side }) => side === "gained")];
}
