/** Where a training is written down, and who watches it. */
import { resolve } from "node:path";

import { textOption } from "../structures/options.js";
import type { TrainingObserver } from "../structures/training.js";

export interface RecordOptions {
  /**
   * A folder for all that one needs to know of the run later: `config.json`, `environment.json`, `history.csv` after each epoch,
   * `result.json`, and TensorBoard's events. Where it has a run already, "-2", "-3" … is put behind its name, unless `resume` is set.
   * `compareRuns` reads it.
   */
  runFolder?: string;
  /** A folder for TensorBoard's event files; by default the run's. */
  tensorboardLogdir?: string;
  /** Who watches; by default the kernel's live view, or lines in a terminal. null: nobody. */
  observer?: TrainingObserver | null | undefined;
}

export const RECORD_OPTIONS = [
  "runFolder",
  "tensorboardLogdir",
  "observer",
] as const satisfies readonly (keyof RecordOptions)[];

export interface RecordSettings {
  runFolder: string | undefined;
  tensorboardLogdir: string | undefined;
}

/** @throws InvalidOption */
export function recordSettings({ runFolder, tensorboardLogdir }: RecordOptions): RecordSettings {
  const folder = (option: string, path: string | undefined) =>
    path === undefined ? undefined : resolve(textOption(option, path));
  return {
    runFolder: folder("runFolder", runFolder),
    tensorboardLogdir: folder("tensorboardLogdir", tensorboardLogdir),
  };
}
