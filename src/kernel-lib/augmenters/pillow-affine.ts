/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pillow's affine transform with the nearest pixel, to the bit: positions in 65536ths, or added up where the picture only changes its size.
 * Its map is in 32-bit floats, as imgaug makes it, because halves fall to one side or the other by their last bits.
 */
import type { ImageData8 } from "../structures/image.js";
import type { Workplace } from "./picture-simd.js";
import { samplePicture, type RowPositions, type SimdPositions } from "./sample-picture.js";
import type { AffineMap } from "./warp-affine.js";

type Row = [number, number, number];
type Matrix = [Row, Row, Row];

const { fround } = Math;

/** One map after another, the first one first, each in 32-bit floats. */
export function composed(maps: readonly AffineMap[]): AffineMap {
  const [first, second] = maps
    .map(([a, b, c, d, e, f]): Matrix =>
      rounded([
        [a, b, c],
        [d, e, f],
        [0, 0, 1],
      ]),
    )
    .reduce((before, after) => product(after, before));
  return [...first, ...second];
}

const rounded = (rows: Matrix): Matrix => rows.map((row) => row.map(fround)) as Matrix;

const product = (left: Matrix, right: Matrix): Matrix =>
  left.map((row) =>
    [0, 1, 2].map((j) => row.reduce((sum, value, k) => fround(sum + fround(value * right[k]![j]!)), 0)),
  ) as Matrix;

/** By elimination in 32-bit floats. A map that can't be turned round takes everything from the origin. */
export function turnedRound([a, b, c, d, e, f]: AffineMap): AffineMap {
  const isSwapped = Math.abs(d) > Math.abs(a);
  const [p, q, r, s, t, u] = isSwapped ? [d, e, f, a, b, c] : [a, b, c, d, e, f];
  const share = fround(s / p);
  const corner = fround(t - fround(share * q));
  if (!Number.isFinite(share) || corner === 0) return [0, 0, 0, 0, 0, 0];
  const last = fround(u - fround(share * r));
  const column = (first: number, second: number, third: number): [number, number] => {
    const [top, bottom] = isSwapped ? [second, first] : [first, second];
    const y = fround(fround(fround(bottom - fround(share * top)) - fround(last * third)) / corner);
    return [fround(fround(fround(top - fround(r * third)) - fround(q * y)) / p), y];
  };
  const [[m0, m3], [m1, m4], [m2, m5]] = [column(1, 0, 0), column(0, 1, 0), column(0, 0, 1)];
  return [m0, m1, m2, m3, m4, m5];
}

/** @param back from the new picture to the old one; @param fill the level of new pixels, one a channel */
export function pillowAffine(image: ImageData8, back: AffineMap, fill: readonly number[]): ImageData8 {
  const { width, height } = image;
  const isScaled = back[1] === 0 && back[3] === 0;
  const { positions, simd } = isScaled ? { positions: scaled(back, width, height) } : fixed(back, width, height);
  const source = image.channels === 4 ? withAlphaIn(image) : image;
  const options = { order: 0, mode: "constant", cval: [...fill, 255] } as const;
  const result = samplePicture(source, width, height, positions, options, simd);
  return image.channels === 4 ? withAlphaOut(result) : result;
}

interface Positions {
  positions: RowPositions;
  simd?: SimdPositions;
}

function fixed(back: AffineMap, width: number, height: number): Positions {
  const parts = (value: number) => Math.floor(value * 65536 + 0.5);
  const [a, b, c, d, e, f] = back;
  const [dx, dy, downX, downY] = [parts(a), parts(d), parts(b), parts(e)];
  const [startX, startY] = [parts(c + a * 0.5 + b * 0.5), parts(f + d * 0.5 + e * 0.5)];
  const positions: RowPositions = (y, xs, ys) => {
    const [x0, y0] = [startX + y * downX, startY + y * downY];
    for (let x = 0; x < xs.length; x++) {
      xs[x] = near((x0 + x * dx) / 65536);
      ys[x] = near((y0 + x * dy) / 65536);
    }
  };
  // No place on the way to a corner is farther away than the sum of all parts.
  const far = [
    [startX, dx, downX],
    [startY, dy, downY],
  ].map(([start = 0, across = 0, down = 0]) => Math.abs(start) + Math.abs(across) * width + Math.abs(down) * height);
  if (!far.every((parts) => parts < 2 ** 31)) return { positions };
  const [across, down] = [dx, dy].map((step) => Int32Array.from({ length: width }, (_, x) => x * step));
  const ready = (place: Workplace) => {
    const [acrossAt, downAt] = [place.put(across!), place.put(down!)];
    return (y: number, xs: number, ys: number) =>
      place.loops.affineRow(xs, ys, acrossAt, downAt, width, startX + y * downX, startY + y * downY, 16);
  };
  return { positions, simd: { sizes: [width * 4, width * 4], ready } };
}

const near = (place: number) => Math.floor(Math.min(Math.max(place, -2), 2 ** 30));

/** Along each axis by itself. */
function scaled([a, , c, , e, f]: AffineMap, width: number, height: number): RowPositions {
  const [columns, rows] = [added(c + a * 0.5, a, width), added(f + e * 0.5, e, height)];
  return (y, xs, ys) => {
    xs.set(columns);
    ys.fill(rows[y]!);
  };
}

function added(start: number, step: number, length: number): Int32Array {
  let place = start;
  return Int32Array.from({ length }, () => {
    const here = near(place);
    place += step;
    return here;
  });
}

/** Pillow moves colours times alpha, and divides by it afterwards. */
function withAlphaIn(image: ImageData8): ImageData8 {
  const data = image.data.map((level, i, all) => {
    if (i % 4 === 3) return level;
    const times = level * all[i | 3]! + 128;
    return ((times >> 8) + times) >> 8;
  });
  return { ...image, data };
}

function withAlphaOut(image: ImageData8): ImageData8 {
  const data = image.data.map((level, i, all) => {
    const alpha = all[i | 3]!;
    return i % 4 === 3 || alpha === 0 || alpha === 255 ? level : Math.min(Math.trunc((255 * level) / alpha), 255);
  });
  return { ...image, data };
}
