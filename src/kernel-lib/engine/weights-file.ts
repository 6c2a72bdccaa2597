/** A model's weights on disk: safetensors under torchvision's names, the head as `fc`. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { encodeSafetensors } from "../hub/safetensors-writer.js";
import { readSafetensors } from "../hub/safetensors.js";
import { floatTensors, type Tensor } from "../hub/tensor.js";
import type { HeadData } from "../models/linear-head.js";
import { weightShapes } from "../models/plan.js";
import { pickTensors, type TensorData } from "../models/tensor-data.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { VitrineError } from "../structures/errors.js";
import type { ReadWeightsRequest, SharedWeights, WriteWeightsRequest } from "./messages.js";
import { networkPlan, sharedTensors, shareNetwork } from "./shared-network.js";

/** Writes `weights-HASH.safetensors`, unless it is there; a model's description points at it when it is whole. */
export async function writeWeights({ folder, network, head }: WriteWeightsRequest): Promise<string> {
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, data }] of [...sharedTensors(network), ...(head ? headTensors(head) : [])]) {
    tensors.set(name, { dtype: "F32", shape, data });
  }
  const bytes = encodeSafetensors(tensors, { format: "pt" });
  const name = `weights-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.safetensors`;
  const path = join(folder, name);
  if (!existsSync(path)) await writeFileAtomic(path, bytes, "a model's weights");
  return name;
}

/** @throws MissingFile, InvalidFile, InvalidWeights */
export async function readWeights({ path, classes, ...network }: ReadWeightsRequest): Promise<SharedWeights> {
  const tensors = floatTensors(await readSafetensors(path));
  const plan = networkPlan(network.architecture);
  const shared = shareNetwork(pickTensors(basename(path), tensors, weightShapes(plan)), network);
  if (classes === undefined) return { network: shared };
  const found = pickTensors(basename(path), tensors, headShapes(plan.features, classes));
  return { network: shared, head: readHead(found, plan.features, classes) };
}

const headShapes = (features: number, classes: number) =>
  new Map<string, readonly number[]>([
    ["fc.weight", [classes, features]],
    ["fc.bias", [classes]],
    ["fc.shift", [features]],
    ["fc.scale", [features]],
  ]);

function headTensors({ features, classes, weights, bias, shift, scale }: HeadData): [string, TensorData][] {
  return [
    ["fc.weight", { shape: [classes, features], data: transposed(weights, features, classes) }],
    ["fc.bias", { shape: [classes], data: bias }],
    ["fc.shift", { shape: [features], data: shift }],
    ["fc.scale", { shape: [features], data: scale }],
  ];
}

function readHead(tensors: ReadonlyMap<string, TensorData>, features: number, classes: number): HeadData {
  const get = (name: string): Float32Array => {
    const found = tensors.get(`fc.${name}`)?.data;
    if (found) return found;
    throw new VitrineError("InvalidWeights", { path: "head", tensor: name, expected: "a tensor", received: "none" });
  };
  const weights = transposed(get("weight"), classes, features);
  return { features, classes, weights, bias: get("bias"), shift: get("shift"), scale: get("scale") };
}

/** From rows × columns to columns × rows: torch's linear layers are outputs × inputs. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  return data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? 0);
}
