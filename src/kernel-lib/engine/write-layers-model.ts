/** A tfjs layers model on the disk: `model.json`, and the weights beside it in files that a browser fetches and keeps one by one. */
import { basename, dirname, extname, join } from "node:path";

import type { LayersModel } from "../models/tfjs-layers.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { packageVersion } from "./package-folder.js";

/** What tfjs's own converter takes. */
const SHARD_BYTES = 4 * 2 ** 20;

/**
 * The weights first: `model.json` names them, and is what makes the model the new one.
 * @param path of `model.json`
 * @param facts what else whoever loads it wants to know
 */
export async function writeLayersModel(path: string, { topology, weights }: LayersModel, facts: object): Promise<void> {
  const bytes = joined([...weights.values()].map(({ data }) => data));
  const stem = basename(path, extname(path));
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  const paths = Array.from({ length: count }, (_, i) => `${stem}-shard${i + 1}of${count}.bin`);
  for (const [index, name] of paths.entries()) {
    const shard = bytes.subarray(index * SHARD_BYTES, (index + 1) * SHARD_BYTES);
    await writeFileAtomic(join(dirname(path), name), shard, "an exported model's weights");
  }
  const specs = [...weights].map(([name, { shape }]) => ({ name, shape, dtype: "float32" }));
  const model = {
    format: "layers-model",
    generatedBy: `vitrine ${packageVersion()}`,
    convertedBy: null,
    userDefinedMetadata: facts,
    modelTopology: topology,
    weightsManifest: [{ paths, weights: specs }],
  };
  await writeFileAtomic(path, `${JSON.stringify(model)}\n`, "an exported model");
}

function joined(parts: readonly Float32Array[]): Uint8Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return new Uint8Array(all.buffer);
}
