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
}

/** Height and width of a level, in places. */
export type GridSize = readonly [height: number, width: number];

/** A × 4: a level's anchors around the origin; by ratio, then by size; whole numbers, halves to the even one as in torch. */
export function anchorsAtOrigin(sizes: readonly number[], ratios: readonly number[]): Float32Array {
  const boxes = ratios.flatMap((ratio) => {
    const height = Math.fround(Math.sqrt(ratio));
    const width = Math.fround(1 / height);
    return sizes.flatMap((size) => {
      const [x, y] = [Math.fround(width * size) / 2, Math.fround(height * size) / 2];
      return [-x, -y, x, y].map(roundHalfEven);
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
  const levels = grids.map((grid, level) => levelAnchors(shapes.sizes[level] ?? [], shapes.ratios, grid, size));
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

function levelAnchors(
  sizes: readonly number[],
  ratios: readonly number[],
  [rows, columns]: GridSize,
  [height, width]: readonly [number, number],
): Float32Array {
  const base = anchorsAtOrigin(sizes, ratios);
  const [strideY, strideX] = [Math.floor(height / rows), Math.floor(width / columns)];
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
