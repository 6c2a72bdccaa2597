/**
 * Boxes as flat lists of numbers, and how much they overlap: the Jaccard index, which the field calls IoU.
 *
 * Shapes: a list of N boxes is N × 4 numbers, xmin, ymin, xmax, ymax in continuous coordinates; M boxes of the truth, N candidates.
 * All arithmetic is in single precision, as torchvision's, so that ties are ties here too.
 */

const f = Math.fround;

/** The areas of N boxes. */
export function boxAreas(boxes: Float32Array): Float32Array {
  const areas = new Float32Array(boxes.length / 4);
  for (let i = 0; i < areas.length; i++) areas[i] = areaOf(boxes, i);
  return areas;
}

/** M × N: each box of the one list with each of the other, row by row. */
export function boxIou(first: Float32Array, second: Float32Array): Float32Array {
  const columns = second.length / 4;
  const result = new Float32Array((first.length / 4) * columns);
  for (let row = 0; row * 4 < first.length; row++) result.set(overlapsOf(first, row, second), row * columns);
  return result;
}

/** N: one box of a list with each of another list. */
export function overlapsOf(list: Float32Array, index: number, boxes: Float32Array): Float32Array {
  const [left = 0, top = 0, right = 0, bottom = 0] = list.subarray(index * 4, index * 4 + 4);
  const area = areaOf(list, index);
  const result = new Float32Array(boxes.length / 4);
  for (let i = 0, at = 0; i < result.length; i++, at += 4) {
    const x1 = boxes[at] ?? 0;
    const x2 = boxes[at + 2] ?? 0;
    const width = f((x2 < right ? x2 : right) - (x1 > left ? x1 : left));
    if (!(width > 0)) continue;
    const y1 = boxes[at + 1] ?? 0;
    const y2 = boxes[at + 3] ?? 0;
    const height = f((y2 < bottom ? y2 : bottom) - (y1 > top ? y1 : top));
    if (!(height > 0)) continue;
    const shared = f(width * height);
    result[i] = f(shared / f(f(area + f(f(x2 - x1) * f(y2 - y1))) - shared));
  }
  return result;
}

/** The boxes cut off at the borders of a picture, in place. */
export function clipBoxes(boxes: Float32Array, width: number, height: number): Float32Array {
  for (let i = 0; i < boxes.length; i += 2) {
    boxes[i] = Math.min(Math.max(boxes[i] ?? 0, 0), width);
    boxes[i + 1] = Math.min(Math.max(boxes[i + 1] ?? 0, 0), height);
  }
  return boxes;
}

/** The boxes at other scales of x and y, in place. */
export function scaleBoxes(boxes: Float32Array, horizontal: number, vertical: number): Float32Array {
  for (let i = 0; i < boxes.length; i += 2) {
    boxes[i] = (boxes[i] ?? 0) * horizontal;
    boxes[i + 1] = (boxes[i + 1] ?? 0) * vertical;
  }
  return boxes;
}

/** The boxes of the given places, in that order. */
export function pickBoxes(boxes: Float32Array, places: ArrayLike<number>): Float32Array {
  const result = new Float32Array(places.length * 4);
  for (let i = 0; i < places.length; i++) {
    const at = (places[i] ?? 0) * 4;
    for (let side = 0; side < 4; side++) result[i * 4 + side] = boxes[at + side] ?? 0;
  }
  return result;
}

function areaOf(boxes: Float32Array, index: number): number {
  const at = index * 4;
  const width = f((boxes[at + 2] ?? 0) - (boxes[at] ?? 0));
  return f(width * f((boxes[at + 3] ?? 0) - (boxes[at + 1] ?? 0)));
}
