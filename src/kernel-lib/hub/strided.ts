/** A tensor's numbers out of its storage: slices, transposed and expanded views become rows in memory of their own. */
import { quote, VitrineError } from "../structures/errors.js";
import { elementsOf, type Tensor, type TensorValues } from "./tensor.js";
import type { TensorReference } from "./torch-globals.js";

/** Expanded views (stride 0) hold more numbers than their storage; a few kilobytes must not ask for gigabytes. */
const MAX_EXPANDED = 2 ** 24;

/**
 * @param values all numbers of the storage
 * @throws InvalidWeights where the view reaches beyond the storage
 */
export function gather(path: string, name: string, view: TensorReference, values: TensorValues): Tensor {
  const { dtype, shape, strides } = view;
  const offset = view.offset + view.storage.start;
  const elements = elementsOf(shape);
  check(path, name, view, values.length);
  const contiguous = rowStrides(shape).every((stride, i) => stride === strides[i] || shape[i] === 1);
  if (elements === 0 || contiguous) return { dtype, shape, data: values.slice(offset, offset + elements) };
  const data = values.slice(0, 0).constructor as new (length: number) => TensorValues;
  const gathered = new data(elements);
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let to = 0; to < elements; to++) {
    // Both arrays are of one type.
    gathered[to] = values[from] as never;
    from = advance(index, shape, strides, from);
  }
  return { dtype, shape, data: gathered };
}

/** Counts the index up like an odometer, the last side fastest; returns the place of the number that it then names. */
function advance(index: number[], shape: readonly number[], strides: readonly number[], from: number): number {
  for (let side = shape.length - 1; side >= 0; side--) {
    const stride = strides[side] ?? 0;
    const next = (index[side] ?? 0) + 1;
    if (next < (shape[side] ?? 0)) {
      index[side] = next;
      return from + stride;
    }
    index[side] = 0;
    from -= stride * (next - 1);
  }
  return from;
}

function rowStrides(shape: readonly number[]): number[] {
  return shape.map((_, side) => elementsOf(shape.slice(side + 1)));
}

function check(path: string, name: string, view: TensorReference, available: number): void {
  const { shape, strides, offset, storage } = view;
  const elements = elementsOf(shape);
  const last = shape.reduce((sum, side, i) => sum + (side - 1) * (strides[i] ?? 0), offset);
  const size = Math.min(available - storage.start, storage.dtype === undefined ? Infinity : storage.count);
  const reject = (expected: string, received: unknown) => {
    throw new VitrineError("InvalidWeights", { path, tensor: name, expected, received: quote(received) });
  };
  if (elements > 0 && !(last < size)) reject(`a view within its storage of ${size} numbers`, last + 1);
  if (elements > Math.max(size, MAX_EXPANDED)) reject(`at most ${Math.max(size, MAX_EXPANDED)} numbers`, elements);
}
