/** A detector's training seen from the calling thread: the worker's events to those who watch, and their stop to the worker. */
import type { TrainingObserver } from "../structures/training.js";
import { DetectionCurves } from "./detection-curves.js";
import { outcomeOf } from "./detection-end.js";
import type { DetectionTrainRequest, DetectionTrainResponse } from "./detection-messages.js";
import { DetectionSupply } from "./detection-supply.js";
import type { BoxAugmenter } from "./detection-train-options.js";
import { engineClient } from "./engine.js";
import type { EngineEvent } from "./messages.js";
import { harmless, watchTraining, type Watched } from "./training-watch.js";

export interface DetectionRunOptions {
  title: string;
  trainDir: string;
  observer: TrainingObserver | undefined;
  signal: AbortSignal | undefined;
  augmenter: BoxAugmenter | undefined;
  minVisible: number;
}

export async function runDetectionTraining(
  request: DetectionTrainRequest,
  { title, trainDir, observer, signal, augmenter, minVisible }: DetectionRunOptions,
): Promise<Watched<DetectionTrainResponse>> {
  const { numSteps, train, batchSize } = request;
  const supply = augmenter && new DetectionSupply(augmenter, train, minVisible);
  const curves = new DetectionCurves(trainDir);
  const onEvent = (event: EngineEvent) => {
    if (event.kind === "augmentBoxed") void supply?.answer(event);
    if (event.kind === "warning") process.emitWarning(event.message);
    if (event.kind === "epoch") harmless(() => curves.write(event.report));
    harmless(() => tell(observer, event));
  };
  const plan = { title, epochs: numSteps, images: train.length, batchSize, unit: "step" } as const;
  const watch = { observer, plan, signal, outcomeOf, failure: () => supply?.failure };
  try {
    return await watchTraining(watch, (stop) =>
      engineClient().request("trainDetector", request, { signal: stop, onEvent }),
    );
  } finally {
    harmless(() => curves.close());
  }
}

function tell(observer: TrainingObserver | undefined, event: EngineEvent): unknown {
  if (event.kind === "epoch") return observer?.onEpoch?.(event.report);
  if (event.kind === "step") return observer?.onStep?.(event.report);
  return undefined;
}
