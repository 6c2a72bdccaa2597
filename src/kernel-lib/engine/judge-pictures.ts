/** What a model makes of pictures whose labels are known: the confusion matrix, and the pictures that tell most. */
import type { Matrix } from "../structures/matrix.js";
import type { PictureSet } from "./labelled-pictures.js";
import type { Judged } from "./tensorboard-run.js";

const SHOWN = 16;

interface Verdict {
  source: string;
  truth: number;
  predicted: number;
  /** 0 to 1. */
  confidence: number;
}

/** @param scores N × K in the order of the pictures and of `labels`; a picture of several labels counts as its first */
export function judge({ images }: PictureSet, scores: Matrix, labels: readonly string[]): Judged {
  const verdicts = images.map(({ storagePath: source, labels: own }, row): Verdict => {
    const values = scores.data.subarray(row * scores.columns, (row + 1) * scores.columns);
    const confidence = Math.max(...values);
    return { source, truth: labels.indexOf(own[0] ?? ""), predicted: values.indexOf(confidence), confidence };
  });
  const matrix = labels.map((_, truth) =>
    labels.map((__, predicted) => verdicts.filter((v) => v.truth === truth && v.predicted === predicted).length),
  );
  const wrong = verdicts.filter(({ truth, predicted }) => truth !== predicted);
  const right = verdicts.filter(({ truth, predicted }) => truth === predicted);
  // The surest mistakes, then the least sure of what is right.
  wrong.sort((a, b) => b.confidence - a.confidence);
  right.sort((a, b) => a.confidence - b.confidence);
  const samples = [...wrong, ...right].slice(0, SHOWN).map(({ source, truth, predicted, confidence }) => {
    const [is, taken] = [labels[truth] ?? "", labels[predicted] ?? ""];
    const percent = `${Math.round(100 * confidence)} %`;
    return { source, caption: is === taken ? `${is} ${percent}` : `✗ ${is}: ${taken} ${percent}` };
  });
  return { labels, matrix, samples };
}
