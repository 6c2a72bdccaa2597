/** How a training ended, for whoever asked for it, watches it or writes it down; and what to try where it went wrong. */
import { VitrineError } from "../structures/errors.js";
import type { EpochReport, TrainingOutcome } from "../structures/training.js";
import type { TrainResponse } from "./messages.js";
import type { RunEnd } from "./run-recorder.js";
import type { CheckedTrainOptions } from "./train-options.js";
import type { Watched } from "./training-watch.js";

/** How a training went. */
export interface TrainingResult {
  /** "early": by `earlyStopping`; "stopped": by the observer. */
  reason: "finished" | "early" | "stopped";
  /** The epoch whose weights the model has; 0: none was finished, and the model is as it was. */
  bestEpoch: number;
  history: readonly EpochReport[];
  /** Where the run was written down, with the option `runFolder`. */
  runFolder?: string;
}

/** @throws Stopped, TrainingDiverged */
export function trainingResult(
  response: Watched<TrainResponse>,
  options: CheckedTrainOptions,
  runFolder: string | undefined,
): TrainingResult {
  const { reason, bestEpoch, history, interrupted, diverged } = response;
  const kept = bestEpoch > 0 ? `the weights of epoch ${bestEpoch} were kept` : "the model is as it was before";
  if (interrupted) throw new VitrineError("Stopped", { operation: "The training", kept });
  if (diverged) {
    throw new VitrineError("TrainingDiverged", { ...diverged, kept, waysOut: waysOut(diverged.learningRate, options) });
  }
  return {
    reason: reason === "diverged" ? "stopped" : reason,
    bestEpoch,
    history,
    ...(runFolder !== undefined && { runFolder }),
  };
}

/** For those who watch. */
export function outcomeOf({ reason, bestEpoch, diverged }: TrainResponse): TrainingOutcome {
  if (reason === "early") return { reason: "finished", bestEpoch, message: "no epoch got better any more" };
  if (!diverged) return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch };
  return { reason: "failed", bestEpoch, message: `the loss of epoch ${diverged.epoch} is ${diverged.loss}` };
}

/** For the records. */
export function runEnd(response: Watched<TrainResponse>): RunEnd {
  const outcome = outcomeOf(response);
  const reason = response.reason === "early" ? "early" : outcome.reason;
  return { ...outcome, reason, interrupted: response.interrupted };
}

/** Rates that usually do no harm. */
const HARMLESS = { sgd: 0.05, adamw: 0.005 };

function waysOut(rate: number, { optimizer, freeze, batchNorm }: CheckedTrainOptions): string[] {
  // Nothing had been learnt yet.
  if (rate === 0) return ["Other weights: with these the loss is not a number before the first step"];
  const smaller = Number(Math.min(rate / 10, HARMLESS[optimizer.kind]).toPrecision(2));
  const ways = [
    `A smaller learning rate: it was ${Number(rate.toPrecision(3))}; try learningRates: [${smaller}], or a schedule that warms up`,
    "findLearningRate(dataset, options) with the same options, and a rate below its suggestion",
  ];
  if (freeze !== true) ways.push("A smaller baseRate, or freeze: true, which learns from features that can't run away");
  if (freeze !== true && batchNorm === "live") ways.push('batchNorm: "frozen", or more pictures in a batch');
  return ways;
}
