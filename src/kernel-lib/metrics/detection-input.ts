/** What a detector's evaluation is made from, and the checks of it. */
import type { Detections } from "../structures/detections.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { numberOption } from "../structures/options.js";
import type { EvaluatedPicture } from "./evaluation-input.js";
import type { DetectionTable, DetectionTables, TruthTable } from "./detection/box-table.js";

/** What an evaluation needs to know of a data set with boxes. */
export interface BoxedImages {
  readonly images: readonly (EvaluatedPicture & {
    readonly boxes: readonly ObjectBox[];
    /** In square pixels, parallel to `boxes`. Default: the boxes' own. */
    readonly areas?: readonly number[];
  })[];
}

/** The N objects of one picture. */
export interface PictureTruth {
  /** `N × 4`: xmin, ymin, xmax, ymax in pixels. */
  readonly boxes: ArrayLike<number>;
  /** `N` indices into the labels. */
  readonly classes: ArrayLike<number>;
  /** `N`: left out, and so is a detection on it. Default: none. */
  readonly difficult?: ArrayLike<boolean> | ArrayLike<number>;
  /** `N`: one box around many objects, which takes any number of detections; they count neither way. Default: none. */
  readonly crowd?: ArrayLike<boolean> | ArrayLike<number>;
  /** `N`: square pixels, by which COCO tells small, medium and large objects apart. Default: the boxes' own. */
  readonly areas?: ArrayLike<number>;
}

/** The boxes of a data set's pictures. @throws UnknownLabel where a box's label is not among `labels` */
export function boxedTruth(labels: readonly string[], dataset: BoxedImages): PictureTruth[] {
  dataset.images.forEach(({ name, boxes }, i) => {
    // Callers in plain JavaScript pass pictures with labels.
    if (Array.isArray(boxes)) return;
    const reason = `${name ?? `image ${i}`} has no boxes: a detector is judged on an ObjectDetectionDataset`;
    throw new VitrineError("InvalidDataset", { path: "the evaluated set", reason });
  });
  return dataset.images.map(({ name, boxes, areas }, i) => ({
    boxes: Float64Array.from(boxes.flatMap(({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax, ymax])),
    classes: boxes.map(({ label }) => {
      const index = labels.indexOf(label);
      if (index < 0) throw new VitrineError("UnknownLabel", { label, labels, where: name ?? `image ${i}` });
      return index;
    }),
    difficult: boxes.map(({ difficult }) => difficult),
    crowd: boxes.map(({ crowd = false }) => crowd),
    ...(areas && { areas }),
  }));
}

/**
 * @throws InvalidDataset without a picture
 * @throws InvalidOption where lists don't fit each other, a class has no label, a box is inverted, or a number is none
 */
export function detectionTables(
  labels: readonly string[],
  truth: readonly PictureTruth[],
  detections: readonly Detections[],
): DetectionTables {
  if (truth.length === 0) {
    throw new VitrineError("InvalidDataset", { path: "the evaluated set", reason: "it holds no pictures" });
  }
  if (detections.length !== truth.length) {
    reject("detections", `${truth.length} entries, one a picture,`, detections.length);
  }
  if (labels.length === 0) reject("labels", "at least one label", labels);
  return {
    pictures: truth.length,
    classes: labels.length,
    truth: truthTable(truth, labels.length),
    detections: detectionTable(detections, labels.length),
  };
}

function truthTable(truth: readonly PictureTruth[], classes: number): TruthTable {
  const flags = (name: "difficult" | "crowd") =>
    Uint8Array.from(
      truth.flatMap(({ classes: own, [name]: marked }, picture) => {
        if (marked && marked.length !== own.length) reject(`truth[${picture}].${name}`, `${own.length} flags`, marked);
        return Array.from(own, (_, i) => Number(marked?.[i] ?? false));
      }),
    );
  const table = columns("truth", truth, classes);
  return { ...table, areas: truthAreas(truth, table.areas), crowd: flags("crowd"), ignored: flags("difficult") };
}

function truthAreas(truth: readonly PictureTruth[], own: Float64Array): Float64Array {
  let row = 0;
  truth.forEach(({ classes, areas }, picture) => {
    if (areas && areas.length !== classes.length)
      reject(`truth[${picture}].areas`, `${classes.length} numbers`, areas.length);
    for (let i = 0; i < classes.length; i++, row++) {
      if (areas) own[row] = numberOption(`truth[${picture}].areas[${i}]`, areas[i], 0);
    }
  });
  return own;
}

function detectionTable(detections: readonly Detections[], classes: number): DetectionTable {
  const table = columns("detections", detections, classes);
  const scores = new Float64Array(table.length);
  let row = 0;
  detections.forEach((found, picture) => {
    if (found.scores.length !== found.classes.length) {
      reject(`detections[${picture}].scores`, `${found.classes.length} scores`, found.scores.length);
    }
    found.scores.forEach((score, i) => {
      if (!Number.isFinite(score)) reject(`detections[${picture}].scores[${i}]`, "a finite number", score);
      scores[row++] = score;
    });
  });
  return { ...table, scores };
}

function columns(
  list: string,
  items: readonly { boxes: ArrayLike<number>; classes: ArrayLike<number> }[],
  labels: number,
) {
  const length = items.reduce((sum, { classes }) => sum + classes.length, 0);
  const table = {
    length,
    boxes: new Float64Array(4 * length),
    pictures: new Int32Array(length),
    classes: new Int32Array(length),
    areas: new Float64Array(length),
  };
  let row = 0;
  items.forEach(({ boxes, classes }, picture) => {
    const where = `${list}[${picture}]`;
    if (boxes.length !== 4 * classes.length) reject(`${where}.boxes`, `4 × ${classes.length} numbers`, boxes.length);
    for (let i = 0; i < classes.length; i++, row++) {
      const box = extent(`${where}, box ${i},`, boxes, 4 * i);
      table.boxes.set(box, 4 * row);
      table.areas[row] = box[2] * box[3];
      table.pictures[row] = picture;
      table.classes[row] = classIndex(`${where}.classes[${i}]`, classes[i], labels);
    }
  });
  return table;
}

function extent(where: string, boxes: ArrayLike<number>, at: number): [number, number, number, number] {
  const corner = (i: number) => boxes[at + i] ?? NaN;
  const [x, y, width, height] = [corner(0), corner(1), corner(2) - corner(0), corner(3) - corner(1)];
  if (Number.isFinite(x + y) && width >= 0 && height >= 0 && width + height < Infinity) return [x, y, width, height];
  return reject(where, "xmin ≤ xmax and ymin ≤ ymax, finite numbers,", [0, 1, 2, 3].map(corner));
}

function classIndex(option: string, index = NaN, labels: number): number {
  if (Number.isInteger(index) && index >= 0 && index < labels) return index;
  return reject(option, `a label's index below ${labels}`, index);
}

function reject(option: string, expected: string, received: unknown): never {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
}
