/** What workers are started for. */
import { VitrineError } from "../../structures/errors.js";
import type { CheckedBatch } from "./batch-options.js";
import type { BatchPlan } from "./batch-plan.js";

/** What runs the workers of a batch whose folders this machine sees. */
export interface WorkerRun {
  batch: CheckedBatch;
  plan: BatchPlan;
  /** Folder of the model. */
  model: string;
  progress: (line: string) => void;
  signal: AbortSignal | undefined;
}

/** What a caller's signal leaves. */
export function stoppedBatch(finished: number, shards: number): VitrineError {
  const kept = `${finished} of ${shards} shards are kept, and the same call goes on with them`;
  return new VitrineError("Stopped", { operation: "The batch", kept });
}
