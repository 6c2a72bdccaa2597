/** imgaug's module `debug`: pictures of what a pipeline makes, in files. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { VitrineError } from "../structures/errors.js";
import { integerOption, textOption } from "../structures/options.js";
import { writeReason } from "../structures/write-reason.js";
import { type Augmenter, type AugmenterOptions, knownOptions, madeAugmenter } from "./augmenter.js";
import { markedPicture } from "./debug-marks.js";
import { pngBytes } from "./png-bytes.js";
import type { Subject } from "./subject.js";

export interface SaveDebugImageOptions extends AugmenterOptions {
  /** The folder; made where it is missing. */
  destination: string;
  /** Every how many pictures, from the first on. */
  interval: number;
}

/**
 * Changes nothing. Every `interval` pictures, it writes one with what lies on it drawn into `batch_000000.png` and so on, and into
 * `batch_latest.png`. imgaug counts batches; here a call is a batch of one.
 */
export function SaveDebugImageEveryNBatches(given: SaveDebugImageOptions): Augmenter {
  const options = knownOptions("SaveDebugImageEveryNBatches", given, ["destination", "interval"]);
  const folder = textOption("destination", options.destination);
  const interval = integerOption("interval", options.interval, 1);
  let count = 0;
  return madeAugmenter("SaveDebugImageEveryNBatches", options, (subject) => {
    const number = count++;
    if (number % interval === 0) save(folder, number, subject);
    return subject;
  });
}

function save(folder: string, number: number, subject: Subject): void {
  try {
    write(folder, number, subject);
  } catch (cause) {
    const details = { path: folder, what: "a picture of SaveDebugImageEveryNBatches", reason: writeReason(cause) };
    throw new VitrineError("CannotWrite", details, { cause });
  }
}

function write(folder: string, number: number, subject: Subject): void {
  mkdirSync(folder, { recursive: true });
  const bytes = pngBytes(markedPicture(subject));
  for (const name of [`batch_${String(number).padStart(6, "0")}.png`, "batch_latest.png"]) {
    const path = join(folder, name);
    // Whoever looks at the latest picture sees a whole one.
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }
}
