/** A training: who learns, from where on, and the loop. */
import { hasFusedBatchNorm } from "../models/batch-norm.js";
import { VitrineError } from "../structures/errors.js";
import type { LearningRateCurve } from "../structures/training.js";
import { readCheckpoint } from "./checkpoint-file.js";
import { StopRequest } from "./control.js";
import { FineTuneLearner } from "./fine-tune-learner.js";
import { fingerprint } from "./fingerprint.js";
import { FrozenLearner } from "./frozen-learner.js";
import type { Learner } from "./learner.js";
import { findLearningRate } from "./learning-rate-finder.js";
import type { RateSearch, TrainRequest, TrainResponse } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { loadTensorFlow } from "./tensorflow.js";
import { abandonTape, TrainingLoop } from "./training-loop.js";

export async function train(request: TrainRequest, context: OperationContext): Promise<TrainResponse> {
  const { resume, checkpoints } = request;
  const own = checkpoints ? await fingerprint(request) : {};
  const checkpoint = resume && checkpoints ? await readCheckpoint(checkpoints.path, own) : undefined;
  let learner: Learner | undefined;
  try {
    learner = await newLearner(request, context);
    const loop = new TrainingLoop(request, learner, context, own);
    if (checkpoint) {
      learner.restore(checkpoint.learner);
      loop.restore(checkpoint.loop);
    }
    return await loop.run();
  } catch (error) {
    // Stopped before the first epoch could begin.
    if (error instanceof StopRequest) return { reason: "stopped", history: [], bestEpoch: 0 };
    throw error;
  } finally {
    learner?.dispose();
  }
}

/** @throws StopRequest */
export async function searchRate(
  request: TrainRequest & { search: RateSearch },
  context: OperationContext,
): Promise<LearningRateCurve> {
  const learner = await newLearner(request, context);
  try {
    return await findLearningRate(learner, request, request.search, context);
  } catch (error) {
    if (error instanceof StopRequest) abandonTape();
    throw error;
  } finally {
    learner.dispose();
  }
}

function newLearner(request: TrainRequest, context: OperationContext): Promise<Learner> {
  if (request.freeze) return FrozenLearner.create(request, context);
  requireTensorFlow();
  return FineTuneLearner.create(request, context);
}

function requireTensorFlow(): void {
  if (hasFusedBatchNorm()) return;
  throw new VitrineError("EngineUnavailable", {
    operation: "Fine-tuning a whole network",
    reason: `the engine is WebAssembly, which has no gradients of convolutions (${loadTensorFlow().reason})`,
    waysOut: [
      "Train with freeze: true, which works here too",
      "Run npm run setup where TensorFlow can be had, without VITRINE_TENSORFLOW=none",
    ],
  });
}
