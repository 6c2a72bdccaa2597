/**
 * A training in the middle, in one safetensors file: what the learner knows, and where the loop is, as JSON in a tensor of bytes.
 * It is written whole or not at all.
 */
import { existsSync } from "node:fs";

import { encodeSafetensors } from "../hub/safetensors-writer.js";
import { readSafetensors } from "../hub/safetensors.js";
import { floatTensors, type Tensor } from "../hub/tensor.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { VitrineError } from "../structures/errors.js";
import type { RandomPosition } from "../structures/random.js";
import type { EpochReport } from "../structures/training.js";
import type { BestSoFar } from "./best-epoch.js";
import { checkpointDocument, CHECKPOINT_STATE } from "./checkpoint-document.js";
import type { Fingerprint } from "./fingerprint.js";
import type { LearnerState } from "./learner.js";

/** Where the loop over epochs is. */
export interface LoopState {
  history: readonly EpochReport[];
  /** The epoch whose weights are kept; 0: none. */
  kept: number;
  best: BestSoFar;
  /** The order's random numbers, as they were before the epoch that is under way. */
  order: RandomPosition;
  /** Batches of that epoch that are done, and the sums over their pictures. */
  batches: number;
  loss: number;
  wrong: number;
  /** Since the training began. */
  seconds: number;
}

interface Document {
  format: typeof FORMAT;
  version: 1;
  /** A hash of each thing that the training depends on. */
  training: Fingerprint;
  loop: LoopState;
  randoms: LearnerState["randoms"];
  steps: number;
}

export interface Checkpoint {
  loop: LoopState;
  learner: LearnerState;
}

const FORMAT = "vitrine.checkpoint";

/** @throws CannotWrite; the checkpoint before it is untouched then */
export async function writeCheckpoint(
  path: string,
  training: Fingerprint,
  { loop, learner }: Checkpoint,
): Promise<void> {
  const { tensors, randoms, steps } = learner;
  const document: Document = { format: FORMAT, version: 1, training, loop, randoms, steps };
  const json = new TextEncoder().encode(JSON.stringify(document));
  const all = new Map<string, Tensor>([[CHECKPOINT_STATE, { dtype: "U8", shape: [json.length], data: json }]]);
  for (const [name, { shape, data }] of tensors) all.set(name, { dtype: "F32", shape, data });
  await writeFileAtomic(path, encodeSafetensors(all), "a checkpoint");
}

/** undefined: there is none yet. @throws InvalidFile for what is no checkpoint, or one of another training */
export async function readCheckpoint(path: string, own: Fingerprint): Promise<Checkpoint | undefined> {
  if (!existsSync(path)) return undefined;
  const all = await readSafetensors(path);
  const document = checkpointDocument(path, all.get(CHECKPOINT_STATE)?.data, FORMAT);
  all.delete(CHECKPOINT_STATE);
  const { training, loop, randoms, steps } = document as unknown as Document;
  const other = Object.keys({ ...own, ...training }).filter((name) => own[name] !== training[name]);
  if (other.length > 0) throw invalid(path, "a checkpoint of this training", `one with another ${other.join(", ")}`);
  return { loop, learner: { tensors: floatTensors(all), randoms, steps } };
}

const invalid = (path: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where: "the whole", expected, received });
