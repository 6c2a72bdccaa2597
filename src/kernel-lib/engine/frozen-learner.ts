/** The base stays as it is: its features are computed once, and a head learns from them. */
import * as tf from "@tensorflow/tfjs-core";

import { columnStatistics, emptyHead, type HeadData } from "../models/linear-head.js";
import type { Matrix } from "../structures/matrix.js";
import { SeededRandom } from "../structures/random.js";
import { crossEntropy } from "./cross-entropy.js";
import { HeadLearner, targetRows, wrongRows } from "./head-learner.js";
import { GradientSum } from "./gradient-sum.js";
import { readFeatures } from "./inference.js";
import {
  headFrom,
  headTensors,
  namedMemory,
  namedTensors,
  restoreHead,
  restoreMemory,
  restoreRandoms,
} from "./learner-state.js";
import type { Learned, Learner, LearnerState, Measured } from "./learner.js";
import type { LabelledPictures, TrainRequest } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { drawMix, mixed } from "./mixup.js";
import { makeOptimizer } from "./make-optimizer.js";
import type { Optimizer } from "./optimizer.js";

/** Features of labelled pictures. */
interface Known {
  features: tf.Tensor2D;
  classes: LabelledPictures["classes"];
}

export class FrozenLearner implements Learner {
  private readonly request: TrainRequest;
  private readonly train: Known;
  private readonly evaluation: Known | undefined;
  private readonly head: HeadLearner;
  private readonly optimizer: Optimizer;
  private readonly gradientSum: GradientSum;
  private readonly mixing: SeededRandom;
  private best: HeadData;

  static async create(request: TrainRequest, context: OperationContext): Promise<FrozenLearner> {
    const { network, input, batchSize, train, evaluation } = request;
    const featuresOf = ({ pictures }: LabelledPictures) =>
      readFeatures({ network, input, batchSize, pictures }, context);
    const trainFeatures = await featuresOf(train);
    return new FrozenLearner(request, trainFeatures, evaluation && (await featuresOf(evaluation)));
  }

  private constructor(request: TrainRequest, train: Matrix, evaluation: Matrix | undefined) {
    const { shift, scale } = columnStatistics(train.data, train.columns);
    const start = emptyHead(train.columns, request.classCount, shift, scale);
    this.request = request;
    this.train = known(train, request.train);
    this.evaluation = evaluation && request.evaluation ? known(evaluation, request.evaluation) : undefined;
    const random = new SeededRandom(request.seed);
    this.head = new HeadLearner(start, request.dropout, random.fork("dropout"));
    this.mixing = random.fork("mixup");
    this.optimizer = makeOptimizer(this.head.learning(request.l2), request.optimizer);
    this.gradientSum = new GradientSum(this.optimizer);
    this.best = start;
  }

  learn(indices: readonly number[]): Measured {
    const classes = indices.map((index) => this.train.classes[index] ?? []);
    return tf.tidy(() => {
      const features: tf.Tensor2D = tf.gather(this.train.features, tf.tensor1d([...indices], "int32"));
      const targets = targetRows(classes, this.request.classCount);
      const wrong = wrongRows(this.head.logits(features, false), classes);
      const { mixup } = this.request;
      const mix = mixup > 0 ? drawMix(this.mixing, mixup, indices.length) : undefined;
      const [x, y] = mix ? [mixed(features, mix), mixed(targets, mix)] : [features, targets];
      const loss = () => crossEntropy(this.head.logits(x, true), y, this.request);
      const { value, grads } = tf.variableGrads(loss, this.optimizer.variables);
      this.gradientSum.add(grads, indices.length);
      return { loss: value.dataSync<"float32">()[0] ?? NaN, wrong };
    });
  }

  get stages(): ReadonlyMap<string, readonly tf.Variable[]> {
    return new Map([["head", this.optimizer.variables]]);
  }

  gradients(): Readonly<Record<string, tf.Tensor>> {
    return this.gradientSum.current;
  }

  apply(rate: number): void {
    this.gradientSum.apply(rate);
  }

  evaluate(): Measured {
    const { evaluation } = this;
    return evaluation ? measure(this.head, evaluation, this.request.classCount) : { loss: 0, wrong: 0 };
  }

  probe(indices: readonly number[]): Measured {
    const classes = indices.map((index) => this.train.classes[index] ?? []);
    const features = tf.tidy((): tf.Tensor2D => tf.gather(this.train.features, tf.tensor1d([...indices], "int32")));
    const measured = measure(this.head, { features, classes }, this.request.classCount);
    features.dispose();
    return measured;
  }

  keep(): void {
    this.best = this.head.snapshot();
  }

  kept(): Learned {
    return { head: this.best };
  }

  state(): LearnerState {
    const { head, best, optimizer } = this;
    const tensors = new Map([...namedTensors("head", head), ...namedMemory(optimizer), ...headTensors("best", best)]);
    const randoms = { dropout: head.random.position, mixup: this.mixing.position };
    return { tensors, randoms, steps: optimizer.steps };
  }

  restore({ tensors, randoms, steps }: LearnerState): void {
    restoreHead(this.head, "head", tensors);
    restoreMemory(this.optimizer, tensors);
    this.best = headFrom(this.best, "best", tensors);
    restoreRandoms({ dropout: this.head.random, mixup: this.mixing }, randoms);
    this.optimizer.steps = steps;
  }

  dispose(): void {
    this.head.dispose();
    this.gradientSum.dispose();
    this.optimizer.dispose();
    tf.dispose([this.train.features, ...(this.evaluation ? [this.evaluation.features] : [])]);
  }
}

export function measure(head: HeadLearner, { features, classes }: Known, classCount: number): Measured {
  return tf.tidy(() => {
    const logits = head.logits(features, false);
    const loss = crossEntropy(logits, targetRows(classes, classCount)).dataSync<"float32">()[0] ?? NaN;
    return { loss, wrong: wrongRows(logits, classes) };
  });
}

const known = ({ rows, columns, data }: Matrix, { classes }: LabelledPictures): Known => ({
  features: tf.tensor2d(data, [rows, columns]),
  classes,
});
