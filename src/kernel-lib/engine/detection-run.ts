/** A detector's training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import { effectiveSignal } from "../structures/interrupt.js";
import type { TrainingObserver, TrainingOutcome } from "../structures/training.js";
import { DetectionCurves } from "./detection-curves.js";
import type { DetectionTrainRequest, DetectionTrainResponse } from "./detection-messages.js";
import { DetectionSupply } from "./detection-supply.js";
import type { BoxAugmenter } from "./detection-train-options.js";
import { engineClient } from "./engine.js";
import type { EngineEvent } from "./messages.js";

export interface DetectionRunOptions {
  title: string;
  trainDir: string;
  observer: TrainingObserver | undefined;
  signal: AbortSignal | undefined;
  augmenter: BoxAugmenter | undefined;
  minVisible: number;
}

/** The worker's answer, and whether the caller's signal or the cell's interrupt ended it. */
export async function runDetectionTraining(
  request: DetectionTrainRequest,
  { title, trainDir, observer, signal: own, augmenter, minVisible }: DetectionRunOptions,
): Promise<DetectionTrainResponse & { interrupted: boolean }> {
  const { numSteps, train, batchSize } = request;
  const interrupt = effectiveSignal(own);
  const stopper = new AbortController();
  const signal = interrupt ? AbortSignal.any([interrupt, stopper.signal]) : stopper.signal;
  const supply = augmenter && new DetectionSupply(augmenter, train, minVisible);
  const curves = new DetectionCurves(trainDir);
  const onEvent = (event: EngineEvent) => {
    if (event.kind === "augmentBoxed") void supply?.answer(event);
    if (event.kind === "warning") process.emitWarning(event.message);
    harmless(() => tell(observer, curves, event));
  };
  const plan = { title, epochs: numSteps, images: train.length, batchSize, unit: "step" } as const;
  try {
    await observer?.onStart?.(plan, () => stopper.abort());
    const response = await engineClient().request("trainDetector", request, { signal, onEvent });
    harmless(() => observer?.onEnd?.(outcomeOf(response)));
    return { ...response, interrupted: interrupt?.aborted === true && response.reason === "stopped" };
  } catch (ended) {
    const error = supply?.failure ?? ended;
    const message = error instanceof Error ? error.message : String(error);
    harmless(() => observer?.onEnd?.({ reason: "failed", bestEpoch: 0, message }));
    throw error;
  } finally {
    harmless(() => curves.close());
  }
}

function tell(observer: TrainingObserver | undefined, curves: DetectionCurves, event: EngineEvent): void {
  if (event.kind === "step") observer?.onStep?.(event.report);
  if (event.kind !== "epoch") return;
  observer?.onEpoch?.(event.report);
  curves.write(event.report);
}

/** Who watches must not end hours of work: an error of theirs, or a full disk under the curves, is a warning. */
function harmless(action: () => void): void {
  try {
    action();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

function outcomeOf({ reason, bestStep, diverged }: DetectionTrainResponse): TrainingOutcome {
  if (diverged) return { reason: "failed", bestEpoch: bestStep, message: `the loss of step ${diverged.step} is ${diverged.loss}` }; // prettier-ignore
  if (reason === "early") return { reason: "finished", bestEpoch: bestStep, message: "no evaluation got better any more" }; // prettier-ignore
  return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch: bestStep };
}
