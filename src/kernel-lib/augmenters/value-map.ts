/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over maps: every index lies within the map */
/**
 * Maps over a picture, a value for each of its places: heatmaps (floats from 0 to 1) and segmentation maps (whole numbers, the
 * classes). They may be coarser than the picture; a change in the picture's pixels is a change in their share of it.
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";

/** Interleaved, row by row; values from 0 to 1. */
export interface Heatmap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Interleaved, row by row; the classes. */
export interface SegmentationMap {
  readonly data: Int32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

export type ValueMap = Heatmap | SegmentationMap;

/** What becomes of a map, given the picture before. */
export type MapMove = <M extends ValueMap>(map: M, image: ImageData8) => M;

const isMap = (map: Partial<ValueMap> | null) =>
  map !== null &&
  [map.width, map.height, map.channels].every((length) => Number.isInteger(length) && Number(length) > 0) &&
  map.data?.length === Number(map.width) * Number(map.height) * Number(map.channels);

export const isHeatmap = (map: Heatmap | null): boolean => isMap(map) && map?.data instanceof Float32Array;
export const isSegmentationMap = (map: SegmentationMap | null): boolean =>
  isMap(map) && map?.data instanceof Int32Array;

/** A map of another size, each value from a place of the old map: nothing (0) where that is undefined. */
export function gathered<M extends ValueMap>(
  map: M,
  width: number,
  height: number,
  from: (x: number, y: number) => number | undefined,
): M {
  const { channels } = map;
  const data = blankData(map, width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const place = from(x, y);
      if (place !== undefined) for (let c = 0; c < channels; c++) data[to + c] = map.data[place * channels + c]!;
    }
  }
  return { data, width, height, channels } as M;
}

export function blankData(map: ValueMap, length: number): Float32Array | Int32Array {
  return map.data instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
}

/** The old place (in the map's pixels, pixel centres at whole numbers) of each new pixel. */
export type Source = (x: number, y: number) => readonly [x: number, y: number];

/** A map seen through a transform: cubic for heatmaps and clipped to 0 to 1, the nearest for segmentation maps, 0 around. */
export function resampledMap<M extends ValueMap>(
  map: M,
  width: number,
  height: number,
  source: Source,
  mode: BorderMode = "constant",
): M {
  const at = placeOf(map, mode);
  if (map.data instanceof Int32Array) {
    return gathered(map, width, height, (x, y) => {
      const [sx, sy] = source(x, y);
      return at(roundHalfEven(sx), roundHalfEven(sy));
    });
  }
  const { channels } = map;
  const data = new Float32Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const [sx, sy] = source(x, y);
      for (let c = 0; c < channels; c++) data[to + c] = cubicValue(map, at, sx, sy, c);
    }
  }
  return { data, width, height, channels } as M;
}

/** Where a pixel that may lie outside is in memory, in pixels. */
function placeOf({ width, height }: ValueMap, mode: BorderMode): (x: number, y: number) => number | undefined {
  return (x, y) => {
    if (x >= 0 && y >= 0 && x < width && y < height) return y * width + x;
    return mode === "constant" ? undefined : borderIndex(y, height, mode) * width + borderIndex(x, width, mode);
  };
}

function cubicValue(
  { data, channels }: ValueMap,
  at: (x: number, y: number) => number | undefined,
  sx: number,
  sy: number,
  c: number,
): number {
  const [x, y] = [Math.floor(sx), Math.floor(sy)];
  const across = cubicWeights(sx - x);
  let sum = 0;
  cubicWeights(sy - y).forEach((weight, j) => {
    for (let i = 0; i < 4; i++) {
      const place = at(x + i - 1, y + j - 1);
      if (place !== undefined) sum += weight * across[i]! * data[place * channels + c]!;
    }
  });
  return Math.min(Math.max(sum, 0), 1);
}

/** R. Keys' cubic convolution (1981) with A = -0.75, as OpenCV's: the weights of the pixels from one before to two behind. */
export function cubicWeights(t: number): readonly [number, number, number, number] {
  const A = -0.75;
  const before = ((A * (t + 1) - 5 * A) * (t + 1) + 8 * A) * (t + 1) - 4 * A;
  const here = ((A + 2) * t - (A + 3)) * t * t + 1;
  const behind = ((A + 2) * (1 - t) - (A + 3)) * (1 - t) * (1 - t) + 1;
  return [before, here, behind, 1 - before - here - behind];
}

/** A map at another size: cubic for heatmaps, the nearest for segmentation maps, by the rules of OpenCV's `resize`. */
export function resizedMap<M extends ValueMap>(map: M, width: number, height: number): M {
  if (width === map.width && height === map.height) return map;
  const [scaleX, scaleY] = [map.width / width, map.height / height];
  if (map.data instanceof Int32Array) {
    const place = (i: number, scale: number, size: number) => Math.min(Math.floor(i * scale), size - 1);
    return gathered(
      map,
      width,
      height,
      (x, y) => place(y, scaleY, map.height) * map.width + place(x, scaleX, map.width),
    );
  }
  const source: Source = (x, y) => [(x + 0.5) * scaleX - 0.5, (y + 0.5) * scaleY - 0.5];
  return resampledMap(map, width, height, source, "edge");
}
