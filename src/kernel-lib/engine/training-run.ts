/** One training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import { effectiveSignal } from "../structures/interrupt.js";
import type { TrainingObserver, TrainingOutcome, TrainingPlan } from "../structures/training.js";
import type { AugmentSupply } from "./augment-supply.js";
import { engineClient } from "./engine.js";
import type { EngineEvent, TrainRequest, TrainResponse } from "./messages.js";
import type { RunEnd, RunRecorder } from "./run-recorder.js";

export interface RunOptions {
  plan: TrainingPlan;
  observer: TrainingObserver | undefined;
  recorders: readonly RunRecorder[];
  signal: AbortSignal | undefined;
  augment: AugmentSupply | undefined;
}

/** The worker's answer, and whether the caller's signal or the cell's interrupt ended it. */
export type RunResponse = TrainResponse & { interrupted: boolean };

export async function runTraining(
  request: TrainRequest,
  { plan, observer, recorders, signal: own, augment }: RunOptions,
): Promise<RunResponse> {
  const interrupt = effectiveSignal(own);
  const stopper = new AbortController();
  const signal = interrupt ? AbortSignal.any([interrupt, stopper.signal]) : stopper.signal;
  const onEvent = (event: EngineEvent) => {
    harmless(() => tell(observer, event));
    if (event.kind === "augment") void augment?.answer(event);
    if (event.kind === "warning") process.emitWarning(event.message);
    for (const recorder of recorders) harmless(() => write(recorder, event));
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
    await endRecords(recorders, { reason: "failed", bestEpoch: 0, message });
    throw error;
  }
}

/** Once the model is what the training made of it: a record may ask it for its opinion. */
export async function endRecords(recorders: readonly RunRecorder[], end: RunEnd): Promise<void> {
  for (const recorder of recorders) await recorder.end(end).catch(warn);
}

function write(recorder: RunRecorder, event: EngineEvent): void {
  if (event.kind === "epoch") recorder.epoch(event.report);
  if (event.kind === "histograms") recorder.histograms?.(event.histograms);
}

function tell(observer: TrainingObserver | undefined, event: EngineEvent): void {
  if (event.kind === "epoch") observer?.onEpoch?.(event.report);
  else if (event.kind === "step") observer?.onStep?.(event.report);
}

/** Who watches must not end hours of work: an error of theirs, or a full disk under the records, is a warning. */
function harmless(action: () => void): void {
  try {
    action();
  } catch (error) {
    warn(error);
  }
}

const warn = (error: unknown) => process.emitWarning(error instanceof Error ? error : String(error));

export function outcomeOf({ reason, bestEpoch, diverged }: TrainResponse): TrainingOutcome {
  if (reason === "early") return { reason: "finished", bestEpoch, message: "no epoch got better any more" };
  if (!diverged) return { reason: reason === "stopped" ? "stopped" : "finished", bestEpoch };
  return { reason: "failed", bestEpoch, message: `the loss of epoch ${diverged.epoch} is ${diverged.loss}` };
}
