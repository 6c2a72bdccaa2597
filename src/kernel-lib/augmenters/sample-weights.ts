/* eslint-disable @typescript-eslint/no-non-null-assertion -- tables: every index lies within the table */
/**
 * The weights of the pixels around a place between pixels, for each 32nd (INTER_BITS) down and across: to the bit those of OpenCV's `remap`
 * on 8-bit pictures.
 */
import { roundHalfEven } from "./enlarge.js";
import { cubicWeights } from "./map-resize.js";

/** A table that is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** For each 32nd down and across the weights of four pixels, which add up to 1024. */
export const linearWeights16 = once(() =>
  Int16Array.from({ length: 4096 }, (_, i) => {
    const [fy, fx] = [i >> 7, (i >> 2) & 31];
    return (i & 2 ? fy : 32 - fy) * (i & 1 ? fx : 32 - fx);
  }),
);

/** The cubic weights in 16 bits, of which the first, 2^15, is not used. */
export const cubicWeights16 = once(() => Int16Array.from(cubicTable(), (weight) => Math.min(weight, 32767)));

/** 16 weights of 4 × 4 pixels each. */
export const cubicTable = once(() => weightTable(cubicWeights));

/** 64 weights of 8 × 8 pixels each. */
export const lanczosTable = once(() => weightTable(lanczosWeights));

/** For each 32nd down and across weights of 15 bits: what rounding leaves goes to the largest or smallest of four in the middle. */
function weightTable(weightsAt: (share: number) => readonly number[]): Int32Array {
  const rows = Array.from({ length: 32 }, (_, i) => weightsAt(i / 32).map(Math.fround));
  const side = rows[0]!.length;
  const count = side * side;
  const table = new Int32Array(1024 * count);
  // OpenCV looks at two by two weights from the middle on in each direction.
  const first = (side / 2) * side + side / 2;
  const middle = [first, first + 1, first + side, first + side + 1];
  for (let at = 0; at < 1024; at++) {
    const [down, across] = [rows[at >> 5]!, rows[at & 31]!];
    const weights = Array.from({ length: count }, (_, k) =>
      roundHalfEven(Math.fround(down[Math.floor(k / side)]! * across[k % side]!) * 32768),
    );
    const excess = weights.reduce((sum, weight) => sum + weight, 0) - 32768;
    const extreme = (sign: number) =>
      middle.reduce((best, k) => (weights[k]! * sign > weights[best]! * sign ? k : best));
    if (excess !== 0) weights[extreme(excess < 0 ? 1 : -1)]! -= excess;
    table.set(weights, at * count);
  }
  return table;
}

/** Lanczos' window of four pixels to each side (C. Lanczos, 1956), as OpenCV's: the weights of the pixels from three before to four behind. */
export function lanczosWeights(share: number): readonly number[] {
  if (share < 2 ** -23) return [0, 0, 0, 1, 0, 0, 0, 0];
  const angle = (distance: number) => -distance * Math.PI * 0.25;
  const [sine, cosine] = [Math.sin(angle(share + 3)), Math.cos(angle(share + 3))];
  const weights = LANCZOS_TURNS.map(([ofSine, ofCosine], i) =>
    Math.fround((ofSine * sine + ofCosine * cosine) / angle(share + 3 - i) ** 2),
  );
  const sum = weights.reduce((total, weight) => Math.fround(total + weight), 0);
  return weights.map((weight) => Math.fround(weight * Math.fround(1 / sum)));
}

/** By how much sine and cosine of the first pixel's angle turn for each of the others, an eighth of a circle apart. */
const LANCZOS_TURNS = [
  [1, 0],
  [-Math.SQRT1_2, -Math.SQRT1_2],
  [0, 1],
  [Math.SQRT1_2, -Math.SQRT1_2],
  [-1, 0],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, -1],
  [-Math.SQRT1_2, Math.SQRT1_2],
] as const;
