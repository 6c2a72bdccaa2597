/** A detector's training in the middle, in one safetensors file that is written whole or not at all. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";

import { encodeSafetensors } from "../hub/safetensors-writer.js";
import { readSafetensors } from "../hub/safetensors.js";
import { floatTensors, type Tensor } from "../hub/tensor.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { isVitrineError, VitrineError } from "../structures/errors.js";
import type { RandomPosition } from "../structures/random.js";
import type { EpochReport } from "../structures/training.js";
import { checkpointDocument, CHECKPOINT_STATE } from "./checkpoint-document.js";
import type { MeasuredLosses } from "./detection-learner.js";
import type { DetectionTrainRequest } from "./detection-messages.js";
import type { LearnerState } from "./learner.js";

/** Where a training is, beside the learner's own state. */
export interface DetectionProgress {
  step: number;
  history: readonly EpochReport[];
  best: { step: number; score: number };
  randoms: { order: RandomPosition; drawing: RandomPosition };
  /** What is left of the running pass over the pictures. */
  queue: readonly number[];
  sums: MeasuredLosses;
  counted: number;
  evaluations: number;
  seconds: number;
}

interface Document {
  format: typeof FORMAT;
  version: 1;
  /** A hash of each thing that the training depends on. */
  training: Record<string, string>;
  progress: DetectionProgress;
  randoms: LearnerState["randoms"];
  steps: number;
}

export interface DetectionCheckpoint {
  progress: DetectionProgress;
  learner: LearnerState;
}

const FORMAT = "vitrine.detectionCheckpoint";

/** A full disk must not end hours of work: it is a warning, and the checkpoint before is still there. */
export async function saveDetectionCheckpoint(
  request: DetectionTrainRequest,
  { progress, learner }: DetectionCheckpoint,
  warn: (message: string) => void,
): Promise<void> {
  if (!request.checkpoints) return;
  const { randoms, steps, tensors } = learner;
  const training = fingerprint(request);
  const document: Document = { format: FORMAT, version: 1, training, progress, randoms, steps };
  const json = new TextEncoder().encode(JSON.stringify(document));
  const all = new Map<string, Tensor>([[CHECKPOINT_STATE, { dtype: "U8", shape: [json.length], data: json }]]);
  for (const [name, { shape, data }] of tensors) all.set(name, { dtype: "F32", shape, data });
  try {
    await writeFileAtomic(request.checkpoints.path, encodeSafetensors(all), "a checkpoint");
  } catch (error) {
    if (!isVitrineError(error, "CannotWrite")) throw error;
    warn(error.message);
  }
}

/** undefined: there is none yet. @throws InvalidFile for what is no checkpoint, or one of another training */
export async function readDetectionCheckpoint(
  path: string,
  request: DetectionTrainRequest,
): Promise<DetectionCheckpoint | undefined> {
  if (!existsSync(path)) return undefined;
  const all = await readSafetensors(path);
  const document = checkpointDocument(path, all.get(CHECKPOINT_STATE)?.data, FORMAT);
  all.delete(CHECKPOINT_STATE);
  const own = fingerprint(request);
  const { training, progress, randoms, steps } = document as unknown as Document;
  const other = Object.keys({ ...own, ...training }).filter((name) => own[name] !== training[name]);
  if (other.length > 0) throw invalid(path, "a checkpoint of this training", `one with another ${other.join(", ")}`);
  return { progress, learner: { tensors: floatTensors(all), randoms, steps } };
}

function fingerprint({ detector, checkpoints: _path, resume: _resume, ...rest }: DetectionTrainRequest) {
  const parts = Object.entries({ ...rest, plan: detector.plan, weights: detector.key });
  const hash = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
  return Object.fromEntries(parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, hash(value)]])));
}

const invalid = (path: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where: "the whole", expected, received });
