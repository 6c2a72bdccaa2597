/** Reading TensorFlow's checkpoints and the variables of a SavedModel, which are one format. No TensorFlow is needed, nothing is run. */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, knownOptions, textOption } from "../structures/options.js";
import { type ByteSource, truncated, withBytes } from "./byte-source.js";
import { maskedCrc32c } from "./crc32c.js";
import { OBJECT_GRAPH, objectNames } from "./object-graph.js";
import { type BundleEntry, readBundleIndex } from "./tensor-bundle.js";
import { decodeValues, type Dtype, type Tensor } from "./tensor.js";

export interface ReadTensorflowCheckpointOptions {
  /**
   * "key" (the default): as the file has them, `FirstStage/conv1/weights` in those of TensorFlow 1 and of the object-detection API,
   * `layer/kernel/.ATTRIBUTES/VARIABLE_VALUE` in those of TensorFlow 2. "variable": the variables' own names, `conv1/kernel`, where
   * the file says them, as TensorFlow 2's do; else the key.
   */
  names?: "key" | "variable";
}

/**
 * The tensors of a checkpoint or a SavedModel, by name, in the order of their names. Kernels lie as TensorFlow has them: height ×
 * width × inputs × outputs, dense layers inputs × outputs. Texts and types that weights don't have are left out.
 *
 * For a checkpoint of the object-detection API give `model.ckpt`, or its folder.
 *
 * @param path the checkpoint's prefix (`model.ckpt-1000`), its `.index` file, a folder with a file `checkpoint` or with one index,
 *   or a SavedModel's folder
 * @throws MissingFile, InvalidFile that names the file and the place
 */
export async function readTensorflowCheckpoint(
  path: string,
  options: ReadTensorflowCheckpointOptions = {},
): Promise<Map<string, Tensor>> {
  knownOptions("readTensorflowCheckpoint", options, ["names"]);
  const names = choiceOption("names", options.names ?? "key", ["key", "variable"]);
  const prefix = await checkpointPrefix(textOption("path", path));
  const { shards, entries } = readBundleIndex(`${prefix}.index`, await indexBytes(`${prefix}.index`));
  const tensors = new Map<string, Tensor>();
  const renamed = new Map<string, string>();
  for (let shard = 0; shard < shards; shard++) {
    await withBytes(shardPath(prefix, shard, shards), async (source) => {
      for (const entry of entries.filter((each) => each.shard === shard)) {
        if (entry.dtype !== undefined) tensors.set(entry.name, await readTensor(source, entry, entry.dtype));
        else if (entry.name === OBJECT_GRAPH && names === "variable") {
          for (const [key, name] of objectNames(source.path, await readPlace(source, entry))) renamed.set(key, name);
        }
      }
    });
  }
  return new Map([...tensors].map(([name, tensor]) => [renamed.get(name) ?? name, tensor]));
}

/** Whether a path is what `readTensorflowCheckpoint` reads. */
export function isTensorflowCheckpoint(path: string): boolean {
  if (path.endsWith(".index") && !path.endsWith(".json")) return true;
  return ["saved_model.pb", "checkpoint"].some((name) => existsSync(join(path, name))) || existsSync(`${path}.index`);
}

const shardPath = (prefix: string, shard: number, shards: number) =>
  `${prefix}.data-${String(shard).padStart(5, "0")}-of-${String(shards).padStart(5, "0")}`;

async function checkpointPrefix(path: string): Promise<string> {
  if (path.endsWith(".index")) return path.slice(0, -".index".length);
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folder) return path.replace(/\.data-\d{5}-of-\d{5}$/, "");
  if (existsSync(join(path, "saved_model.pb"))) return join(path, "variables", "variables");
  const text = await readFile(join(path, "checkpoint"), "utf8").catch(() => "");
  const latest = /^model_checkpoint_path:\s*"([^"]+)"/m.exec(text)?.[1];
  // Files are moved, and the path of another machine is of no use: the name is what counts.
  if (latest !== undefined) return join(path, latest.replace(/^.*[/\\]/, ""));
  if (existsSync(join(path, "variables.index"))) return join(path, "variables");
  return join(path, "model.ckpt");
}

/** An index has some hundred bytes a tensor. */
const MAX_INDEX = 256 * 2 ** 20;

async function indexBytes(path: string): Promise<Uint8Array> {
  return withBytes(path, async ({ size, read }) => {
    if (size <= MAX_INDEX) return read(0, size);
    throw invalid(path, "the whole", `at most ${MAX_INDEX} bytes`, String(size));
  });
}

async function readTensor(source: ByteSource, { name, shape, checksum, ...place }: BundleEntry, dtype: Dtype) {
  const bytes = await readPlace(source, place);
  if (maskedCrc32c(bytes) !== checksum) {
    throw invalid(source.path, quote(name), "bytes of the checksum in the index", "changed ones");
  }
  return { dtype, shape, data: decodeValues(dtype, bytes) };
}

async function readPlace(source: ByteSource, { offset, size }: Pick<BundleEntry, "offset" | "size">) {
  if (offset + size > source.size) throw truncated(source.path, source.size, offset + size);
  return source.read(offset, size);
}

const invalid = (path: string, where: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where, expected, received });
