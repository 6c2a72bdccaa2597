/** Weights from a file of any kind that vitrine reads; the content decides, not the name. */
import { dirname, join } from "node:path";

import { VitrineError } from "../structures/errors.js";
import { withBytes } from "./byte-source.js";
import { readKerasH5 } from "./keras-h5.js";
import { isPickle, isTorchPickle, isZip, readPth } from "./pth.js";
import { readSafetensors } from "./safetensors.js";
import { readSharded, type LocateShard } from "./sharded.js";
import type { Tensor } from "./tensor.js";
import { isGzip, withCheckpoint } from "./checkpoint-archive.js";
import { isTensorflowCheckpoint, readTensorflowCheckpoint } from "./tensorflow-checkpoint.js";

/**
 * @param path a file; of TensorFlow also a checkpoint's prefix or a SavedModel's folder
 * @param locate where the shards of an index are; by default beside it
 * @throws InvalidFile where the file is none of these kinds, or is broken
 * @throws UnsafePickle where a `.pth` asks for what weights never need
 */
export async function readWeights(
  path: string,
  locate: LocateShard = (shard) => Promise.resolve(join(dirname(path), shard)),
): Promise<Map<string, Tensor>> {
  if (isTensorflowCheckpoint(path)) return readTensorflowCheckpoint(path, { names: "variable" });
  const head = await withBytes(path, ({ size, read }) => read(0, Math.min(16, size)));
  if (isZip(head) || isTorchPickle(head)) return readPth(path);
  // Before other pickles: a header's length can look like the start of one.
  if (head[8] === 0x7b) return readSafetensors(path);
  if (head[0] === 0x7b) return readSharded(path, locate);
  if (isPickle(head)) return readPth(path);
  if (new TextDecoder("latin1").decode(head.subarray(0, 4)) === "\x89HDF") return readKerasH5(path);
  if (isGzip(head)) return withCheckpoint(path, (prefix) => readTensorflowCheckpoint(prefix));
  const expected =
    "a safetensors file, an index of them, a .pth as torch.save writes it, a Keras .h5 or an archive of a checkpoint,";
  throw new VitrineError("InvalidFile", { path, where: "the first bytes", expected, received: kind(head) });
}

/** What people really have where they think they have weights. */
function kind(head: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(head);
  if (head.length === 0) return "an empty file";
  if (/^\s*<(!doctype|html)/i.test(text)) return "a web page";
  if (text.startsWith("version https:")) return "a Git LFS pointer: run git lfs pull";
  return "another kind of file";
}
