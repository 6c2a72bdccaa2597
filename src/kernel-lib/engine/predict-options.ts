/** What scoring by a classifier may be told, its default and its checks. */
import { integerOption, knownOptions } from "../structures/options.js";

export interface PredictOptions {
  /** Pictures at once; 32 by default. */
  batchSize?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws InvalidOption */
export function batchSizeOf(options: PredictOptions): number {
  knownOptions("score", options, ["batchSize", "signal"]);
  return integerOption("batchSize", options.batchSize ?? 32, 1, 4096);
}
