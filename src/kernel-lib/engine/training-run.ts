/** One training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import { effectiveSignal } from "../structures/interrupt.js";
import type { EpochReport, TrainingObserver, TrainingOutcome, TrainingPlan } from "../structures/training.js";
import { engineClient } from "./engine.js";
import type { EngineEvent, TrainRequest, TrainResponse } from "./messages.js";

/** Somebody who is told of every epoch, and closed at the end. */
export interface EpochLog {
  write(report: EpochReport): Promise<void> | void;
  close(): Promise<void> | void;
}

export interface RunOptions {
  plan: TrainingPlan;
  observer: TrainingObserver | undefined;
  log: EpochLog | undefined;
  signal: AbortSignal | undefined;
}

/** The worker's answer, and whether the caller's signal or the cell's interrupt ended it. */
export async function runTraining(
  request: TrainRequest,
  { plan, observer, log, signal: own }: RunOptions,
): Promise<TrainResponse & { interrupted: boolean }> {
  const interrupt = effectiveSignal(own);
  const stopper = new AbortController();
  const signal = interrupt ? AbortSignal.any([interrupt, stopper.signal]) : stopper.signal;
  try {
    await observer?.onStart?.(plan, () => stopper.abort());
    const written: Promise<void>[] = [];
    const onEvent = (event: EngineEvent) => {
      if (event.kind === "epoch") written.push(Promise.resolve(log?.write(event.report)));
      tell(observer, event);
    };
    const response = await engineClient().request("train", request, { signal, onEvent });
    await Promise.all(written);
    observer?.onEnd?.(outcomeOf(response));
    return { ...response, interrupted: interrupt?.aborted === true && response.reason === "stopped" };
  } catch (error) {
    observer?.onEnd?.({
      reason: "failed",
      bestEpoch: 0,
      message: error instanceof Error ? error.message : String(error),
    });
    throw error;
  } finally {
    await log?.close();
  }
}

function tell(observer: TrainingObserver | undefined, event: EngineEvent): void {
  if (event.kind === "epoch") observer?.onEpoch?.(event.report);
  else if (event.kind === "step") observer?.onStep?.(event.report);
}

function outcomeOf({ reason, bestEpoch, diverged }: TrainResponse): TrainingOutcome {
  if (!diverged) return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch };
  return { reason: "failed", bestEpoch, message: `the loss of epoch ${diverged.epoch} is ${diverged.loss}` };
}
