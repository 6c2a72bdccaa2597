/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures in polar coordinates, rows angles and columns distances from the middle, and back: to the bit as OpenCV's `warpPolar` with the
 * nearest pixel. Its sums are 32-bit floats, and its angles come of a polynomial.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import type { Workplace } from "./picture-simd.js";
import { near, samplePicture, type RowPositions, type SimdPositions } from "./sample-picture.js";
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

/** Where pixels lie, in plain TypeScript and with SIMD. */
interface Places {
  plain: RowPositions;
  simd: SimdPositions;
}

/** What both ways have in common: a pixel of the polar picture goes so far out, and a row so far around. */
const measures = (size: Size, polar: Size) => ({
  step: radiusOf(size) / polar.width,
  turn: (2 * Math.PI) / polar.height,
  middleX: fround(size.width / 2),
  middleY: fround(size.height / 2),
});

/** Where the pixels of a picture's polar one lie in it. */
function inPicture(size: Size, polar: Size): Places {
  const { step, turn, middleX, middleY } = measures(size, polar);
  return {
    plain: (y, xs, ys) => {
      const [cos, sin] = [Math.cos(turn * y), Math.sin(turn * y)];
      for (let x = 0; x < xs.length; x++) {
        const distance = fround(x * step);
        xs[x] = near(roundHalfEven(fround(distance * cos + middleX)));
        ys[x] = near(roundHalfEven(fround(distance * sin + middleY)));
      }
    },
    simd: everyRow((loops, y, xs, ys) => {
      loops.rayRow(xs, ys, polar.width, step, Math.cos(turn * y), Math.sin(turn * y), middleX, middleY);
    }),
  };
}

/** Where the pixels of a picture lie in its polar one, whose first row comes again after its last. */
function inPolar(size: Size, polar: Size): Places {
  const { step, turn, middleX, middleY } = measures(size, polar);
  return {
    plain: (y, xs, ys) => {
      const dy = fround(y - middleY);
      for (let x = 0; x < xs.length; x++) {
        const dx = fround(x - middleX);
        const distance = fround(Math.sqrt(fround(fround(dx * dx) + fround(dy * dy))));
        xs[x] = near(roundHalfEven(fround(distance / step)));
        const row = roundHalfEven(fround(fround(angleOf(dx, dy) / turn) + 1)) - 1;
        ys[x] = row === polar.height ? 0 : near(row);
      }
    },
    simd: everyRow((loops, y, xs, ys) => {
      loops.polarRow(xs, ys, size.width, y - middleY, middleX, step, turn, polar.height);
    }),
  };
}

/** What takes nothing of the memory beside the positions themselves. */
const everyRow = (fill: (loops: Workplace["loops"], y: number, xs: number, ys: number) => void): SimdPositions => ({
  sizes: [],
  ready:
    ({ loops }) =>
    (y, xs, ys) => {
      fill(loops, y, xs, ys);
    },
});

const DEGREES = fround(180 / Math.PI);
const [P1, P3, P5, P7] = [0.9997878412794807, -0.3258083974640975, 0.1555786518463281, -0.04432655554792128].map(
  (factor) => fround(fround(factor) * DEGREES),
) as [number, number, number, number];

/** OpenCV's `fastAtan32f`, in radians from 0 to 2 pi. */
export function angleOf(x: number, y: number): number {
  const [ax, ay] = [Math.abs(fround(x)), Math.abs(fround(y))];
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

/** 0 where a picture has nothing. */
export const polarPicture = (image: ImageData8): ImageData8 => nearestPicture(image, polarSize(image), inPicture);

/** @param size the picture's before */
export const pictureOfPolar = (polar: ImageData8, size: Size): ImageData8 =>
  nearestPicture(polar, size, (from, to) => inPolar(to, from));

function nearestPicture(image: ImageData8, size: Size, places: (from: Size, to: Size) => Places): ImageData8 {
  const options = { order: 0, mode: "constant", cval: [0] } as const;
  const { plain, simd } = places(image, size);
  return samplePicture(image, size.width, size.height, plain, options, simd);
}

export const polarMap = <M extends ValueMap>(map: M): M => nearestMap(map, polarSize(map), inPicture);

/** @param size the map's before */
export const mapOfPolar = <M extends ValueMap>(polar: M, size: Size): M =>
  nearestMap(polar, size, (from, to) => inPolar(to, from));

function nearestMap<M extends ValueMap>(map: M, size: Size, places: (from: Size, to: Size) => Places): M {
  const { plain: positions } = places(map, size);
  const [xs, ys] = [new Int32Array(size.width), new Int32Array(size.width)];
  let row = -1;
  return gathered(map, size.width, size.height, (x, y) => {
    if (y !== row) positions(y, xs, ys);
    row = y;
    const [px, py] = [xs[x]!, ys[x]!];
    return px >= 0 && py >= 0 && px < map.width && py < map.height ? py * map.width + px : undefined;
  });
}
