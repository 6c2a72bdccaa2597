/** Whoever writes a training down while it goes: into a folder, for TensorBoard. */
import type { EpochReport, TrainingOutcome } from "../structures/training.js";
import type { StageHistograms } from "./stage-histograms.js";

export interface RunEnd extends Omit<TrainingOutcome, "reason"> {
  reason: TrainingOutcome["reason"] | "early";
  /** Somebody waits for it to end: nothing more is computed. */
  interrupted?: boolean;
}

export interface RunRecorder {
  epoch(report: EpochReport): void;
  histograms?(histograms: StageHistograms): void;
  /** Afterwards nothing comes any more. */
  end(end: RunEnd): Promise<void>;
}
