/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures in polar coordinates, rows angles and columns distances from the middle, and back: to the bit as OpenCV's `warpPolar` with the
 * nearest pixel. Its sums are 32-bit floats, and its angles come of a polynomial.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { near, samplePicture, type RowPositions } from "./sample-picture.js";
import { gathered, type ValueMap } from "./value-map.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const radiusOf = ({ width, height }: Size): number => Math.hypot(width / 2, height / 2);

/** As many rows and columns as keep the area of the circle around a picture. */
export const polarSize = (size: Size): Size => ({
  width: Math.max(roundHalfEven(radiusOf(size)), 1),
  height: Math.max(roundHalfEven(radiusOf(size) * Math.PI), 1),
});

const { fround } = Math;

/** Where the pixels of a picture's polar one lie in it. */
function inPicture(size: Size, polar: Size): RowPositions {
  const [step, turn] = [radiusOf(size) / polar.width, (2 * Math.PI) / polar.height];
  const [middleX, middleY] = [fround(size.width / 2), fround(size.height / 2)];
  return (y, xs, ys) => {
    const [cos, sin] = [Math.cos(turn * y), Math.sin(turn * y)];
    for (let x = 0; x < xs.length; x++) {
      const distance = fround(x * step);
      xs[x] = near(roundHalfEven(fround(distance * cos + middleX)));
      ys[x] = near(roundHalfEven(fround(distance * sin + middleY)));
    }
  };
}

/** Where the pixels of a picture lie in its polar one, whose first row comes again after its last. */
function inPolar(size: Size, polar: Size): RowPositions {
  const [step, turn] = [radiusOf(size) / polar.width, (2 * Math.PI) / polar.height];
  const [middleX, middleY] = [fround(size.width / 2), fround(size.height / 2)];
  return (y, xs, ys) => {
    const dy = fround(y - middleY);
    for (let x = 0; x < xs.length; x++) {
      const dx = fround(x - middleX);
      const distance = fround(Math.sqrt(fround(fround(dx * dx) + fround(dy * dy))));
      xs[x] = near(roundHalfEven(fround(distance / step)));
      const row = roundHalfEven(fround(fround(angleOf(dx, dy) / turn) + 1)) - 1;
      ys[x] = row === polar.height ? 0 : near(row);
    }
  };
}

const DEGREES = fround(180 / Math.PI);
const [P1, P3, P5, P7] = [0.9997878412794807, -0.3258083974640975, 0.1555786518463281, -0.04432655554792128].map(
  (factor) => fround(fround(factor) * DEGREES),
) as [number, number, number, number];

/** OpenCV's `fastAtan32f`, in radians from 0 to 2 pi. */
function angleOf(x: number, y: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  const share = fround(Math.min(ax, ay) / fround(Math.max(ax, ay) + fround(2 ** -52)));
  const square = fround(share * share);
  let sum = fround(fround(P7 * square) + P5);
  sum = fround(fround(sum * square) + P3);
  sum = fround(fround(fround(sum * square) + P1) * share);
  if (ax < ay) sum = fround(90 - sum);
  if (x < 0) sum = fround(180 - sum);
  if (y < 0) sum = fround(360 - sum);
  return fround(sum * fround(Math.PI / 180));
}

/** The places for the sizes that came last: pictures of a data set are often of one size, and these take longer than the pixels. */
const tables = new Map<string, { xs: Int32Array; ys: Int32Array }>();
const KEPT = 4;
const MOST_PIXELS = 2 ** 20;

function tabled(places: (size: Size, polar: Size) => RowPositions, size: Size, polar: Size, to: Size): RowPositions {
  const [positions, pixels] = [places(size, polar), to.width * to.height];
  if (pixels > MOST_PIXELS) return positions;
  const key = [places.name, size.width, size.height, polar.width, polar.height].join();
  const found = tables.get(key) ?? { xs: new Int32Array(pixels), ys: new Int32Array(pixels) };
  const row = ({ xs, ys }: typeof found, y: number) =>
    [xs, ys].map((table) => table.subarray(y * to.width, (y + 1) * to.width)) as [Int32Array, Int32Array];
  if (!tables.has(key)) {
    for (let y = 0; y < to.height; y++) positions(y, ...row(found, y));
    const [oldest] = tables.keys();
    if (tables.size >= KEPT && oldest !== undefined) tables.delete(oldest);
    tables.set(key, found);
  }
  return (y, xs, ys) => {
    const [ownX, ownY] = row(found, y);
    xs.set(ownX);
    ys.set(ownY);
  };
}

/** 0 where a picture has nothing. */
export const polarPicture = (image: ImageData8): ImageData8 =>
  nearestPicture(image, polarSize(image), (from, to) => tabled(inPicture, from, to, to));

/** @param size the picture's before */
export const pictureOfPolar = (polar: ImageData8, size: Size): ImageData8 =>
  nearestPicture(polar, size, (from, to) => tabled(inPolar, to, from, to));

function nearestPicture(image: ImageData8, size: Size, places: (from: Size, to: Size) => RowPositions): ImageData8 {
  const options = { order: 0, mode: "constant", cval: [0] } as const;
  return samplePicture(image, size.width, size.height, places(image, size), options);
}

export const polarMap = <M extends ValueMap>(map: M): M => nearestMap(map, polarSize(map), inPicture);

/** @param size the map's before */
export const mapOfPolar = <M extends ValueMap>(polar: M, size: Size): M =>
  nearestMap(polar, size, (from, to) => inPolar(to, from));

function nearestMap<M extends ValueMap>(map: M, size: Size, places: (from: Size, to: Size) => RowPositions): M {
  const positions = places(map, size);
  const [xs, ys] = [new Int32Array(size.width), new Int32Array(size.width)];
  let row = -1;
  return gathered(map, size.width, size.height, (x, y) => {
    if (y !== row) positions(y, xs, ys);
    row = y;
    const [px, py] = [xs[x]!, ys[x]!];
    return px >= 0 && py >= 0 && px < map.width && py < map.height ? py * map.width + px : undefined;
  });
}
