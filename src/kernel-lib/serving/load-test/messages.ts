/** Between a load test and the thread that makes its requests. */
import type { LoadSettings, LoadTarget } from "./generator.js";
import type { MeasuredLoad } from "./samples.js";

export interface LoadOrder {
  target: LoadTarget;
  settings: LoadSettings;
}

export type FromGenerator =
  { type: "progress"; elapsed: number; measured: MeasuredLoad } | { type: "done"; measured: MeasuredLoad };
