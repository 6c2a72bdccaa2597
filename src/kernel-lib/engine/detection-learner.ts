/** One step of a detector's training: losses, gradients, their length limited, weights moved. */
import * as tf from "@tensorflow/tfjs-core";

import { FasterRcnnNetwork, totalLoss, type DetectionLosses } from "../models/detection/faster-rcnn-network.js";
import type { DetectionLossValues } from "../structures/training.js";
import { SeededRandom } from "../structures/random.js";
import type { DetectionTrainRequest } from "./detection-messages.js";
import type { TrainingBatch } from "./detection-pictures.js";
import { areFinite } from "./finite-weights.js";
import { namedMemory, restoreMemory, tensorData, tensorsFrom } from "./learner-state.js";
import type { LearnerState } from "./learner.js";
import { makeOptimizer } from "./make-optimizer.js";
import type { OperationContext } from "./operation-context.js";
import type { Optimizer } from "./optimizer.js";
import { sharedTensors, shareTensors } from "./shared-tensors.js";

export interface MeasuredLosses extends DetectionLossValues {
  /** The part of the sampled regions that were taken for something else. */
  wrong: number;
}

export class DetectionLearner {
  readonly network: FasterRcnnNetwork;
  private readonly request: DetectionTrainRequest;
  private readonly names: readonly string[];
  private readonly optimizer: Optimizer;
  private readonly sampling: SeededRandom;
  private best: Map<string, tf.Tensor> | undefined;

  constructor(request: DetectionTrainRequest, { control }: OperationContext) {
    const { detector, frozenStages, optimizer, l2, baseRate, seed } = request;
    this.request = request;
    const options = { frozenStages, checkpoint: control.check };
    this.network = new FasterRcnnNetwork(detector.plan, sharedTensors(detector), options);
    this.names = this.network.learning;
    this.sampling = new SeededRandom(seed).fork("sampling");
    const learning = this.names.map((name) => ({
      variable: this.network.parameters.get(name),
      rate: name.startsWith("backbone.body.") ? baseRate : 1,
      // Biases don't decay.
      l2: name.endsWith(".weight") ? l2 : 0,
    }));
    this.optimizer = makeOptimizer(learning, optimizer);
  }

  /** Moves the weights by one batch. Where a loss is not a number nothing is moved. */
  learn({ batch, truths, frozen }: TrainingBatch, rate: number): MeasuredLosses {
    let values: MeasuredLosses | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const losses = this.network.losses(batch, frozen, truths, this.sampling);
      values = numbersOf(losses);
      return totalLoss(losses);
    }, this.optimizer.variables);
    value.dispose();
    const result = values as unknown as MeasuredLosses;
    if (Number.isFinite(totalOf(result))) this.move(grads, rate);
    tf.dispose(grads);
    return result;
  }

  /** The losses of a picture that nothing is learnt from; the same regions are drawn every time. */
  measure({ batch, truths, frozen }: TrainingBatch): MeasuredLosses {
    let values: MeasuredLosses | undefined;
    tf.tidy(() => {
      values = numbersOf(this.network.losses(batch, frozen, truths, new SeededRandom(1), false));
    });
    return values as unknown as MeasuredLosses;
  }

  /** Whether the last step has left numbers. */
  get isSound(): boolean {
    return areFinite(this.optimizer.variables);
  }

  keep(): void {
    tf.dispose([...(this.best?.values() ?? [])]);
    this.best = this.network.parameters.snapshot();
  }

  /** The weights last kept. */
  kept(): NonNullable<DetectionTrainRequest["detector"]> {
    if (this.best) this.network.parameters.restore(this.best);
    return { plan: this.network.plan, ...shareTensors(this.network.export()) };
  }

  state(): LearnerState {
    const now = this.learningTensors();
    const best = new Map([...(this.best ?? [])].filter(([name]) => this.names.includes(name)));
    const tensors = new Map([...tensorData("now", now), ...tensorData("best", best), ...namedMemory(this.optimizer)]);
    tf.dispose([...now.values()]);
    return { tensors, randoms: { sampling: this.sampling.position }, steps: this.optimizer.steps };
  }

  restore({ tensors, randoms, steps }: LearnerState): void {
    const best = tensorsFrom("best", tensors);
    if (best.size > 0) {
      this.network.parameters.restore(best);
      this.keep();
    }
    const now = tensorsFrom("now", tensors);
    this.network.parameters.restore(now);
    tf.dispose([...now.values(), ...best.values()]);
    this.network.changed();
    restoreMemory(this.optimizer, tensors);
    if (randoms["sampling"]) this.sampling.position = randoms["sampling"];
    this.optimizer.steps = steps;
  }

  dispose(): void {
    tf.dispose([...(this.best?.values() ?? [])]);
    this.optimizer.dispose();
    this.network.dispose();
  }

  private learningTensors(): Map<string, tf.Tensor> {
    const all = this.network.parameters.snapshot();
    for (const [name, tensor] of all) {
      if (this.names.includes(name)) continue;
      tensor.dispose();
      all.delete(name);
    }
    return all;
  }

  /** Frees the gradients. */
  private move(gradients: tf.NamedTensorMap, rate: number): void {
    const { clipNorm } = this.request;
    const squares = Object.values(gradients).map((gradient) => tf.tidy(() => tf.sum(tf.square(gradient))));
    const norm = Math.sqrt(tf.tidy(() => tf.addN(squares).dataSync<"float32">()[0] ?? 0));
    tf.dispose(squares);
    const factor = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    for (const [name, gradient] of Object.entries(gradients)) {
      if (factor === 1) continue;
      // One after the other: all of them twice are as much as the weights.
      gradients[name] = tf.mul(gradient, factor);
      gradient.dispose();
    }
    this.optimizer.apply(gradients, rate);
    this.network.changed();
  }
}

export const totalOf = ({ objectness, proposalBox, classes, box }: DetectionLossValues): number =>
  objectness + proposalBox + classes + box;

function numbersOf(losses: DetectionLosses): MeasuredLosses {
  const value = (loss: tf.Scalar) => loss.dataSync<"float32">()[0] ?? NaN;
  const { objectness, proposalBox, classes, box, wrong } = losses;
  return {
    objectness: value(objectness),
    proposalBox: value(proposalBox),
    classes: value(classes),
    box: value(box),
    wrong,
  };
}
