/** The whole network learns, the head from the rate, the base from a part of it. */
import * as tf from "@tensorflow/tfjs-core";

import { columnStatistics, emptyHead, type HeadData } from "../models/linear-head.js";
import { Network } from "../models/network.js";
import { SeededRandom } from "../structures/random.js";
import { augmentedPicture } from "./augmented-pictures.js";
import { measure } from "./frozen-learner.js";
import { HeadLearner, targetRows, wrongRows } from "./head-learner.js";
import { GradientSum } from "./gradient-sum.js";
import { pictureFeatures, readFeatures } from "./inference.js";
import {
  headFrom,
  headTensors,
  namedMemory,
  namedTensors,
  restoreHead,
  restoreMemory,
  restoreRandoms,
  tensorData,
  tensorsFrom,
} from "./learner-state.js";
import type { Learned, Learner, LearnerState, Measured } from "./learner.js";
import type { LabelledPictures, TrainRequest } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { decodeFor, normalised, readAhead, READERS } from "./pictures.js";
import { readPicture } from "../data/picture-file.js";
import { Lanes } from "./lanes.js";
import { drawMix, mixed } from "./mixup.js";
import { makeOptimizer } from "./make-optimizer.js";
import type { LearningVariable, Optimizer } from "./optimizer.js";
import { stagesByTensor } from "./stages.js";
import { TrainingStep } from "./training-step.js";
import { networkPlan, sharedTensors, shareNetwork } from "./shared-network.js";

/** Pixels that are kept in memory; pictures beyond it are decoded again in every epoch. */
const PIXEL_CACHE_BYTES = 512 * 2 ** 20;

export class FineTuneLearner implements Learner {
  private readonly request: TrainRequest;
  private readonly context: OperationContext;
  private readonly lanes = new Lanes(READERS);
  /** Training pictures that are on their way, by index. */
  private readonly prepared = new Map<number, Promise<Uint8Array>>();
  private readonly network: Network;
  private readonly head: HeadLearner;
  private readonly optimizer: Optimizer;
  private readonly gradientSum: GradientSum;
  private readonly step: TrainingStep;
  private readonly mirroring: SeededRandom;
  private readonly mixing: SeededRandom;
  /** For dropout before the base's own linear layers. */
  private readonly dropping: SeededRandom;
  readonly stages = new Map<string, tf.Variable[]>();
  private readonly pixels = new Map<string, Uint8Array>();
  private room = PIXEL_CACHE_BYTES;
  private best: { head: HeadData; weights: Map<string, tf.Tensor> } | undefined;

  static async create(request: TrainRequest, context: OperationContext): Promise<FineTuneLearner> {
    const { network, input, batchSize, train } = request;
    // The head begins over features standardised as the base gives them now.
    const features = await readFeatures({ network, input, batchSize, pictures: train.pictures }, context);
    const { shift, scale } = columnStatistics(features.data, features.columns);
    return new FineTuneLearner(request, emptyHead(features.columns, request.classCount, shift, scale), context);
  }

  private constructor(request: TrainRequest, start: HeadData, context: OperationContext) {
    const random = new SeededRandom(request.seed);
    this.request = request;
    this.context = context;
    this.network = new Network(networkPlan(request.network.architecture), sharedTensors(request.network));
    this.head = new HeadLearner(start, request.dropout, random.fork("dropout"));
    this.mirroring = random.fork("mirror");
    this.mixing = random.fork("mixup");
    this.dropping = random.fork("base dropout");
    const learning = [...this.learningBase(), ...this.head.learning(request.l2)];
    this.stages.set("head", [this.head.weights, this.head.bias]);
    this.optimizer = makeOptimizer(learning, request.optimizer);
    this.gradientSum = new GradientSum(this.optimizer);
    const { network, head, dropping } = this;
    const { variables } = this.optimizer;
    const { check } = context.control;
    this.step = new TrainingStep({ network, head, variables, random: dropping, checkpoint: check }, request);
  }

  prepare(indices: readonly number[], epoch: number): void {
    const { augment, train, seed } = this.request;
    for (const index of indices) {
      if (this.prepared.has(index)) continue;
      const path = train.pictures[index]?.path ?? "";
      const picture = augment
        ? augmentedPicture(path, `${seed}/${epoch}/${index}`, this.context)
        : this.lanes.run(() => this.read(train, index));
      // It is awaited in its turn; until then a failure is nobody's.
      picture.catch(() => undefined);
      this.prepared.set(index, picture);
    }
  }

  async learn(indices: readonly number[]): Promise<Measured> {
    const { train, input, network, classCount, mixup } = this.request;
    const pixels = await Promise.all(indices.map((index) => this.prepared.get(index) ?? this.read(train, index)));
    for (const index of indices) this.prepared.delete(index);
    const classes = indices.map((index) => train.classes[index] ?? []);
    const flips = indices.map(() => input.mirror && this.mirroring.next() < 0.5);
    return tf.tidy(() => {
      const own = mirrored(normalised(pixels, input, network), flips);
      const targets = targetRows(classes, classCount);
      const mix = mixup > 0 ? drawMix(this.mixing, mixup, indices.length) : undefined;
      const [x, y] = mix ? [mixed(own, mix), mixed(targets, mix)] : [own, targets];
      const major = mix
        ? classes.map((_, row) => classes[mix.part >= 0.5 ? row : (mix.partners[row] ?? row)] ?? [])
        : classes;
      const { loss, logits, gradients } = this.step.run(x, y);
      this.gradientSum.add(gradients, indices.length);
      const wrong = wrongRows(logits, major);
      logits.dispose();
      return { loss: loss.dataSync<"float32">()[0] ?? NaN, wrong };
    });
  }

  gradients(): Readonly<Record<string, tf.Tensor>> {
    return this.gradientSum.current;
  }

  apply(rate: number): void {
    this.gradientSum.apply(rate);
  }

  async evaluate(): Promise<Measured> {
    const { evaluation, batchSize } = this.request;
    const sum = { loss: 0, wrong: 0 };
    const count = evaluation?.pictures.length ?? 0;
    for (let start = 0; evaluation && start < count; start += batchSize) {
      const indices = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) => start + i);
      const { loss, wrong } = await this.measured(evaluation, indices);
      sum.loss += (loss * indices.length) / count;
      sum.wrong += wrong;
    }
    return sum;
  }

  probe(indices: readonly number[]): Promise<Measured> {
    return this.measured(this.request.train, indices);
  }

  keep(): void {
    this.forget();
    this.best = { head: this.head.snapshot(), weights: this.network.snapshot() };
  }

  kept(): Learned {
    if (!this.best) throw new Error("nothing was kept");
    this.network.restore(this.best.weights);
    return { head: this.best.head, network: shareNetwork(this.network.export(), this.request.network) };
  }

  state(): LearnerState {
    const { head, best, optimizer } = this;
    const now = this.network.snapshot();
    const tensors = new Map([
      ...namedTensors("head", head),
      ...namedMemory(optimizer),
      ...tensorData("base", now),
      ...(best ? [...headTensors("best", best.head), ...tensorData("best.base", best.weights)] : []),
    ]);
    tf.dispose([...now.values()]);
    const randoms = Object.fromEntries(Object.entries(this.randoms).map(([name, { position }]) => [name, position]));
    return { tensors, randoms, steps: optimizer.steps };
  }

  restore({ tensors, randoms, steps }: LearnerState): void {
    restoreHead(this.head, "head", tensors);
    restoreMemory(this.optimizer, tensors);
    const now = tensorsFrom("base", tensors);
    this.network.restore(now);
    tf.dispose([...now.values()]);
    this.forget();
    const weights = tensorsFrom("best.base", tensors);
    if (weights.size > 0) this.best = { head: headFrom(this.head.snapshot(), "best", tensors), weights };
    restoreRandoms(this.randoms, randoms);
    this.optimizer.steps = steps;
  }

  dispose(): void {
    this.forget();
    this.network.dispose();
    this.head.dispose();
    this.gradientSum.dispose();
    this.step.dispose();
    this.optimizer.dispose();
  }

  /** What learns of the stages that do; the tensors' names and the network's variables have one order. */
  private learningBase(): LearningVariable[] {
    const { network, stageRates, l2 } = this.request;
    const stages = stagesByTensor(this.network.plan);
    const names = network.entries.map(({ name }) => name).filter((name) => !name.includes(".running_"));
    return this.network.trainable.flatMap((variable, index) => {
      const stage = stages.get(names[index] ?? "") ?? "";
      const rate = stageRates[stage];
      if (rate === undefined) return [];
      this.stages.set(stage, [...(this.stages.get(stage) ?? []), variable]);
      // Biases, and scales and shifts of batch norm, don't decay.
      return [{ variable, rate, l2: variable.rank >= 2 ? l2 : 0 }];
    });
  }

  private get randoms(): Record<string, SeededRandom> {
    const { head, mixing, mirroring, dropping } = this;
    return { dropout: head.random, mixup: mixing, mirror: mirroring, "base dropout": dropping };
  }

  private forget(): void {
    tf.dispose([...(this.best?.weights.values() ?? [])]);
    this.best = undefined;
  }

  private async measured(set: LabelledPictures, indices: readonly number[]): Promise<Measured> {
    const features = await this.features(set, indices);
    const classes = indices.map((index) => set.classes[index] ?? []);
    const measured = measure(this.head, { features, classes }, this.request.classCount);
    features.dispose();
    return measured;
  }

  private async features(set: LabelledPictures, indices: readonly number[]): Promise<tf.Tensor2D> {
    const { input, network } = this.request;
    const pixels: Uint8Array[] = [];
    for await (const picture of readAhead(indices, (index) => this.read(set, index))) pixels.push(picture);
    return tf.tidy(() =>
      pictureFeatures(this.network, normalised(pixels, input, network), input.mirror, this.context.control),
    );
  }

  private async read({ pictures }: LabelledPictures, index: number): Promise<Uint8Array> {
    const path = pictures[index]?.path ?? "";
    const known = this.pixels.get(path);
    if (known) return known;
    const pixels = await decodeFor(await readPicture(path), this.request.input);
    if (pixels.length <= this.room) {
      this.room -= pixels.length;
      this.pixels.set(path, pixels);
    }
    return pixels;
  }
}

/** Pictures N × H × W × C, some of them mirrored. */
function mirrored(x: tf.Tensor4D, flips: readonly boolean[]): tf.Tensor4D {
  if (!flips.includes(true)) return x;
  return tf.tidy(() => {
    const choice = tf.tensor4d(flips.map(Number), [flips.length, 1, 1, 1]);
    return tf.add(tf.mul(tf.reverse4d(x, 2), choice), tf.mul(x, tf.sub(1, choice)));
  });
}
