/**
 * Anchors: the boxes that proposals are told relative to, at every place of every level. Ren et al., "Faster R-CNN" (NIPS 2015),
 * section 3.1.1; one size a level as in Lin et al., "Feature Pyramid Networks" (CVPR 2017), section 4.1.
 *
 * Shapes: L levels of H × W places; A anchors a place; anchors of a level (H·W·A) × 4, row by row, a place's anchors together.
 */

export interface AnchorShapes {
  /** For each level its sizes: the side of a square of the anchor's area, in pixels. */
  sizes: readonly (readonly number[])[];
  /** Height by width. */
  ratios: readonly number[];
  /** Of TensorFlow's kind: sides are not rounded, places are so many pixels apart, and what is over the border is cut off. */
  tensorflow?: { stride: number };
}

/** Height and width of a level, in places. */
export type GridSize = readonly [height: number, width: number];

/** A × 4: a level's anchors around the origin; by ratio, then by size. @param whole numbers, halves to the even one as in torch */
export function anchorsAtOrigin(sizes: readonly number[], ratios: readonly number[], whole = true): Float32Array {
  const boxes = ratios.flatMap((ratio) => {
    const height = Math.fround(Math.sqrt(ratio));
    const width = Math.fround(1 / height);
    return sizes.flatMap((size) => {
      const [x, y] = [Math.fround(width * size) / 2, Math.fround(height * size) / 2];
      return whole ? [-x, -y, x, y].map(roundHalfEven) : [-x, -y, x, y];
    });
  });
  return Float32Array.from(boxes);
}

/** All anchors of all levels, level by level. @param size height and width of the padded picture, in pixels */
export function anchorsOf(
  shapes: AnchorShapes,
  grids: readonly GridSize[],
  size: readonly [number, number],
): Float32Array {
  const levels = grids.map((grid, level) => levelAnchors(shapes, level, grid, size));
  const all = new Float32Array(levels.reduce((sum, level) => sum + level.length, 0));
  let offset = 0;
  for (const level of levels) {
    all.set(level, offset);
    offset += level.length;
  }
  return all;
}

/** A. */
export const anchorsAPlace = ({ sizes, ratios }: AnchorShapes): number => (sizes[0]?.length ?? 0) * ratios.length;

/** The places of anchors that lie within the picture. */
export function anchorsWithin(anchors: Float32Array, [height, width]: readonly [number, number]): Int32Array {
  const places = new Int32Array(anchors.length / 4).map((_, place) => place);
  return places.filter((place) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = anchors.subarray(place * 4, place * 4 + 4);
    return x1 >= 0 && y1 >= 0 && x2 <= width && y2 <= height;
  });
}

function levelAnchors(
  { sizes, ratios, tensorflow }: AnchorShapes,
  level: number,
  [rows, columns]: GridSize,
  [height, width]: readonly [number, number],
): Float32Array {
  const base = anchorsAtOrigin(sizes[level] ?? [], ratios, !tensorflow);
  const strideY = tensorflow?.stride ?? Math.floor(height / rows);
  const strideX = tensorflow?.stride ?? Math.floor(width / columns);
  const anchors = new Float32Array(rows * columns * base.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * strideX, row * strideY];
      for (let i = 0; i < base.length; i++) anchors[at++] = (base[i] ?? 0) + (i % 2 === 0 ? x : y);
    }
  }
  return anchors;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
