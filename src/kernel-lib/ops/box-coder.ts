/**
 * A box told relative to another one, as regressors learn it: Girshick et al., "Rich feature hierarchies" (CVPR 2014), appendix C.
 * Centre offsets in parts of the reference's sides, and logarithms of the sides' ratios, each times a weight.
 *
 * Shapes: N boxes, N × 4 (xmin, ymin, xmax, ymax); N codes, N × 4 (dx, dy, dw, dh).
 */

export type CoderWeights = readonly [x: number, y: number, width: number, height: number];

/** A side grows to at most 1000 / 16 of the reference's, so that an early network's guesses don't overflow. */
export const MOST_GROWTH = Math.log(1000 / 16);

/** The codes of `boxes` relative to `references`. */
export function encodeBoxes(boxes: Float32Array, references: Float32Array, weights: CoderWeights): Float32Array {
  const codes = new Float32Array(boxes.length);
  const [wx, wy, ww, wh] = weights;
  for (let i = 0; i < boxes.length; i += 4) {
    const from = centred(references, i);
    const to = centred(boxes, i);
    codes[i] = (wx * (to.x - from.x)) / from.width;
    codes[i + 1] = (wy * (to.y - from.y)) / from.height;
    codes[i + 2] = ww * Math.log(to.width / from.width);
    codes[i + 3] = wh * Math.log(to.height / from.height);
  }
  return codes;
}

/** The boxes that `codes` tell, relative to `references`. */
export function decodeBoxes(codes: Float32Array, references: Float32Array, weights: CoderWeights): Float32Array {
  const boxes = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i += 4) decodeBox(codes, i, references, i, weights, boxes, i);
  return boxes;
}

/** One of them: the code that begins at `code`, the reference that begins at `reference`, into the box that begins at `box`. */
export function decodeBox(
  codes: Float32Array,
  code: number,
  references: Float32Array,
  reference: number,
  [wx, wy, ww, wh]: CoderWeights,
  boxes: Float32Array,
  box: number,
): void {
  const { x, y, width, height } = centred(references, reference);
  const centreX = ((codes[code] ?? 0) / wx) * width + x;
  const centreY = ((codes[code + 1] ?? 0) / wy) * height + y;
  const halfWidth = 0.5 * Math.exp(Math.min((codes[code + 2] ?? 0) / ww, MOST_GROWTH)) * width;
  const halfHeight = 0.5 * Math.exp(Math.min((codes[code + 3] ?? 0) / wh, MOST_GROWTH)) * height;
  boxes[box] = centreX - halfWidth;
  boxes[box + 1] = centreY - halfHeight;
  boxes[box + 2] = centreX + halfWidth;
  boxes[box + 3] = centreY + halfHeight;
}

function centred(boxes: Float32Array, at: number) {
  const [x1, y1] = [boxes[at] ?? 0, boxes[at + 1] ?? 0];
  const width = (boxes[at + 2] ?? 0) - x1;
  const height = (boxes[at + 3] ?? 0) - y1;
  return { x: x1 + width / 2, y: y1 + height / 2, width, height };
}
