/** Pictures of an evaluation with what is wrong about them, ready for a sheet. */
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import type { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import type { EvaluatedPicture } from "../metrics/classification-evaluation.js";
import { LIGHT_COLOURS } from "../protocol/index.js";
import { matrixRow } from "../structures/matrix.js";
import type { SheetBox, SheetTile } from "./picture-sheet.js";

/** The places of the wrong pictures, those with the least score of their true label first. */
export function worstClassified({ truth, predictions, scores }: ClassificationEvaluation): number[] {
  const own = (index: number) => matrixRow(scores, index)[truth[index] ?? 0] ?? NaN;
  return truth
    .map((_, index) => index)
    .filter((index) => truth[index] !== predictions[index])
    .sort((a, b) => own(a) - own(b));
}

/** The places of the pictures with mistakes, those with most first. */
export function worstDetected(evaluation: DetectionEvaluation): number[] {
  const mistakes = evaluation.mistakes();
  return mistakes
    .map((_, index) => index)
    .filter((index) => (mistakes[index] ?? 0) > 0)
    .sort((a, b) => (mistakes[b] ?? 0) - (mistakes[a] ?? 0));
}

/** A tile of each picture whose file is known. */
export function tilesOf(
  evaluation: ClassificationEvaluation | DetectionEvaluation,
  places: readonly number[],
  say: (index: number) => string = (index) => captionOf(evaluation, index),
): SheetTile[] {
  return places.flatMap((index): SheetTile[] => {
    const picture = evaluation.pictures?.[index];
    if (picture?.storagePath === undefined) return [];
    const caption = [picture.name, say(index)].filter((part) => part !== undefined && part !== "").join(": ");
    const boxes = "predictions" in evaluation ? undefined : boxesOf(evaluation, picture, index);
    return [{ source: picture.storagePath, caption, ...(boxes && { boxes }) }];
  });
}

export function captionOf(evaluation: ClassificationEvaluation | DetectionEvaluation, index: number): string {
  if (!("predictions" in evaluation)) {
    const { pairs, missed, spurious } = evaluation.pairs(index);
    return `${pairs.length} found, ${missed.length} missed, ${spurious.length} where nothing is`;
  }
  const { labels, truth, predictions, scores } = evaluation;
  const taken = predictions[index] ?? 0;
  const score = matrixRow(scores, index)[taken] ?? NaN;
  return `${labels[truth[index] ?? 0] ?? ""} taken for ${labels[taken] ?? ""}, score ${score.toFixed(3)}`;
}

const [FOUND, WRONG, , , MISSED] = LIGHT_COLOURS;

function boxesOf(evaluation: DetectionEvaluation, { width, height }: EvaluatedPicture, index: number) {
  if (width === undefined || height === undefined) return undefined;
  const { pairs, missed, spurious } = evaluation.pairs(index);
  const [truth, found] = [evaluation.truth[index], evaluation.detections[index]];
  if (!truth || !found) return undefined;
  const name = (index: number | undefined) => evaluation.labels[index ?? -1] ?? "";
  const at = (boxes: ArrayLike<number>, i: number): Pick<SheetBox, "xmin" | "ymin" | "xmax" | "ymax"> => {
    const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = [0, 1, 2, 3].map((k) => boxes[4 * i + k]);
    return { xmin, ymin, xmax, ymax };
  };
  const detected = (i: number, right: boolean): SheetBox => ({
    ...at(found.boxes, i),
    colour: right ? FOUND : WRONG,
    dashed: true,
    title: `${name(found.classes[i])}, score ${(found.scores[i] ?? NaN).toFixed(2)}`,
  });
  const boxes = [
    ...pairs.map((pair) => detected(pair.detection, truth.classes[pair.truth] === found.classes[pair.detection])),
    ...spurious.map((i) => detected(i, false)),
    ...missed.map((i) => ({
      ...at(truth.boxes, i),
      colour: MISSED,
      dashed: false,
      title: `missed: ${name(truth.classes[i])}`,
    })),
  ];
  return { width, height, boxes };
}
