/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the field */
/** Fields of numbers at another resolution, by the rules of OpenCV's `resize` with INTER_NEAREST and INTER_LINEAR. */
import type { FieldShape } from "./parameters.js";

/** Both shapes have the same channels. */
export function enlargeField(
  values: Float64Array,
  from: FieldShape,
  to: FieldShape,
  method: "nearest" | "linear",
): Float64Array {
  const { channels } = to;
  const result = new Float64Array(to.height * to.width * channels);
  if (method === "nearest") {
    repeatField(values, from, to, result);
    return result;
  }
  const rows = axis(from.height, to.height);
  const columns = axis(from.width, to.width);
  const at = (y: number, x: number, c: number) => values[(y * from.width + x) * channels + c]!;
  let i = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < channels; c++) {
        const upper = mix(at(row.here, column.here, c), at(row.here, column.next, c), column.weight);
        const lower = mix(at(row.next, column.here, c), at(row.next, column.next, c), column.weight);
        result[i++] = mix(upper, lower, row.weight);
      }
    }
  }
  return result;
}

/** Each row once by its nearest values, and then again as often as it is the nearest. */
function repeatField(values: Float64Array, from: FieldShape, to: FieldShape, result: Float64Array): void {
  const { channels } = to;
  const stride = to.width * channels;
  const nearest = (i: number, size: number, target: number) => Math.min(Math.floor((i * size) / target), size - 1);
  const columns = Int32Array.from({ length: to.width }, (_, x) => nearest(x, from.width, to.width) * channels);
  for (let y = 0, last = -1; y < to.height; y++) {
    const row = nearest(y, from.height, to.height);
    if (row === last) result.copyWithin(y * stride, (y - 1) * stride, y * stride);
    else {
      let i = y * stride;
      for (const column of columns) {
        for (let c = 0; c < channels; c++) result[i++] = values[row * from.width * channels + column + c]!;
      }
    }
    last = row;
  }
}

const mix = (a: number, b: number, weight: number) => (weight === 0 ? a : a + (b - a) * weight);

/** Two places and the second's weight, for each place of the result. */
function axis(size: number, target: number) {
  const last = size - 1;
  return Array.from({ length: target }, (_, i) => {
    const place = Math.min(Math.max(((i + 0.5) * size) / target - 0.5, 0), last);
    const here = Math.floor(place);
    return { here, next: Math.min(here + 1, last), weight: place - here };
  });
}
