/** A detector's weights on disk: safetensors under torchvision's names. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { encodeSafetensors } from "../hub/safetensors-writer.js";
import { readSafetensors } from "../hub/safetensors.js";
import { floatTensors, type Tensor } from "../hub/tensor.js";
import { detectorShapes } from "../models/detection/detector-plan.js";
import { pickTensors } from "../models/tensor-data.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import type { DetectionOperations, SharedDetector } from "./detection-messages.js";
import { sharedTensors, shareTensors } from "./shared-tensors.js";

/** Writes `weights-HASH.safetensors`, unless it is there; a model's description points at it when it is whole. */
export async function writeDetector({
  folder,
  detector,
}: DetectionOperations["writeDetector"]["request"]): Promise<string> {
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, data }] of sharedTensors(detector)) tensors.set(name, { dtype: "F32", shape, data });
  const bytes = encodeSafetensors(tensors, { format: "pt" });
  const name = `weights-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.safetensors`;
  const path = join(folder, name);
  if (!existsSync(path)) await writeFileAtomic(path, bytes, "a detector's weights");
  return name;
}

/** @throws MissingFile, InvalidFile, InvalidWeights */
export async function readDetector({
  path,
  plan,
}: DetectionOperations["readDetector"]["request"]): Promise<SharedDetector> {
  const tensors = floatTensors(await readSafetensors(path));
  return { plan, ...shareTensors(pickTensors(basename(path), tensors, detectorShapes(plan))) };
}
