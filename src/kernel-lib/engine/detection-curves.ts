/** A detector's training for TensorBoard: the four losses of training and evaluation, precision, rate and speed, against the step. */
import type { EpochReport } from "../structures/training.js";
import { EventWriter } from "./tensorboard-writer.js";

/** By the names of TensorFlow's detection API. */
const TAGS = {
  objectness: "RPNLoss/objectness_loss",
  proposalBox: "RPNLoss/localization_loss",
  classes: "BoxClassifierLoss/classification_loss",
  box: "BoxClassifierLoss/localization_loss",
} as const;

export class DetectionCurves {
  private readonly writer: EventWriter;

  /** @throws CannotWrite */
  constructor(trainDir: string) {
    this.writer = new EventWriter(trainDir);
  }

  write({ epoch: step, loss, evalLoss, losses, evalLosses, evalMeanAp, learningRate, ...rest }: EpochReport): void {
    const curves: [string, number | undefined][] = [
      ["Losses/TotalLoss", loss],
      ["EvalLosses/TotalLoss", evalLoss],
      ["PASCAL/Precision/mAP@0.5IOU", evalMeanAp],
      ["training/learning_rate", learningRate],
      ["training/region_error", rest.trainError],
      ["training/images_per_second", rest.imagesPerSecond],
    ];
    for (const name of ["objectness", "proposalBox", "classes", "box"] as const) {
      curves.push([`Losses/${TAGS[name]}`, losses?.[name]], [`EvalLosses/${TAGS[name]}`, evalLosses?.[name]]);
    }
    for (const [tag, value] of curves) {
      if (value !== undefined && Number.isFinite(value)) this.writer.scalar(tag, value, step);
    }
  }

  close(): void {
    this.writer.close();
  }
}
