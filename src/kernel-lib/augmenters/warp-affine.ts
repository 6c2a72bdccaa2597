/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * A picture moved by an affine map or a perspective, to the bit as OpenCV's `warpAffine` and `warpPerspective` do it.
 *
 * Affine positions have 10 fractional bits (AB_BITS), of which interpolation uses 5 (INTER_BITS).
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { resampledMap, type ValueMap } from "./value-map.js";
import type { Workplace } from "./picture-simd.js";
import {
  near,
  samplePicture,
  type RowPositions,
  type SampleOptions,
  type SampleOrder,
  type SimdPositions,
} from "./sample-picture.js";

/** x' = a x + b y + c, y' = d x + e y + f: from the old picture to the new one, in pixels. */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Three rows of a 3 × 3 matrix, from the old picture to the new one. */
export type PerspectiveMap = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
];

interface Size {
  width: number;
  height: number;
}

/** The new picture has the old one's size unless told otherwise. A map that can't be turned round gives what lies at the origin. */
export function warpAffine(image: ImageData8, map: AffineMap, options: SampleOptions, size: Size = image): ImageData8 {
  const { positions, simd } = affinePositions(map, size.width, options.order);
  return samplePicture(image, size.width, size.height, positions, options, simd);
}

function affinePositions(
  map: AffineMap,
  width: number,
  order: SampleOrder,
): { positions: RowPositions; simd: SimdPositions } {
  const [m0, m1, m2, m3, m4, m5] = inverseMap(map);
  const [rounding, shift] = order === 0 ? [512, 10] : [16, 5];
  const dx = Int32Array.from({ length: width }, (_, x) => roundHalfEven(m0 * x * 1024));
  const dy = Int32Array.from({ length: width }, (_, x) => roundHalfEven(m3 * x * 1024));
  const startX = (y: number) => roundHalfEven((m1 * y + m2) * 1024) + rounding;
  const startY = (y: number) => roundHalfEven((m4 * y + m5) * 1024) + rounding;
  const positions: RowPositions = (y, xs, ys) => {
    const [x0, y0] = [startX(y), startY(y)];
    for (let i = 0; i < width; i++) {
      xs[i] = (x0 + dx[i]!) >> shift;
      ys[i] = (y0 + dy[i]!) >> shift;
    }
  };
  const ready = (place: Workplace) => {
    const [dxAt, dyAt] = [place.put(dx), place.put(dy)];
    return (y: number, xs: number, ys: number) =>
      place.loops.affineRow(xs, ys, dxAt, dyAt, width, startX(y), startY(y), shift);
  };
  return { positions, simd: { sizes: [dx.byteLength, dy.byteLength], ready } };
}

/** A map moved by an affine map of its own pixels: positions as `warpAffine` rounds them. @param between pixels of a heatmap */
export function affinelyResampled<M extends ValueMap>(
  map: M,
  transform: AffineMap,
  { width, height }: Size,
  between: SampleOrder = 3,
): M {
  const order = map.data instanceof Int32Array ? 0 : between;
  const unit = order === 0 ? 1 : 32;
  const { positions } = affinePositions(transform, width, order);
  const [xs, ys] = [new Int32Array(width), new Int32Array(width)];
  let row = -1;
  return resampledMap(
    map,
    width,
    height,
    (x, y) => {
      if (y !== row) positions(y, xs, ys);
      row = y;
      return [xs[x]! / unit, ys[x]! / unit];
    },
    "constant",
    order,
  );
}

export function inverseMap([a, b, c, d, e, f]: AffineMap): AffineMap {
  const determinant = a * e - b * d;
  const factor = determinant === 0 ? 0 : 1 / determinant;
  const [m0, m1, m3, m4] = [e * factor, -b * factor, -d * factor, a * factor];
  return [m0, m1, -m0 * c - m1 * f, m3, m4, -m3 * c - m4 * f];
}

export function warpPerspective(
  image: ImageData8,
  map: PerspectiveMap,
  options: SampleOptions,
  size: Size,
): ImageData8 {
  const inverse = inversePerspective(map);
  const unit = options.order === 0 ? 1 : 32;
  const positions: RowPositions = (y, xs, ys) => {
    for (let x = 0; x < xs.length; x++) {
      const [sx, sy] = projected(inverse, x, y);
      xs[x] = near(roundHalfEven(sx * unit));
      ys[x] = near(roundHalfEven(sy * unit));
    }
  };
  const ready = (place: Workplace) => {
    const mapAt = place.put(Float64Array.from(inverse));
    return (y: number, xs: number, ys: number) => place.loops.perspectiveRow(xs, ys, mapAt, size.width, y, unit);
  };
  return samplePicture(image, size.width, size.height, positions, options, { sizes: [72], ready });
}

/** Where a map takes a place; to the origin from its horizon. */
export function projected([a, b, c, d, e, f, g, h, i]: PerspectiveMap, x: number, y: number): [x: number, y: number] {
  const w = g * x + h * y + i;
  return w === 0 ? [0, 0] : [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

export function inversePerspective([a, b, c, d, e, f, g, h, i]: PerspectiveMap): PerspectiveMap {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const k = determinant === 0 ? 0 : 1 / determinant;
  return [
    (e * i - f * h) * k,
    (c * h - b * i) * k,
    (b * f - c * e) * k,
    (f * g - d * i) * k,
    (a * i - c * g) * k,
    (c * d - a * f) * k,
    (d * h - e * g) * k,
    (b * g - a * h) * k,
    (a * e - b * d) * k,
  ];
}
