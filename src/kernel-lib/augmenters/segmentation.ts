/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over points: every index lies within the list */
/** imgaug's module `segmentation`: parts of pictures in one colour. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, functionOption, integerOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { numberParameter, probabilityParameter, type NumberParameter } from "./parameters.js";
import { INTERPOLATIONS, type Interpolation } from "./resize.js";
import { atMostSize, filledSegments } from "./segment-colors.js";
import { superpixels } from "./superpixels.js";

export interface SegmentOptions extends AugmenterOptions {
  /** The share of segments that are filled, 0 to 1. */
  pReplace?: NumberParameter;
  /** Larger pictures are made smaller first, for speed, and larger again after it; null: never. */
  maxSize?: number | null;
  /** How they are made smaller and larger; "linear" by default. */
  interpolation?: Interpolation;
}

const SHARED = ["pReplace", "maxSize", "interpolation"];

export interface SuperpixelsOptions extends SegmentOptions {
  /** About how many segments; [50, 120] by default. */
  nSegments?: NumberParameter;
}

/** Fills superpixels (SLIC, R. Achanta and others, 2012), by default [0.5, 1] of them, on at most 128 pixels a side. */
export function Superpixels(given: NumberParameter | SuperpixelsOptions = {}): Augmenter {
  const options = firstOption<SuperpixelsOptions>("Superpixels", "pReplace", given, ["nSegments", ...SHARED]);
  const count = numberParameter("nSegments", options.nSegments ?? [50, 120], { min: 1, integer: true });
  return filling("Superpixels", { maxSize: 128, pReplace: [0.5, 1], ...options }, (image, random) => ({
    labels: superpixels(image, count.sample(random)),
    level: roundHalfEven,
  }));
}

export type Point = readonly [x: number, y: number];
/** Makes points on a picture, in pixels. */
export type PointsSampler = (size: { width: number; height: number }, random: SeededRandom) => readonly Point[];

export interface VoronoiOptions extends SegmentOptions {
  /** Makes the points; each pixel belongs to the nearest. */
  pointsSampler: PointsSampler;
}

/** Fills the cells around points, by default all, on at most 128 pixels a side. */
export function Voronoi(given: VoronoiOptions): Augmenter {
  const options = knownOptions("Voronoi", given, ["pointsSampler", ...SHARED]);
  const sampler = functionOption("pointsSampler", options.pointsSampler, "that makes points");
  return voronoi("Voronoi", { maxSize: 128, pReplace: 1, ...options }, (size, random) =>
    pointsOption(sampler(size, random)),
  );
}

function pointsOption(points: readonly Point[]): readonly Point[] {
  const isPoint = (point: unknown) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  const given: unknown = points;
  if (Array.isArray(given) && given.every(isPoint)) return points;
  const expected = "a function that makes a list of points [x, y]";
  throw new VitrineError("InvalidOption", { option: "pointsSampler", expected, received: quote(points) });
}

export interface UniformVoronoiOptions extends SegmentOptions {
  /** [50, 500] by default. */
  nPoints?: NumberParameter;
}

/** `Voronoi` with points anywhere; [0.5, 1] of the cells are filled by default. */
export function UniformVoronoi(given: NumberParameter | UniformVoronoiOptions = {}): Augmenter {
  const options = firstOption<UniformVoronoiOptions>("UniformVoronoi", "nPoints", given, ["nPoints", ...SHARED]);
  const count = numberParameter("nPoints", options.nPoints ?? [50, 500], { min: 1, max: 1e6, integer: true });
  return voronoi("UniformVoronoi", { maxSize: 128, pReplace: [0.5, 1], ...options }, ({ width, height }, random) =>
    Array.from({ length: count.sample(random) }, () => [
      roundHalfEven(random.next() * width),
      roundHalfEven(random.next() * height),
    ]),
  );
}

interface DropOptions extends SegmentOptions {
  /** The share of points that are dropped, 0 to 1; [0, 0.5] by default. */
  pDropPoints?: NumberParameter;
}

export interface RegularGridVoronoiOptions extends DropOptions {
  /** How many points down; [10, 30] by default. */
  nRows?: NumberParameter;
  /** How many points across; [10, 30] by default. */
  nCols?: NumberParameter;
}

/** `Voronoi` with the points of a grid, some of them dropped; [0.5, 1] of the cells are filled by default. */
export function RegularGridVoronoi(given: RegularGridVoronoiOptions = {}): Augmenter {
  const names = ["nRows", "nCols", "pDropPoints", ...SHARED];
  const options = knownOptions("RegularGridVoronoi", given, names);
  const rows = numberParameter("nRows", options.nRows ?? [10, 30], { min: 1, integer: true });
  const columns = numberParameter("nCols", options.nCols ?? [10, 30], { min: 1, integer: true });
  const drop = dropping(options);
  return voronoi("RegularGridVoronoi", { maxSize: 128, pReplace: [0.5, 1], ...options }, (size, random) =>
    drop(gridPoints(size, rows.sample(random), columns.sample(random)), random),
  );
}

export interface RelativeRegularGridVoronoiOptions extends DropOptions {
  /** How many points down, as a share of the height; [0.05, 0.15] by default. */
  nRowsFrac?: NumberParameter;
  /** How many points across, as a share of the width; [0.05, 0.15] by default. */
  nColsFrac?: NumberParameter;
}

/** `RegularGridVoronoi` with as many points as the picture is large, at its full size by default. */
export function RelativeRegularGridVoronoi(given: RelativeRegularGridVoronoiOptions = {}): Augmenter {
  const names = ["nRowsFrac", "nColsFrac", "pDropPoints", ...SHARED];
  const options = knownOptions("RelativeRegularGridVoronoi", given, names);
  const range = { min: 1e-4, max: 1 };
  const rows = numberParameter("nRowsFrac", options.nRowsFrac ?? [0.05, 0.15], range);
  const columns = numberParameter("nColsFrac", options.nColsFrac ?? [0.05, 0.15], range);
  const drop = dropping(options);
  return voronoi("RelativeRegularGridVoronoi", { pReplace: [0.5, 1], ...options }, (size, random) => {
    const count = (share: number, length: number) => roundHalfEven(share * length);
    const [down, across] = [count(rows.sample(random), size.height), count(columns.sample(random), size.width)];
    return drop(gridPoints(size, down, across), random);
  });
}

/** In the middle of each cell; at most one a pixel. */
function gridPoints({ width, height }: { width: number; height: number }, rows: number, columns: number): Point[] {
  const [down, across] = [Math.min(Math.max(rows, 1), height), Math.min(Math.max(columns, 1), width)];
  return Array.from({ length: down * across }, (_, i) => [
    (((i % across) + 0.5) * width) / across,
    ((Math.floor(i / across) + 0.5) * height) / down,
  ]);
}

/** At least one point stays. */
function dropping(options: DropOptions): (points: Point[], random: SeededRandom) => Point[] {
  const share = numberParameter("pDropPoints", options.pDropPoints ?? [0, 0.5], { min: 0, max: 1 });
  return (points, random) => {
    const drawn = share.sample(random);
    const kept = points.filter(() => random.next() >= drawn);
    return kept.length > 0 ? kept : [points[(points.length - 1) >> 1]!];
  };
}

interface Segments {
  labels: Int32Array;
  level: (mean: number) => number;
}

function filling(
  name: string,
  options: SegmentOptions,
  segments: (image: ImageData8, random: SeededRandom) => Segments,
): Augmenter {
  const replace = probabilityParameter("pReplace", options.pReplace ?? 1);
  const most =
    options.maxSize === null || options.maxSize === undefined ? Infinity : integerOption("maxSize", options.maxSize, 1);
  const method = choiceOption("interpolation", options.interpolation ?? "linear", INTERPOLATIONS);
  return imageAugmenter(name, options, (image, random) =>
    atMostSize(image, most, method, (small) => {
      const { labels, level } = segments(small, random);
      const count = labels.reduce((a, b) => Math.max(a, b), 0) + 1;
      const isReplaced = Array.from({ length: count }, () => replace(random));
      return isReplaced.includes(true) ? filledSegments(small, labels, isReplaced, level) : small;
    }),
  );
}

function voronoi(name: string, options: SegmentOptions, sampler: PointsSampler): Augmenter {
  return filling(name, options, (image, random) => ({
    labels: nearestPoints(image, sampler(image, random)),
    level: Math.trunc,
  }));
}

/** For each pixel the point nearest to its middle: only points of the cells of a coarse grid around it are looked at. */
function nearestPoints({ width, height }: ImageData8, points: readonly Point[]): Int32Array {
  const labels = new Int32Array(width * height);
  if (points.length === 0) return labels;
  const size = Math.max(Math.sqrt((width * height) / points.length), 1);
  const [wide, high] = [Math.floor(width / size) + 1, Math.floor(height / size) + 1];
  const cells: number[][] = Array.from({ length: wide * high }, () => []);
  const cell = (value: number, count: number) => Math.min(Math.max(Math.floor(value / size), 0), count - 1);
  points.forEach(([x, y], i) => cells[cell(y, high) * wide + cell(x, wide)]!.push(i));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) labels[at] = nearestPoint(x + 0.5, y + 0.5);
  }
  return labels;

  function nearestPoint(x: number, y: number): number {
    const [column, row] = [cell(x, wide), cell(y, high)];
    let [best, nearest] = [Infinity, 0];
    // What lies beyond a ring is farther than the ring's inner side.
    for (let ring = 0; ring <= Math.max(wide, high) && (ring - 1) * size <= Math.sqrt(best); ring++) {
      for (let r = row - ring; r <= row + ring; r++) {
        if (r < 0 || r >= high) continue;
        const step = r === row - ring || r === row + ring ? 1 : Math.max(2 * ring, 1);
        for (let c = column - ring; c <= column + ring; c += step) {
          if (c < 0 || c >= wide) continue;
          for (const i of cells[r * wide + c]!) {
            const [px, py] = points[i]!;
            const distance = (px - x) ** 2 + (py - y) ** 2;
            if (distance < best || (distance === best && i < nearest)) [best, nearest] = [distance, i];
          }
        }
      }
    }
    return nearest;
  }
}
