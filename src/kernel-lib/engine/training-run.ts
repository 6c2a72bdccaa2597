/** One training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import { effectiveSignal } from "../structures/interrupt.js";
import type { TrainingObserver, TrainingOutcome, TrainingPlan } from "../structures/training.js";
import type { AugmentSupply } from "./augment-supply.js";
import { engineClient } from "./engine.js";
import type { EpochCurves } from "./epoch-curves.js";
import type { EngineEvent, TrainRequest, TrainResponse } from "./messages.js";

export interface RunOptions {
  plan: TrainingPlan;
  observer: TrainingObserver | undefined;
  curves: EpochCurves | undefined;
  signal: AbortSignal | undefined;
  augment: AugmentSupply | undefined;
}

/** The worker's answer, and whether the caller's signal or the cell's interrupt ended it. */
export async function runTraining(
  request: TrainRequest,
  { plan, observer, curves, signal: own, augment }: RunOptions,
): Promise<TrainResponse & { interrupted: boolean }> {
  const interrupt = effectiveSignal(own);
  const stopper = new AbortController();
  const signal = interrupt ? AbortSignal.any([interrupt, stopper.signal]) : stopper.signal;
  const onEvent = (event: EngineEvent) => {
    harmless(() => tell(observer, event));
    if (event.kind === "augment") void augment?.answer(event);
    if (event.kind === "warning") process.emitWarning(event.message);
    if (event.kind === "epoch") harmless(() => curves?.write(event.report));
  };
  try {
    await observer?.onStart?.(plan, () => stopper.abort());
    const response = await engineClient().request("train", request, { signal, onEvent });
    harmless(() => observer?.onEnd?.(outcomeOf(response)));
    return { ...response, interrupted: interrupt?.aborted === true && response.reason === "stopped" };
  } catch (ended) {
    const error = augment?.failure ?? ended;
    const message = error instanceof Error ? error.message : String(error);
    harmless(() => observer?.onEnd?.({ reason: "failed", bestEpoch: 0, message }));
    throw error;
  } finally {
    harmless(() => curves?.close());
  }
}

function tell(observer: TrainingObserver | undefined, event: EngineEvent): void {
  if (event.kind === "epoch") observer?.onEpoch?.(event.report);
  else if (event.kind === "step") observer?.onStep?.(event.report);
}

/** Who watches must not end hours of work: an error of theirs, or a full disk under the curves, is a warning. */
function harmless(action: () => void): void {
  try {
    action();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

function outcomeOf({ reason, bestEpoch, diverged }: TrainResponse): TrainingOutcome {
  if (reason === "early") return { reason: "finished", bestEpoch, message: "no epoch got better any more" };
  if (!diverged) return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch };
  return { reason: "failed", bestEpoch, message: `the loss of epoch ${diverged.epoch} is ${diverged.loss}` };
}
