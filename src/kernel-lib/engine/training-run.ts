/** One training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import type { TrainingObserver, TrainingPlan } from "../structures/training.js";
import type { AugmentSupply } from "./augment-supply.js";
import { engineClient } from "./engine.js";
import type { EngineEvent, TrainRequest, TrainResponse } from "./messages.js";
import type { RunEnd, RunRecorder } from "./run-recorder.js";
import { outcomeOf } from "./training-end.js";
import { failedOutcome, harmless, warn, watchTraining, type Watched } from "./training-watch.js";

export interface RunOptions {
  plan: TrainingPlan;
  observer: TrainingObserver | undefined;
  recorders: readonly RunRecorder[];
  signal: AbortSignal | undefined;
  augment: AugmentSupply | undefined;
}

export async function runTraining(
  request: TrainRequest,
  { plan, observer, recorders, signal, augment }: RunOptions,
): Promise<Watched<TrainResponse>> {
  const onEvent = (event: EngineEvent) => {
    harmless(() => tell(observer, event));
    if (event.kind === "augment") void augment?.answer(event);
    if (event.kind === "warning") process.emitWarning(event.message);
    for (const recorder of recorders) harmless(() => write(recorder, event));
  };
  const watch = { observer, plan, signal, outcomeOf, failure: () => augment?.failure };
  try {
    return await watchTraining(watch, (stop) => engineClient().request("train", request, { signal: stop, onEvent }));
  } catch (error) {
    await endRecords(recorders, failedOutcome(error));
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

function tell(observer: TrainingObserver | undefined, event: EngineEvent): unknown {
  if (event.kind === "epoch") return observer?.onEpoch?.(event.report);
  if (event.kind === "step") return observer?.onStep?.(event.report);
  return undefined;
}
