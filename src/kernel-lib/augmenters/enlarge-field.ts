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
  const rows = axis(from.height, to.height, method);
  const columns = axis(from.width, to.width, method);
  const { channels } = to;
  const result = new Float64Array(to.height * to.width * channels);
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

const mix = (a: number, b: number, weight: number) => (weight === 0 ? a : a + (b - a) * weight);

/** Two places and the second's weight, for each place of the result. */
function axis(size: number, target: number, method: "nearest" | "linear") {
  const last = size - 1;
  return Array.from({ length: target }, (_, i) => {
    if (method === "nearest") {
      const here = Math.min(Math.floor((i * size) / target), last);
      return { here, next: here, weight: 0 };
    }
    const place = Math.min(Math.max(((i + 0.5) * size) / target - 0.5, 0), last);
    const here = Math.floor(place);
    return { here, next: Math.min(here + 1, last), weight: place - here };
  });
}
