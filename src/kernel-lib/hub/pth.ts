/**
 * Reading `.pth`, torch's own weights files. They hold a pickle, which in Python can run anything; here it is read by a machine
 * that knows only what weights need, and nothing of it is ever run.
 */
import { VitrineError } from "../structures/errors.js";
import { withBytes } from "./byte-source.js";
import { type OpenPth, withArchive } from "./pth-archive.js";
import { openLegacy } from "./pth-legacy.js";
import { stateDict } from "./state-dict.js";
import { gather } from "./strided.js";
import { bytesOf, type Dtype, decodeValues, type Tensor, type TensorValues } from "./tensor.js";
import type { StorageReference } from "./torch-globals.js";

/**
 * The tensors of a state dict, or of the one in a checkpoint (`{"state_dict": …}` and the like), by name.
 *
 * @throws UnsafePickle with the name that the pickle asks for, where weights never need it
 * @throws InvalidFile, InvalidWeights that name what is broken
 */
export async function readPth(from: string | Uint8Array): Promise<Map<string, Tensor>> {
  return withBytes(from, async (source) => {
    const head = await source.read(0, Math.min(265, source.size));
    if (isZip(head)) return withArchive(from, source, (opened) => tensors(source.path, opened));
    if (isPickle(head)) return tensors(source.path, await openLegacy(source));
    const received = isTar(head) ? "a tar archive of torch before 0.1.10" : "another kind of file";
    const expected = "a zip archive or a pickle, as torch.save writes them,";
    throw new VitrineError("InvalidFile", { path: source.path, where: "byte 0", expected, received });
  });
}

export const isZip = (head: Uint8Array): boolean => startsWith(head, [0x50, 0x4b, 0x03, 0x04]);
/** A protocol, then ten bytes of a magic number. */
export const isTorchPickle = (head: Uint8Array): boolean => isPickle(head) && head[2] === 0x8a && head[3] === 10;
export const isPickle = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 9) <= 5;
const isTar = (head: Uint8Array): boolean => startsWith(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]);

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

async function tensors(path: string, { root, readStorage }: OpenPth): Promise<Map<string, Tensor>> {
  const read = new Map<string, TensorValues>();
  const values = async (storage: StorageReference, dtype: Dtype) => {
    const key = `${dtype}/${storage.key}`;
    const known = read.get(key);
    if (known) return known;
    const size = (storage.start + storage.count) * (storage.dtype ? bytesOf(storage.dtype) : 1);
    const decoded = decodeValues(dtype, await readStorage(storage.key, size));
    read.set(key, decoded);
    return decoded;
  };
  const found = new Map<string, Tensor>();
  for (const [name, view] of stateDict(path, root)) {
    found.set(name, gather(path, name, view, await values(view.storage, view.dtype)));
  }
  return found;
}
