/** What an evaluation is made from, and the checks of it. */
import { quote, VitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";

/** Where an evaluated picture comes from, as far as its data set says. */
export interface EvaluatedPicture {
  readonly name?: string;
  /** Its file. */
  readonly storagePath?: string;
  /** In pixels, as displayed. */
  readonly width?: number;
  readonly height?: number;
}

/** What an evaluation needs to know of a data set. */
export interface LabelledImages {
  readonly images: readonly (EvaluatedPicture & { readonly labels: readonly string[] })[];
}

/** @throws InvalidOption where there are some, but not one for each sample */
export function checkPictures(pictures: readonly EvaluatedPicture[] | undefined, samples: number): void {
  if (!pictures || pictures.length === samples) return;
  const expected = `${samples} entries, one a picture,`;
  throw new VitrineError("InvalidOption", { option: "pictures", expected, received: quote(pictures.length) });
}

/** The index of each picture's first label. */
export function truthOf(labels: readonly string[], dataset: LabelledImages): number[] {
  return dataset.images.map(({ name, labels: own }, i) => {
    if (own[0] !== undefined) return labelIndex(labels, own[0]);
    throw new VitrineError("InvalidDataset", {
      path: name ?? `image ${i}`,
      reason: "it has no label, so there is no truth to compare a prediction with",
    });
  });
}

/** @throws UnknownLabel where `label` is none of `labels` */
export function labelIndex(labels: readonly string[], label: string): number {
  const index = labels.indexOf(label);
  if (index < 0) throw new VitrineError("UnknownLabel", { label, labels });
  return index;
}

/** The index of the largest value, the first of several. */
export function indexOfMaximum(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? NaN) > (values[best] ?? NaN)) best = i;
  return best;
}

/** @throws InvalidDataset without a picture, InvalidOption where truth, labels and scores don't fit each other */
export function checkEvaluation(labels: readonly string[], truth: readonly number[], scores: Matrix): void {
  if (truth.length === 0) {
    throw new VitrineError("InvalidDataset", { path: "the evaluated set", reason: "it holds no pictures" });
  }
  const reject = (option: string, expected: string, received: unknown) => {
    throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
  };
  const bad = truth.findIndex((index) => !Number.isInteger(index) || index < 0 || index >= labels.length);
  if (bad >= 0) reject(`truth[${bad}]`, `a label's index below ${labels.length}`, truth[bad]);
  // Callers in plain JavaScript pass lists of lists, or nothing.
  const given: unknown = (scores as Partial<Matrix> | undefined)?.data?.length;
  if (given === undefined) reject("scores", "a matrix { rows, columns, data }", scores);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) reject("labels", "labels that are all different", twice);
  const { rows, columns, data } = scores;
  if (rows !== truth.length || columns !== labels.length || data.length !== rows * columns) {
    const received = { rows, columns, "data.length": data.length };
    reject("scores", `${truth.length} rows (pictures) and ${labels.length} columns (labels)`, received);
  }
  const odd = data.findIndex((score) => !Number.isFinite(score));
  if (odd >= 0) {
    reject(`scores, row ${Math.floor(odd / columns)}, column ${odd % columns},`, "a finite number", data[odd]);
  }
}

/** @throws InvalidOption where a picture's place is none */
export function checkPlaces(places: Uint32Array | readonly number[], samples: number): void {
  for (const place of places) {
    if (Number.isInteger(place) && place >= 0 && place < samples) continue;
    const expected = `integers between 0 and ${samples - 1}`;
    throw new VitrineError("InvalidOption", { option: "indices", expected, received: quote(place) });
  }
}
