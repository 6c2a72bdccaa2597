/** Where a training is kept while it goes, and whether it goes on from there. */
import { resolve } from "node:path";

import { VitrineError } from "../structures/errors.js";
import { booleanOption, integerOption, knownOptions, recordOption, textOption } from "../structures/options.js";
import type { TrainSettings } from "./messages.js";

export interface CheckpointOptions {
  /** Where the training is kept while it goes, so that it can go on after whatever ends it. */
  checkpoints?: Checkpoints;
  /**
   * Go on from the checkpoint, to the same weights as if nothing had happened, with the same pictures, augmenter and options; from
   * the beginning where there is none yet. false by default.
   */
  resume?: boolean;
}

export interface Checkpoints {
  /** The file: written after each epoch, whole or not at all. A disk that is full is a warning. */
  path: string;
  /** Also after every so many steps of the optimiser. */
  every?: number;
}

export const CHECKPOINT_OPTIONS = ["checkpoints", "resume"] as const satisfies readonly (keyof CheckpointOptions)[];

/** @throws InvalidOption */
export function checkpointSettings(options: CheckpointOptions): Pick<TrainSettings, "checkpoints" | "resume"> {
  const { checkpoints, resume } = options;
  const going = booleanOption("resume", resume ?? false);
  if (checkpoints === undefined) {
    if (!going) return { checkpoints: undefined, resume: false };
    const expected = "checkpoints: { path } beside it, or false,";
    throw new VitrineError("InvalidOption", { option: "resume", expected, received: "true" });
  }
  recordOption("checkpoints", checkpoints, 'an object such as { path: "run.checkpoint" }');
  knownOptions("checkpoints", checkpoints, ["path", "every"]);
  const { every } = checkpoints;
  const path = resolve(textOption("checkpoints.path", checkpoints.path));
  const steps = every === undefined ? undefined : integerOption("checkpoints.every", every, 1);
  return { checkpoints: { path, every: steps }, resume: going };
}
