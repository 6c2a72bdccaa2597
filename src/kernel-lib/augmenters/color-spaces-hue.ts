/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * HSV and HLS with hues of 0 to 179 by the rules of OpenCV 4.2: in single precision where it takes that, whose errors decide about halves,
 * and what its vectors of 128 bits leave over at the end of a row by another rule than the rest.
 */
import { inVectors, type Conversion } from "./color-conversion.js";
import { roundHalfEven } from "./enlarge.js";

const single = Math.fround;
const descaled = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;

const SATURATION = Float64Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : roundHalfEven((255 * 4096) / i)));
const HUE = Float64Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : roundHalfEven((180 * 4096) / (6 * i))));
/** Levels as shares of the highest. */
const SHARES = Float32Array.from({ length: 256 }, (_, level) => level * single(1 / 255));

export const intoHsv: Conversion = {
  pixel: (r, g, b, out) => {
    const value = r > g ? (r > b ? r : b) : g > b ? g : b;
    const spread = value - (r < g ? (r < b ? r : b) : g < b ? g : b);
    const turn = value === r ? g - b : value === g ? b - r + 2 * spread : r - g + 4 * spread;
    const hue = descaled(turn * HUE[spread]!, 12);
    out[0] = hue < 0 ? hue + 180 : hue;
    out[1] = descaled(spread * SATURATION[value]!, 12);
    out[2] = value;
  },
  loop: (loops, from, to, { count }) => loops.toHsv(from, to, count),
};

/** Which of four numbers belong to red, green and blue in each sixth of the hues. */
const SECTORS = [
  [0, 3, 1],
  [2, 0, 1],
  [1, 0, 3],
  [1, 2, 0],
  [3, 1, 0],
  [0, 1, 2],
] as const;

/** For each hue numbers of red, green and blue, and a fourth of nothing; four are made of how far a hue is within its sixth. */
function ofHues(four: (fraction: number) => readonly [number, number, number, number]): Float32Array {
  const result = new Float32Array(256 * 4);
  for (let hue = 0; hue < 256; hue++) {
    const place = single(hue * single(6 / 180));
    const whole = Math.trunc(place);
    const numbers = four(single(place - whole));
    SECTORS[whole % 6]!.forEach((which, c) => (result[hue * 4 + c] = numbers[which]!));
  }
  return result;
}

/** How much of the saturation takes from a colour. */
const PARTS = ofHues((fraction) => [0, 1, fraction, single(1 - fraction)]);

function hsvLevel(hue: number, saturation: number, value: number, c: number): number {
  const left = single(1 - single(SHARES[saturation]! * PARTS[hue * 4 + c]!));
  return single(single(SHARES[value]! * left) * 255);
}

export const outOfHsv: Conversion = {
  pixel: (h, s, v, out) => {
    for (let c = 0; c < 3; c++) out[c] = Math.trunc(hsvLevel(h, s, v, c));
  },
  rest: {
    lanes: 16,
    pixel: (h, s, v, out) => {
      for (let c = 0; c < 3; c++) out[c] = roundHalfEven(hsvLevel(h, s, v, c));
    },
  },
  tables: () => [PARTS, SHARES],
  loop: (loops, from, to, { width, height }, [parts, shares]) =>
    loops.fromHsv(from, to, parts!, shares!, width, height, inVectors(width, 16)),
};

/** @param rest what two is more than the sum of the highest and the lowest share */
function toHls(r: number, g: number, b: number, out: Float64Array, rest: (high: number, low: number) => number): void {
  const most = Math.max(r, g, b);
  const [high, low] = [SHARES[most]!, SHARES[Math.min(r, g, b)]!];
  const [sum, spread] = [single(high + low), single(high - low)];
  const light = sum / 2;
  out.fill(0);
  out[1] = roundHalfEven(single(light * 255));
  if (spread === 0) return;
  const difference = (a: number, c: number) => single(SHARES[a]! - SHARES[c]!);
  const turn = most === r ? difference(g, b) : most === g ? difference(b, r) : difference(r, g);
  const start = most === r ? (g < b ? 360 : 0) : most === g ? 120 : 240;
  const degrees = single(single(turn * single(60 / spread)) + start);
  out[0] = roundHalfEven(degrees / 2);
  out[2] = roundHalfEven(single(single(spread / (light < 0.5 ? sum : rest(high, low))) * 255));
}

export const intoHls: Conversion = {
  pixel: (r, g, b, out) => toHls(r, g, b, out, (high, low) => single(2 - single(high + low))),
  rest: {
    lanes: 4,
    pixel: (r, g, b, out) => toHls(r, g, b, out, (high, low) => single(single(2 - high) - low)),
  },
  loop: (loops, from, to, { width, height }) => loops.toHls(from, to, width, height, inVectors(width, 4)),
};

/** Whether a colour begins at the highest level or at the lowest, and how far from there it is, in halves of their difference. */
const SIGNS = ofHues(() => [1, -1, 1, -1]);
const SLOPES = ofHues((fraction) => [0, 0, -2 * fraction, 2 * fraction]);

export const outOfHls: Conversion = {
  pixel: (hue, light, saturation, out) => {
    const [l, s] = [SHARES[light]!, SHARES[saturation]!];
    const product = single(l * s);
    const reach = l <= 0.5 ? product : single(s - product);
    for (let c = 0; c < 3; c++) {
      const start = single(l + reach * SIGNS[hue * 4 + c]!);
      out[c] = roundHalfEven(single(single(start + single(reach * SLOPES[hue * 4 + c]!)) * 255));
    }
  },
  tables: () => [SIGNS, SLOPES, SHARES],
  loop: (loops, from, to, { count }, [signs, slopes, shares]) =>
    loops.fromHls(from, to, signs!, slopes!, shares!, count),
};
