/** Weights in several safetensors files, and the index (`model.safetensors.index.json`) that says which tensor is where. */
import { readFile } from "node:fs/promises";

import { quote, VitrineError } from "../structures/errors.js";
import { readSafetensors } from "./safetensors.js";
import type { Tensor } from "./tensor.js";

/** Where a shard of that name is on this machine. */
export type LocateShard = (shard: string) => Promise<string>;

/** An index is a few megabytes for the largest models. */
const MAX_INDEX_BYTES = 64 * 2 ** 20;

/**
 * Every tensor that the index names, shard by shard.
 *
 * @throws InvalidFile where the index is none, or a shard lacks a tensor that it names
 */
export async function readSharded(path: string, locate: LocateShard): Promise<Map<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const [shard, names] of await readIndex(path)) {
    const shardPath = await locate(shard);
    const found = await readSafetensors(shardPath);
    for (const name of names) {
      const tensor = found.get(name);
      if (!tensor) throw invalid(shardPath, quote(name), "a tensor, as the index says,", "none");
      tensors.set(name, tensor);
    }
  }
  return tensors;
}

/** The tensors of each shard. */
async function readIndex(path: string): Promise<Map<string, string[]>> {
  const shards = new Map<string, string[]>();
  for (const [name, shard] of Object.entries(weightMap(path, await readFile(path)))) {
    // A name of its own folder: an index must not reach other files.
    if (typeof shard !== "string" || !/^\w[\w.-]*\.safetensors$/.test(shard)) {
      throw invalid(path, `weight_map, ${quote(name)}`, "the name of a safetensors file beside it", quote(shard));
    }
    const names = shards.get(shard);
    if (names) names.push(name);
    else shards.set(shard, [name]);
  }
  return shards;
}

function weightMap(path: string, bytes: Uint8Array): object {
  let index: unknown;
  try {
    if (bytes.length <= MAX_INDEX_BYTES) index = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Said below.
  }
  const map = (index as { weight_map?: unknown } | null | undefined)?.weight_map;
  if (typeof map === "object" && map !== null && !Array.isArray(map)) return map;
  throw invalid(path, "the whole", "JSON with a weight_map", "another text");
}

const invalid = (path: string, where: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where, expected, received });
