/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over maps: every index lies within the map */
/**
 * Maps over a picture, a value for each of its places: heatmaps (floats from 0 to 1) and segmentation maps (whole numbers, the
 * classes). They may be coarser than the picture; a change in the picture's pixels is a change in their share of it.
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { cubicWeights, resizedValues } from "./map-resize.js";
import type { Interpolation } from "./interpolation.js";
import { lanczosWeights } from "./sample-weights.js";

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

export { cubicWeights };

export type ValueMap = Heatmap | SegmentationMap;

/** What becomes of a map, given the picture before. */
export type MapMove = <M extends ValueMap>(map: M, image: ImageData8) => M;

const isMap = (map: Partial<ValueMap> | null | undefined) =>
  map !== null &&
  map !== undefined &&
  [map.width, map.height, map.channels].every((length) => Number.isInteger(length) && Number(length) > 0) &&
  map.data?.length === Number(map.width) * Number(map.height) * Number(map.channels);

export const isHeatmap = (map: Heatmap | null | undefined): boolean => isMap(map) && map?.data instanceof Float32Array;
export const isSegmentationMap = (map: SegmentationMap | null | undefined): boolean =>
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

/**
 * A map seen through a transform: segmentation maps the nearest, 0 around.
 * @param order of heatmaps, whose values are clipped to 0 to 1: 0 is the nearest, 1 linear, 3 cubic, 4 Lanczos'
 */
export function resampledMap<M extends ValueMap>(
  map: M,
  width: number,
  height: number,
  source: Source,
  mode: BorderMode = "constant",
  order: 0 | 1 | 3 | 4 = 3,
): M {
  const at = placeOf(map, mode);
  if (map.data instanceof Int32Array || order === 0) {
    return gathered(map, width, height, (x, y) => {
      const [sx, sy] = source(x, y);
      return at(roundHalfEven(sx), roundHalfEven(sy));
    });
  }
  const { channels, data: old } = map;
  const data = new Float32Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      const [sx, sy] = source(x, y);
      for (let c = 0; c < channels; c++) data[to + c] = valueBetween(old, channels, at, sx, sy, c, order);
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

/** The weights of the values around a place, and how many of them lie before the nearest one before it. */
const BETWEEN: Record<1 | 3 | 4, { weights: (share: number) => readonly number[]; before: number }> = {
  1: { weights: (share) => [1 - share, share], before: 0 },
  3: { weights: cubicWeights, before: 1 },
  4: { weights: lanczosWeights, before: 3 },
};

function valueBetween(
  data: ArrayLike<number>,
  channels: number,
  at: (x: number, y: number) => number | undefined,
  sx: number,
  sy: number,
  c: number,
  order: keyof typeof BETWEEN,
): number {
  const [x, y] = [Math.floor(sx), Math.floor(sy)];
  const { weights, before } = BETWEEN[order];
  const [across, down] = [weights(sx - x), weights(sy - y)];
  let sum = 0;
  down.forEach((weight, j) => {
    for (let i = 0; i < across.length; i++) {
      const place = at(x + i - before, y + j - before);
      if (place !== undefined) sum += weight * across[i]! * data[place * channels + c]!;
    }
  });
  return Math.min(Math.max(sum, 0), 1);
}

/** A map at another size: segmentation maps the nearest, by the rules of OpenCV's `resize`. @param interpolation of heatmaps */
export function resizedMap<M extends ValueMap>(
  map: M,
  width: number,
  height: number,
  interpolation: Interpolation = "cubic",
): M {
  if (width === map.width && height === map.height) return map;
  const { data, channels } = map;
  if (data instanceof Float32Array) {
    return { data: resizedValues({ ...map, data }, width, height, interpolation), width, height, channels } as M;
  }
  const place = (i: number, scale: number, size: number) => Math.min(Math.floor(i * scale), size - 1);
  const [scaleX, scaleY] = [map.width / width, map.height / height];
  return gathered(map, width, height, (x, y) => place(y, scaleY, map.height) * map.width + place(x, scaleX, map.width));
}
