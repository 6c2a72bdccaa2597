/** A figure's data as plotly takes it: bytes become typed arrays again. */

const ARRAYS = {
  i1: Int8Array,
  u1: Uint8Array,
  u1c: Uint8ClampedArray,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;

/** A copy that plotly may write into: it stores what it works out beside what it was given. */
export function plotlyCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plotlyCopy);
  if (value === null || typeof value !== "object") return value;
  const { dtype, bdata } = value as { dtype?: unknown; bdata?: unknown };
  if (typeof dtype === "string" && bdata instanceof DataView && Object.hasOwn(ARRAYS, dtype)) {
    return typedArray(dtype as keyof typeof ARRAYS, bdata);
  }
  if (ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plotlyCopy(item)]));
}

function typedArray(dtype: keyof typeof ARRAYS, bytes: DataView) {
  const make = ARRAYS[dtype];
  // Sliced, since a message's buffer need not begin where the element type may.
  const own = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return new make(own, 0, Math.floor(own.byteLength / make.BYTES_PER_ELEMENT));
}
