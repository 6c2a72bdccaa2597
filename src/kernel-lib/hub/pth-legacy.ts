/**
 * `torch.save` before 1.6: five pickles one after the other (a magic number, the protocol's version, facts on the machine, the
 * object, the storages' keys), then each storage as its 64-bit count and its bytes, in the order of the keys.
 */
import { quote, VitrineError } from "../structures/errors.js";
import type { ByteSource } from "./byte-source.js";
import type { OpenPth } from "./pth-archive.js";
import { bytesOf } from "./tensor.js";
import { type PickleValue, shown } from "./torch-globals.js";
import { unpickle } from "./unpickler.js";

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

export async function openLegacy({ path, size, read }: ByteSource): Promise<OpenPth> {
  const bytes = await read(0, size);
  let position = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(path, bytes, position);
    position = end;
    return value;
  };
  expect(path, "magic number", MAGIC, next());
  expect(path, "protocol version", VERSION, next());
  const machine = next();
  expect(path, "little_endian", true, machine instanceof Map ? (machine.get("little_endian") ?? null) : machine);
  const { value: root, end, storages: named } = unpickle(path, bytes, position);
  position = end;
  const keys = next();
  const sizes = new Map(named.map(({ key, dtype }) => [key, dtype ? bytesOf(dtype) : 1]));
  const storages = locateStorages(path, bytes, position, keys, sizes);
  const readStorage = (key: string) => {
    const found = storages.get(key);
    if (found) return Promise.resolve(found);
    throw new VitrineError("InvalidFile", {
      path,
      where: "storages",
      expected: `one with the key ${quote(key)}`,
      received: "none",
    });
  };
  return { root, readStorage };
}

function expect(path: string, where: string, expected: bigint | number | boolean, received: PickleValue): void {
  if (received === expected) return;
  throw new VitrineError("InvalidFile", { path, where, expected: String(expected), received: shown(received) });
}

function locateStorages(
  path: string,
  bytes: Uint8Array,
  start: number,
  keys: PickleValue,
  sizes: ReadonlyMap<string, number>,
): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const storages = new Map<string, Uint8Array>();
  let position = start;
  for (const key of Array.isArray(keys) ? keys : []) {
    const where = `storage ${shown(key)}`;
    const size = typeof key === "string" ? sizes.get(key) : undefined;
    if (size === undefined) {
      throw new VitrineError("InvalidFile", {
        path,
        where,
        expected: "a storage that a tensor uses",
        received: "another",
      });
    }
    const begin = position + 8;
    const end = begin <= bytes.length ? begin + Number(view.getBigUint64(position, true)) * size : Infinity;
    if (end > bytes.length) {
      const received = `the end of the file at byte ${bytes.length}`;
      throw new VitrineError("InvalidFile", { path, where, expected: `bytes up to ${end}`, received });
    }
    storages.set(key as string, bytes.subarray(begin, end));
    position = end;
  }
  return storages;
}
