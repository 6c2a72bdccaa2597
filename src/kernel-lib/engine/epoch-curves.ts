/** A training's curves for TensorBoard: losses and errors, of the training and the evaluation pictures, against the epoch. */
import type { EpochReport } from "../structures/training.js";
import { EventWriter } from "./tensorboard-writer.js";

export class EpochCurves {
  private readonly writer: EventWriter;

  /** @throws CannotWrite */
  constructor(logdir: string) {
    this.writer = new EventWriter(logdir);
  }

  write({ epoch, loss, trainError, evalLoss, evalError, learningRate, imagesPerSecond }: EpochReport): void {
    const curves: [string, number | undefined][] = [
      ["loss/train", loss],
      ["loss/evaluation", evalLoss],
      ["error/train", trainError],
      ["error/evaluation", evalError],
      ["training/learning rate", learningRate],
      ["training/images per second", imagesPerSecond],
    ];
    for (const [tag, value] of curves) if (value !== undefined) this.writer.scalar(tag, value, epoch);
  }

  close(): void {
    this.writer.close();
  }
}
