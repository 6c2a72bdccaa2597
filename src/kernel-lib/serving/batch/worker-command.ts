/** A worker of a batch as a command: its program, and what it is told there. `main.ts` reads it. */
import { join } from "node:path";

import { packageFolder } from "../../engine/package-folder.js";

export interface WorkerWords {
  input: string;
  output: string;
  /** A saved model's folder; an image has its own. */
  model?: string;
  shards: number;
  /** Seconds for which a shard is a worker's. */
  lease: number;
  owner?: string;
}

export const workerScript = (): string => join(packageFolder(), "dist", "serving", "batch", "main.js");

export const workerArguments = (words: WorkerWords): string[] =>
  Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)]);
