/**
 * The names that a pickle of weights may use, and what each becomes here. This list is all of Python that vitrine knows: none
 * of it runs anything, and a name that is not on it is refused.
 */
import { quote, VitrineError } from "../structures/errors.js";
import type { Dtype } from "./tensor.js";

/** What a pickle's values become: lists and tuples are arrays, dicts are maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | AllowedGlobal
  | StorageReference
  | TensorReference;

/** Numbers that lie elsewhere in the file. */
export class StorageReference {
  readonly key: string;
  /** Absent where the storage is of bytes, and each tensor says how it reads them. */
  readonly dtype: Dtype | undefined;
  /** How many numbers, or bytes. */
  readonly count: number;
  /** A view on a part of a storage begins here (old files only). */
  readonly start: number;

  constructor(key: string, dtype: Dtype | undefined, count: number, start: number) {
    this.key = key;
    this.dtype = dtype;
    this.count = count;
    this.start = start;
  }
}

/** A tensor: which numbers of a storage, in which order. Offset and strides count numbers. */
export class TensorReference {
  readonly storage: StorageReference;
  readonly dtype: Dtype;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    storage: StorageReference,
    dtype: Dtype,
    layout: { offset: number; shape: readonly number[]; strides: readonly number[] },
  ) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = layout.offset;
    this.shape = layout.shape;
    this.strides = layout.strides;
  }
}

/** A name on the list. `call` is what "calling" it makes; it only rearranges its arguments. */
export class AllowedGlobal {
  readonly name: string;
  /** What a storage type or a number type stands for. */
  readonly dtype: Dtype | undefined;
  readonly call: (args: readonly PickleValue[], reject: Reject) => PickleValue;

  constructor(name: string, call: AllowedGlobal["call"] | undefined, dtype?: Dtype) {
    this.name = name;
    this.dtype = dtype;
    this.call = call ?? ((_, reject) => reject("a function that rebuilds a tensor", name));
  }
}

export type Reject = (expected: string, received: unknown) => never;

/** @throws UnsafePickle with the name where it is not on the list */
export function allowedGlobal(path: string, module: string, name: string): AllowedGlobal {
  const full = `${module}.${name}`;
  const found = allowed.get(full);
  if (!found) throw new VitrineError("UnsafePickle", { path, global: full.slice(0, 200) });
  return found;
}

const storageTypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: "F64",
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

const numberTypes: Readonly<Record<string, Dtype>> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint64: "U64",
  uint32: "U32",
  uint16: "U16",
  uint8: "U8",
  bool: "BOOL",
};

const allowed: ReadonlyMap<string, AllowedGlobal> = new Map(
  [
    new AllowedGlobal("collections.OrderedDict", orderedDict),
    new AllowedGlobal("torch.Size", ([sizes], reject) => counts(sizes, "a size", reject)),
    new AllowedGlobal("torch._utils._rebuild_tensor", (args, reject) => rebuild(args, undefined, reject)),
    new AllowedGlobal("torch._utils._rebuild_tensor_v2", (args, reject) => rebuild(args, undefined, reject)),
    new AllowedGlobal("torch._utils._rebuild_tensor_v3", (args, reject) => rebuild(args, args[6], reject)),
    new AllowedGlobal("torch._utils._rebuild_parameter", ([tensor], reject) => aTensor(tensor, reject)),
    new AllowedGlobal("torch.storage.UntypedStorage", undefined),
    ...Object.entries(numberTypes).map(([name, dtype]) => new AllowedGlobal(`torch.${name}`, undefined, dtype)),
    ...Object.entries(storageTypes).flatMap(([name, dtype]) => [
      new AllowedGlobal(`torch.${name}`, undefined, dtype),
      // Saved from a graphics card by torch before 1.6.
      new AllowedGlobal(`torch.cuda.${name}`, undefined, dtype),
    ]),
  ].map((global) => [global.name, global]),
);

function orderedDict([pairs]: readonly PickleValue[], reject: Reject): PickleValue {
  const map = new Map<PickleValue, PickleValue>();
  if (pairs === undefined) return map;
  if (!Array.isArray(pairs)) return reject("a list of pairs for OrderedDict", shown(pairs));
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) return reject("a pair for OrderedDict", shown(pair));
    map.set(pair[0] ?? null, pair[1] ?? null);
  }
  return map;
}

function rebuild(args: readonly PickleValue[], type: PickleValue | undefined, reject: Reject): TensorReference {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof StorageReference)) return reject("a storage for a tensor", shown(storage));
  const dtype = type instanceof AllowedGlobal ? type.dtype : storage.dtype;
  if (dtype === undefined) return reject("the type of a tensor's numbers", shown(type));
  const layout = {
    offset: counts([offset ?? null], "an offset", reject)[0] ?? 0,
    shape: counts(shape, "a shape", reject),
    strides: counts(strides, "strides", reject),
  };
  if (layout.shape.length !== layout.strides.length) reject("as many strides as sides", shown(strides));
  return new TensorReference(storage, dtype, layout);
}

function aTensor(value: PickleValue | undefined, reject: Reject): TensorReference {
  return value instanceof TensorReference ? value : reject("a tensor for a parameter", shown(value));
}

function counts(value: PickleValue | undefined, what: string, reject: Reject): number[] {
  const sound = Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
  return sound ? (value as number[]) : reject(`${what} of whole numbers`, shown(value));
}

/**
 * What a persistent id means: `("storage", type, key, location, count)`, in old files with `(view key, start, count)` behind
 * it. Where a tensor was (a graphics card, say) does not matter here.
 */
export function storageReference(id: PickleValue, reject: Reject): StorageReference {
  if (!Array.isArray(id) || id[0] !== "storage") return reject("a storage", shown(id));
  const [, type, key, , count, view] = id;
  if (!(type instanceof AllowedGlobal) || typeof key !== "string") return reject("a storage's type and key", shown(id));
  const size = counts([count ?? null], "a storage's size", reject)[0] ?? 0;
  if (view === undefined || view === null) return new StorageReference(key, type.dtype, size, 0);
  const [start = 0, part = 0] = counts(Array.isArray(view) ? view.slice(1) : view, "a view", reject);
  if (start + part > size) reject(`a view within ${size} numbers`, start + part);
  return new StorageReference(key, type.dtype, part, start);
}

/** A value as an error shows it. */
export function shown(value: PickleValue | undefined): string {
  if (value instanceof AllowedGlobal) return value.name;
  if (value instanceof Map) return "a dict";
  if (value instanceof TensorReference) return "a tensor";
  if (value instanceof StorageReference) return "a storage";
  return Array.isArray(value) ? "a list or tuple" : quote(value);
}
