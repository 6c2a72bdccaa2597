/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over cells: every index lies within the grid */
/** imgaug's `Jigsaw`. */
import { booleanOption } from "../structures/options.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { uninitialised } from "./picture-simd.js";
import { CenterPadToMultiplesOf } from "./size-targets.js";
import { movedSubject, type Subject } from "./subject.js";
import { gathered, resizedMap, type ValueMap } from "./value-map.js";

export interface JigsawOptions extends AugmenterOptions {
  /** How many cells down; [3, 10] by default. */
  nbRows?: NumberParameter;
  /** How many cells across; [3, 10] by default. */
  nbCols?: NumberParameter;
  /** How often a cell changes places with a neighbour at most; 1 by default. */
  maxSteps?: NumberParameter;
  /** Pad pictures that cells don't divide; without it, what is left at the right and at the bottom becomes black. True by default. */
  allowPad?: boolean;
}

/**
 * Cuts pictures into cells and moves these. Keypoints and maps move along; boxes and outlines, which may lie on several cells,
 * do so by their corners' cells, where imgaug refuses them.
 */
export function Jigsaw(given: JigsawOptions = {}): Augmenter {
  const options = knownOptions("Jigsaw", given, ["nbRows", "nbCols", "maxSteps", "allowPad"]);
  const rows = numberParameter("nbRows", options.nbRows ?? [3, 10], { min: 1, integer: true });
  const columns = numberParameter("nbCols", options.nbCols ?? [3, 10], { min: 1, integer: true });
  const maxSteps = numberParameter("maxSteps", options.maxSteps ?? 1, { min: 0, max: 10000, integer: true });
  const allowPad = booleanOption("allowPad", options.allowPad ?? true);
  return madeAugmenter("Jigsaw", options, (subject, known) => {
    const random = known ?? chance();
    const [down, across] = [rows.sample(random), columns.sample(random)];
    const large = withMaps(subject, (map) => resizedMap(map, subject.image.width, subject.image.height));
    const padder = CenterPadToMultiplesOf({ widthMultiple: across, heightMultiple: down });
    const whole = allowPad ? padder.run(large, random.fork("pad")) : large;
    const limited = { down: Math.min(down, whole.image.height), across: Math.min(across, whole.image.width) };
    const moved = puzzled(whole, { ...limited, to: destinations(limited, maxSteps.sample(random), random) });
    // Maps keep their size, whatever was added to the picture.
    return withMaps(moved, (map, old) => resizedMap(map, old.width, old.height), subject);
  });
}

/** The subject with maps made of its own, given those in the same places of another. */
export function withMaps(
  subject: Subject,
  change: <M extends ValueMap>(map: M, old: M) => M,
  before = subject,
): Subject {
  const { heatmaps, segmentationMaps } = subject;
  return {
    ...subject,
    ...(heatmaps && { heatmaps: heatmaps.map((map, i) => change(map, before.heatmaps?.[i] ?? map)) }),
    ...(segmentationMaps && {
      segmentationMaps: segmentationMaps.map((map, i) => change(map, before.segmentationMaps?.[i] ?? map)),
    }),
  };
}

interface Cells {
  down: number;
  across: number;
}

export interface Puzzle extends Cells {
  /** Where each cell goes. */
  to: readonly number[];
}

const NEIGHBOURS = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

function destinations({ down, across }: Cells, maxSteps: number, random: SeededRandom): number[] {
  const steps = Array.from({ length: down * across }, () => random.integer(maxSteps + 1));
  const to = Array.from(steps, (_, i) => i);
  for (let step = 0; step < maxSteps; step++) {
    for (let cell = 0; cell < to.length; cell++) {
      const [dy, dx] = NEIGHBOURS[random.integer(4)]!;
      const row = Math.min(Math.max(Math.floor(cell / across) + dy, 0), down - 1);
      const column = Math.min(Math.max((cell % across) + dx, 0), across - 1);
      const other = row * across + column;
      if (steps[cell]! < 1 || other === cell || steps[other]! < 1) continue;
      [to[cell], to[other]] = [to[other]!, to[cell]!];
      steps[cell]!--;
      steps[other]!--;
    }
  }
  return to;
}

/** Maps are to be as large as the picture. */
export function puzzled(subject: Subject, puzzle: Puzzle): Subject {
  const { image } = subject;
  const moveMap = <M extends ValueMap>(map: M): M => {
    const source = sourcePlaces(image, puzzle);
    return gathered(map, image.width, image.height, (x, y) => {
      const from = source[y * image.width + x]!;
      return from < 0 ? undefined : from;
    });
  };
  return movedSubject(subject, puzzledImage(image, puzzle), (x, y) => movedPlace(image, puzzle, x, y), moveMap);
}

/** Cells row by row; what no cell covers is black. */
function puzzledImage(image: ImageData8, { down, across, to }: Puzzle): ImageData8 {
  const { data, width, height, channels } = image;
  const result = uninitialised(data.length);
  const [high, wide] = [Math.floor(height / down), Math.floor(width / across)];
  const stride = width * channels;
  if (high * down < height || wide * across < width) result.fill(0);
  const start = (cell: number) => Math.floor(cell / across) * high * stride + (cell % across) * wide * channels;
  to.forEach((target, cell) => {
    let [from, place] = [start(cell), start(target)];
    for (let y = 0; y < high; y++, from += stride, place += stride) {
      result.set(data.subarray(from, from + wide * channels), place);
    }
  });
  return { data: result, width, height, channels };
}

/** For each pixel the one that comes there; -1 where none does. */
function sourcePlaces({ width, height }: ImageData8, { down, across, to }: Puzzle): Int32Array {
  const result = new Int32Array(width * height).fill(-1);
  const [high, wide] = [Math.floor(height / down), Math.floor(width / across)];
  to.forEach((target, cell) => {
    const [top, left] = [Math.floor(cell / across) * high, (cell % across) * wide];
    const [newTop, newLeft] = [Math.floor(target / across) * high, (target % across) * wide];
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) result[(newTop + y) * width + newLeft + x] = (top + y) * width + left + x;
    }
  });
  return result;
}

function movedPlace(
  { width, height }: ImageData8,
  { down, across, to }: Puzzle,
  x: number,
  y: number,
): [number, number] {
  const [high, wide] = [Math.floor(height / down), Math.floor(width / across)];
  const [row, column] = [Math.floor(y / high), Math.floor(x / wide)];
  if (row < 0 || column < 0 || row >= down || column >= across) return [x, y];
  const target = to[row * across + column]!;
  return [x + ((target % across) - column) * wide, y + (Math.floor(target / across) - row) * high];
}
