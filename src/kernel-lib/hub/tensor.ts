/** Tensors as weights files hold them, and what their types are in memory. */
import { narrowToBfloat16, narrowToFloat16, widenBfloat16, widenFloat16 } from "./half-float.js";

/** The names that safetensors gives the types of numbers. */
export type Dtype =
  "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "I16" | "I8" | "U64" | "U32" | "U16" | "U8" | "BOOL";

export type TensorValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** Row by row. F16 and BF16 are widened to a Float32Array, BOOL is a Uint8Array of 0 and 1. */
export interface Tensor {
  /** How the numbers are stored in the file. */
  dtype: Dtype;
  shape: readonly number[];
  data: TensorValues;
}

/** Weights as models take them: 32-bit floats, whatever the file has. */
export interface FloatTensor {
  dtype: "F32";
  shape: readonly number[];
  data: Float32Array;
}

interface Codec {
  /** Of one number in a file. */
  bytes: number;
  read: (buffer: ArrayBuffer) => TensorValues;
  write: (values: TensorValues) => TensorValues;
}

const same = (values: TensorValues) => values;
const plain = (bytes: number, View: new (buffer: ArrayBuffer) => TensorValues): Codec => ({
  bytes,
  read: (buffer) => new View(buffer),
  write: same,
});

const codecs: Record<Dtype, Codec> = {
  F64: plain(8, Float64Array),
  F32: plain(4, Float32Array),
  F16: {
    bytes: 2,
    read: (buffer) => widenFloat16(new Uint16Array(buffer)),
    write: (values) => narrowToFloat16(values as Float32Array),
  },
  BF16: {
    bytes: 2,
    read: (buffer) => widenBfloat16(new Uint16Array(buffer)),
    write: (values) => narrowToBfloat16(values as Float32Array),
  },
  I64: plain(8, BigInt64Array),
  I32: plain(4, Int32Array),
  I16: plain(2, Int16Array),
  I8: plain(1, Int8Array),
  U64: plain(8, BigUint64Array),
  U32: plain(4, Uint32Array),
  U16: plain(2, Uint16Array),
  U8: plain(1, Uint8Array),
  BOOL: plain(1, Uint8Array),
};

export const dtypes = Object.keys(codecs) as Dtype[];

export function isDtype(name: unknown): name is Dtype {
  return typeof name === "string" && Object.hasOwn(codecs, name);
}

/** Bytes that one number takes in a file. */
export const bytesOf = (dtype: Dtype): number => codecs[dtype].bytes;

/** How many numbers a shape holds; 1 for a scalar. */
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** The numbers in little-endian `bytes`, in memory of their own. */
export function decodeValues(dtype: Dtype, bytes: Uint8Array): TensorValues {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return codecs[dtype].read(own);
}

/** The bytes that `decodeValues` reads. */
export function encodeValues({ dtype, data }: Tensor): Uint8Array {
  const stored = codecs[dtype].write(data);
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** Whether `data` is what a tensor of that type has in memory. */
export function fitsDtype({ dtype, data }: Tensor): boolean {
  return codecs[dtype].read(new ArrayBuffer(0)).constructor === data.constructor;
}

/** The floating-point tensors as 32-bit floats; counters and masks (`num_batches_tracked`) are no weights and are left out. */
export function floatTensors(tensors: ReadonlyMap<string, Tensor>): Map<string, FloatTensor> {
  const floats = new Map<string, FloatTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (data instanceof Float32Array) floats.set(name, { dtype: "F32", shape, data });
    if (data instanceof Float64Array) floats.set(name, { dtype: "F32", shape, data: Float32Array.from(data) });
  }
  return floats;
}
