/** A figure as its state carries it: typed arrays as bytes, dates as text, and nothing that JSON can't hold. */
import type { TypedArraySpec } from "../protocol/index.js";

/** By constructor name, for arrays may come from another realm. */
const DTYPES: { [constructor: string]: TypedArraySpec["dtype"] | undefined } = {
  Int8Array: "i1",
  Uint8Array: "u1",
  Uint8ClampedArray: "u1c",
  Int16Array: "i2",
  Uint16Array: "u2",
  Int32Array: "i4",
  Uint32Array: "u4",
  Float32Array: "f4",
  Float64Array: "f8",
};

export function forTransport(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return typedArray(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(forTransport);
  if (value === null || typeof value !== "object") return typeof value === "function" ? undefined : value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forTransport(item)]));
}

function typedArray(view: ArrayBufferView): unknown {
  const bdata = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const dtype = DTYPES[view.constructor.name];
  if (dtype) return { dtype, bdata } satisfies TypedArraySpec;
  return view instanceof DataView ? null : Array.from(view as unknown as Iterable<unknown>, Number);
}
