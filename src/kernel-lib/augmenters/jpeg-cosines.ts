/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index lies within the matrix */
/**
 * The cosine transforms of 8 and of 16 values, of which the lower 8 cosines are kept, in integers as libjpeg 9 has them: √2 · cos in 13 bits.
 * There each weight comes of sums of rounded constants (C. Loeffler, A. Ligtenberg and G. Moschytz, ICASSP 1989), so that a few are by 1
 * from the rounded cosine. Sums of integers are the same in any order: the matrices give what the flow graph does.
 */

/** `weights[row * columns + column]`, for sums over the columns. */
export interface CosineMatrix {
  weights: Int16Array;
  rows: number;
  columns: number;
}

type Corrections = readonly (readonly [cosine: number, place: number, more: 1 | -1])[];

// prettier-ignore
const OF_8: Corrections = [
  [1, 2, 1], [3, 1, 1], [3, 2, 1], [5, 0, 1], [5, 1, 1], [5, 2, 1], [6, 1, -1], [6, 2, 1],
];
// prettier-ignore
const OF_16: Corrections = [
  [1, 7, -1], [5, 2, 1], [6, 3, -1], [6, 4, 1], [7, 3, 1], [7, 4, 1],
];
// prettier-ignore
const BACK_TO_16: Corrections = [
  [2, 2, 1], [2, 5, -1], [3, 6, 1], [5, 2, 1], [5, 5, -1], [6, 0, -1], [6, 7, 1], [7, 3, 1],
];

/** Cosines as rows, values as columns. Of the odd cosines the second half is the first one's negative, backwards. */
function cosinesOf(size: 8 | 16, corrections: Corrections): CosineMatrix {
  const weights = Int16Array.from({ length: 8 * size }, (_, i) => {
    const [k, n] = [Math.floor(i / size), i % size];
    return Math.round(8192 * (k === 0 ? 1 : Math.SQRT2 * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * size))));
  });
  for (const [k, n, more] of corrections) {
    weights[k * size + n]! += more;
    weights[(k + 1) * size - 1 - n]! += k % 2 ? -more : more;
  }
  return { weights, rows: 8, columns: size };
}

function turned({ weights, rows, columns }: CosineMatrix): CosineMatrix {
  const result = weights.map((_, i) => weights[(i % rows) * columns + Math.floor(i / rows)]!);
  return { weights: result, rows: columns, columns: rows };
}

/** From values to cosines and back; the second shift takes away what both passes have multiplied by. */
export interface CosineTransform {
  size: 8 | 16;
  there: CosineMatrix;
  back: CosineMatrix;
}

export const COSINES_8: CosineTransform = { size: 8, there: cosinesOf(8, OF_8), back: turned(cosinesOf(8, OF_8)) };
export const COSINES_16: CosineTransform = {
  size: 16,
  there: cosinesOf(16, OF_16),
  back: turned(cosinesOf(16, BACK_TO_16)),
};

/** Bits that the passes take away: the first leaves two for the second, and numbers stay eight times their size until they are divided. */
export const FIRST_SHIFT = 11;
export const BACK_SHIFT = 18;
export const thereShift = (size: 8 | 16): number => (size === 8 ? 15 : 17);
