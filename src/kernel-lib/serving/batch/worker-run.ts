/** What workers are started for. */
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
