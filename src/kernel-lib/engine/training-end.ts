/** What is left of a training that did not run to its end, and what to try then. */
import { VitrineError } from "../structures/errors.js";
import type { RunEnd } from "./run-recorder.js";
import type { CheckedTrainOptions } from "./train-options.js";
import { outcomeOf, type RunResponse } from "./training-run.js";

/** For the records. */
export function runEnd(response: RunResponse): RunEnd {
  const outcome = outcomeOf(response);
  const reason = response.reason === "early" ? "early" : outcome.reason;
  return { ...outcome, reason, interrupted: response.interrupted };
}

/** @throws Stopped, TrainingDiverged */
export function refuseEnd({ interrupted, bestEpoch, diverged }: RunResponse, options: CheckedTrainOptions): void {
  const kept = bestEpoch > 0 ? `the weights of epoch ${bestEpoch} were kept` : "the model is as it was before";
  if (interrupted) throw new VitrineError("Stopped", { operation: "The training", kept });
  if (!diverged) return;
  throw new VitrineError("TrainingDiverged", { ...diverged, kept, waysOut: waysOut(diverged.learningRate, options) });
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
