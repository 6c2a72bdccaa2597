/**
 * Which object of a picture each detection stands for, and which stand alone: what a confusion matrix of detections counts, and
 * what is drawn as a pair. Pairs of one class come first, by falling IoU; then what is left pairs across classes.
 */
import { overlap } from "./box-table.js";

/** Boxes of one picture: x, y, width, height each. */
export interface PictureBoxes {
  readonly boxes: Float64Array;
  readonly classes: ArrayLike<number>;
}

export interface PictureTruthBoxes extends PictureBoxes {
  /** Objects that count neither way, nor do detections on them. */
  readonly ignored: ArrayLike<number>;
  /** Of those, the boxes around crowds. */
  readonly crowd: ArrayLike<number>;
}

export interface BoxPair {
  /** The object's place in the picture. */
  truth: number;
  /** The detection's place. */
  detection: number;
  iou: number;
}

export interface PairedBoxes {
  pairs: BoxPair[];
  /** Objects that no detection found. */
  missed: number[];
  /** Detections where no object is. */
  spurious: number[];
  /** Detections on an ignored object. */
  ignored: number[];
}

/** @param kept the detections that take part, by place */
export function pairBoxes(
  truth: PictureTruthBoxes,
  detections: PictureBoxes,
  kept: readonly number[],
  threshold: number,
): PairedBoxes {
  const pairs = greedy(candidates(truth, detections, kept, threshold));
  const found = new Set(pairs.map(({ truth: object }) => object));
  const used = new Set(pairs.map(({ detection }) => detection));
  const missed: number[] = [];
  for (let i = 0; i < truth.classes.length; i++) if (truth.ignored[i] !== 1 && !found.has(i)) missed.push(i);
  const ignored = kept.filter((place) => !used.has(place) && onIgnored(truth, detections, place, threshold));
  const spurious = kept.filter((place) => !used.has(place) && !ignored.includes(place));
  return { pairs, missed, spurious, ignored };
}

interface Candidate extends BoxPair {
  same: boolean;
}

function candidates(
  truth: PictureTruthBoxes,
  detections: PictureBoxes,
  kept: readonly number[],
  threshold: number,
): Candidate[] {
  const found: Candidate[] = [];
  for (let object = 0; object < truth.classes.length; object++) {
    if (truth.ignored[object] === 1) continue;
    for (const detection of kept) {
      const iou = overlap(detections.boxes, detection, truth.boxes, object);
      const same = truth.classes[object] === detections.classes[detection];
      if (iou >= threshold && iou > 0) found.push({ truth: object, detection, iou, same });
    }
  }
  return found.sort((a, b) => Number(b.same) - Number(a.same) || b.iou - a.iou);
}

function greedy(found: readonly Candidate[]): BoxPair[] {
  const [objects, places] = [new Set<number>(), new Set<number>()];
  const pairs: BoxPair[] = [];
  for (const { truth, detection, iou } of found) {
    if (objects.has(truth) || places.has(detection)) continue;
    objects.add(truth);
    places.add(detection);
    pairs.push({ truth, detection, iou });
  }
  return pairs;
}

function onIgnored(truth: PictureTruthBoxes, detections: PictureBoxes, place: number, threshold: number): boolean {
  for (let object = 0; object < truth.classes.length; object++) {
    if (truth.ignored[object] !== 1) continue;
    const iou = overlap(detections.boxes, place, truth.boxes, object, truth.crowd[object] === 1);
    if (iou >= threshold && truth.classes[object] === detections.classes[place]) return true;
  }
  return false;
}

/**
 * Rows: truth, columns: detection, the last of both is the background: its row holds what was found where nothing is, its column
 * what was not found.
 */
export function addToMatrix(
  matrix: number[][],
  truth: PictureBoxes,
  detections: PictureBoxes,
  { pairs, missed, spurious }: PairedBoxes,
): void {
  const background = matrix.length - 1;
  const add = (row = background, column = background) => {
    const counts = matrix[row];
    if (counts) counts[column] = (counts[column] ?? 0) + 1;
  };
  for (const pair of pairs) add(truth.classes[pair.truth], detections.classes[pair.detection]);
  for (const object of missed) add(truth.classes[object], background);
  for (const place of spurious) add(background, detections.classes[place]);
}
