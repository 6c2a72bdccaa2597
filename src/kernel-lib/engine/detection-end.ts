/** How a detector's training ended, for whoever asked for it or watches it; and what to try where it went wrong. */
import { VitrineError } from "../structures/errors.js";
import type { EpochReport, TrainingOutcome } from "../structures/training.js";
import type { DetectionTrainResponse } from "./detection-messages.js";
import type { Watched } from "./training-watch.js";

/** How a training went. */
export interface DetectionTrainingResult {
  /** "early": by `earlyStopping`; "stopped": by the observer. */
  reason: "finished" | "early" | "stopped";
  /** The step whose weights the detector has; 0: none was done, and the detector is as it was. */
  bestStep: number;
  history: readonly EpochReport[];
}

/** @throws Stopped, TrainingDiverged */
export function detectionTrainingResult(response: Watched<DetectionTrainResponse>): DetectionTrainingResult {
  const { reason, bestStep, history, interrupted, diverged } = response;
  const kept = bestStep > 0 ? `the weights of step ${bestStep} were kept` : "the detector is as it was before";
  if (interrupted) throw new VitrineError("Stopped", { operation: "The training", kept });
  if (diverged) {
    const { step: epoch, loss, learningRate } = diverged;
    throw new VitrineError("TrainingDiverged", { epoch, loss, learningRate, kept, waysOut: waysOut(learningRate) });
  }
  return { reason: reason === "diverged" ? "stopped" : reason, bestStep, history };
}

/** For those who watch. */
export function outcomeOf({ reason, bestStep: bestEpoch, diverged }: DetectionTrainResponse): TrainingOutcome {
  if (diverged)
    return { reason: "failed", bestEpoch, message: `the loss of step ${diverged.step} is ${diverged.loss}` };
  if (reason === "early") return { reason: "finished", bestEpoch, message: "no evaluation got better any more" };
  return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch };
}

function waysOut(learningRate: number): string[] {
  const smaller = Number((learningRate / 10).toPrecision(2));
  return [`A smaller initialLearningRate, ${smaller} say, or more warmUpSteps`, "A smaller gradientClip, 1 say"];
}
