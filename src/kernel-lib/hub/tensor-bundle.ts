/**
 * TensorFlow's tensor bundle: an index of names, types, shapes and places, and files of the numbers themselves. Field numbers are
 * those of tensor_bundle.proto, https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto
 */
import { quote, VitrineError } from "../structures/errors.js";
import { integerOf, messagesOf, protobufFields, type RejectBytes } from "./protobuf-reader.js";
import { readSortedTable } from "./sorted-table.js";
import { bytesOf, elementsOf, type Dtype } from "./tensor.js";

/** Where a tensor's numbers are. */
export interface BundleEntry {
  name: string;
  /** undefined: a type that weights never have, texts say. */
  dtype: Dtype | undefined;
  shape: readonly number[];
  shard: number;
  offset: number;
  size: number;
  /** Of the bytes, as TensorFlow disguises it. */
  checksum: number;
}

export interface BundleIndex {
  shards: number;
  entries: readonly BundleEntry[];
}

/** The numbers of types.proto. */
const DTYPES: ReadonlyMap<number, Dtype> = new Map([
  [1, "F32"],
  [2, "F64"],
  [3, "I32"],
  [4, "U8"],
  [5, "I16"],
  [6, "I8"],
  [9, "I64"],
  [10, "BOOL"],
  [14, "BF16"],
  [17, "U16"],
  [19, "F16"],
  [22, "U32"],
  [23, "U64"],
]);

/** @throws InvalidFile that names the entry */
export function readBundleIndex(path: string, bytes: Uint8Array): BundleIndex {
  const table = readSortedTable(path, bytes);
  const reject = rejecter(path, "the header");
  const header = protobufFields(table.get("") ?? reject("an entry without a name", "none"), reject);
  const [shards, endianness] = [1, 2].map((field) => Number(integerOf(header, field)));
  if (endianness !== 0) reject("numbers with the lowest byte first", "the highest first");
  if (shards === undefined || shards < 1 || shards > 100_000) return reject("1 to 100000 files", String(shards));
  table.delete("");
  return { shards, entries: [...table].map(([name, value]) => readEntry(path, name, value, shards)) };
}

function readEntry(path: string, name: string, value: Uint8Array, shards: number): BundleEntry {
  const reject = rejecter(path, quote(name));
  const fields = protobufFields(value, reject);
  if (messagesOf(fields, 7).length > 0) reject("a tensor in one piece", "one that is stored in slices");
  const [type = 0, shard = 0, offset = 0, size = 0, checksum = 0] = [1, 3, 4, 5, 6].map((field) =>
    Number(integerOf(fields, field)),
  );
  const dtype = DTYPES.get(type);
  const shape = readShape(messagesOf(fields, 2).at(-1) ?? new Uint8Array(), reject);
  if (shard >= shards) reject(`one of ${shards} files`, `file ${shard}`);
  const expected = dtype && elementsOf(shape) * bytesOf(dtype);
  if (expected !== undefined && expected !== size) {
    reject(`${expected} bytes for ${dtype ?? ""} of shape [${shape.join(", ")}]`, String(size));
  }
  return { name, dtype, shape, shard, offset, size, checksum };
}

/** TensorShapeProto: dim = 2, and in it size = 1. */
function readShape(bytes: Uint8Array, reject: RejectBytes): number[] {
  return messagesOf(protobufFields(bytes, reject), 2).map((dimension) => {
    const side = BigInt.asIntN(64, integerOf(protobufFields(dimension, reject), 1));
    return side >= 0n && side <= 2n ** 40n ? Number(side) : reject("a side of a shape", String(side));
  });
}

function rejecter(path: string, where: string): RejectBytes {
  return (expected, received) => {
    throw new VitrineError("InvalidFile", { path, where, expected, received });
  };
}
