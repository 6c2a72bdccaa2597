/**
 * Forward and backward through a network and its head. Where batches of one size come often enough, as one TensorFlow graph.
 * N pictures of S × S, K classes.
 */
import * as tf from "@tensorflow/tfjs-core";

import type { Network } from "../models/network.js";
import { batches } from "./batches.js";
import { crossEntropy } from "./cross-entropy.js";
import { dropout } from "./dropout.js";
import type { HeadLearner } from "./head-learner.js";
import type { TrainRequest } from "./messages.js";
import type { SeededRandom } from "../structures/random.js";
import { TracedFunction } from "./traced-function.js";

/** Making a graph costs about two steps and half a second, and a step as a graph spares a sixth. */
const FEWEST_STEPS = 24;

export interface StepSubject {
  network: Network;
  head: HeadLearner;
  /** What gets gradients. */
  variables: readonly tf.Variable[];
  /** For dropout before the network's own linear layers. */
  random: SeededRandom;
  /** Called before every layer while there is no graph; may throw. */
  checkpoint: () => void;
}

/** The caller disposes all of it. */
export interface StepResult {
  loss: tf.Tensor;
  /** N × K, without dropout in the head. */
  logits: tf.Tensor2D;
  /** By the variables' names. */
  gradients: Record<string, tf.Tensor>;
}

export class TrainingStep {
  private readonly subject: StepSubject;
  private readonly request: TrainRequest;
  /** By the number of pictures. */
  private readonly graphs: ReadonlyMap<number, TracedFunction>;

  constructor(subject: StepSubject, request: TrainRequest) {
    this.subject = subject;
    this.request = request;
    const { network, head } = subject;
    const state = [...network.state, head.weights, head.bias];
    const sizes = frequentSizes(request);
    this.graphs = new Map(sizes.map((size) => [size, new TracedFunction((inputs) => this.compute(inputs), state)]));
  }

  /** Pictures N × S × S × 3, targets N × K. Where batch norm is live its statistics move on. */
  run(x: tf.Tensor4D, y: tf.Tensor2D): StepResult {
    const graph = this.graphs.get(x.shape[0]);
    const [loss, logits, ...gradients] = graph ? graph.call([x, y]) : this.compute([x, y]);
    if (!loss || !logits) throw new Error("a step gave no loss");
    const named = this.subject.variables.flatMap(({ name }, i) => {
      const gradient = gradients[i];
      return gradient ? [[name, gradient] as const] : [];
    });
    return { loss, logits: logits as tf.Tensor2D, gradients: Object.fromEntries(named) };
  }

  dispose(): void {
    for (const graph of this.graphs.values()) graph.dispose();
  }

  private compute(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const [x, y] = inputs as [tf.Tensor4D, tf.Tensor2D];
    const { network, head, variables, random, checkpoint } = this.subject;
    const { batchNorm, dropout: rate } = this.request;
    const beforeLinear = (z: tf.Tensor2D) => dropout(z, rate, random);
    let logits: tf.Tensor | undefined;
    const loss = () => {
      const features = network.forward(x, batchNorm, { checkpoint, beforeLinear });
      logits = tf.keep(head.logits(features, false).clone());
      return crossEntropy(head.logits(features, true), y, this.request);
    };
    try {
      const { value, grads } = tf.variableGrads(loss, [...variables]);
      return [value, ...(logits ? [logits] : []), ...variables.flatMap(({ name }) => grads[name] ?? [])];
    } catch (error) {
      logits?.dispose();
      throw error;
    }
  }
}

/** The sizes of batches that are worth a graph. The same for a training that is resumed, so that it goes on as it was. */
function frequentSizes({ train, batchSize, freeze, batchNorm, epochs }: TrainRequest): number[] {
  const counts = new Map<number, number>();
  const order = train.pictures.map((_, index) => index);
  for (const { length } of batches(order, batchSize, freeze || batchNorm === "frozen")) {
    counts.set(length, (counts.get(length) ?? 0) + epochs);
  }
  return [...counts].filter(([, count]) => count >= FEWEST_STEPS).map(([size]) => size);
}
