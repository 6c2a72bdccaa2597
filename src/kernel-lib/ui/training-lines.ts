/** A training in a terminal: a line to begin with, one an epoch, one at the end. */
import type { EpochReport, TrainingObserver, TrainingOutcome, TrainingPlan } from "../structures/training.js";
import { epochAsText } from "./training-summary.js";

/** A training in a terminal: a line an epoch. */
export class TrainingLines implements TrainingObserver {
  private readonly write: (line: string) => void;
  private epochs = 0;
  private unit: "epoch" | "step" = "epoch";

  /** @param write takes a line without its end; standard output by default */
  constructor(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {
    this.write = write;
  }

  onStart({ title, epochs, images, batchSize, unit = "epoch" }: TrainingPlan): void {
    this.epochs = epochs;
    this.unit = unit;
    this.write(`${title}: ${epochs} ${unit}s, ${images} images, ${batchSize} a batch`);
  }

  onEpoch(report: EpochReport): void {
    const { evalLoss = null, evalError = null } = report;
    this.write(epochAsText({ ...report, evalLoss, evalError }, this.epochs, this.unit));
  }

  onEnd({ reason, bestEpoch, message }: TrainingOutcome): void {
    const kept = bestEpoch > 0 ? `; the weights of ${this.unit} ${bestEpoch} are kept` : "";
    this.write(`${reason}${kept}${message ? `; ${message}` : ""}`);
  }
}
