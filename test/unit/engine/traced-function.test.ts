/** Functions as one TensorFlow graph, against themselves operation by operation. */
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { drawn } from "../../../src/kernel-lib/engine/recording.js";
import { HeadLearner } from "../../../src/kernel-lib/engine/head-learner.js";
import type { TrainRequest } from "../../../src/kernel-lib/engine/messages.js";
import { loadTensorFlow } from "../../../src/kernel-lib/engine/tensorflow.js";
import { TracedFunction, noGraphs } from "../../../src/kernel-lib/engine/traced-function.js";
import { TrainingStep } from "../../../src/kernel-lib/engine/training-step.js";
import { addBias } from "../../../src/kernel-lib/models/bias.js";
import { emptyHead } from "../../../src/kernel-lib/models/linear-head.js";
import { Network } from "../../../src/kernel-lib/models/network.js";
import { randomTensors } from "../../../src/kernel-lib/models/random-weights.js";
import { resnetPlan } from "../../../src/kernel-lib/models/resnet.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
  expect(noGraphs()).toBeUndefined();
});

afterEach(() => {
  delete process.env["VITRINE_GRAPHS"];
});

const values = (tensor: tf.Tensor) => [...tensor.dataSync<"float32">()];

/** Everything that five steps of plain descent leave: losses, logits, gradients of the last, weights, running statistics. */
function fiveSteps(graphs: boolean) {
  if (!graphs) process.env["VITRINE_GRAPHS"] = "none";
  const plan = resnetPlan("resnet18", 8);
  const network = new Network(plan, randomTensors(plan, 1));
  const ones = new Float32Array(plan.features).fill(1);
  const head = new HeadLearner(emptyHead(plan.features, 3, ones, ones), 0.5, new SeededRandom(2));
  const variables = [...network.trainable, head.weights, head.bias];
  // Enough epochs that a graph is worth it.
  const request = {
    train: { pictures: Array(4) },
    batchSize: 4,
    epochs: 100,
    batchNorm: "live",
    dropout: 0.5,
    classWeights: [1, 2, 1],
  };
  const subject = { network, head, variables, random: new SeededRandom(3), checkpoint: () => undefined };
  const step = new TrainingStep(subject, request as unknown as TrainRequest);
  const seen: number[][] = [];
  const counts: number[] = [];
  for (let i = 0; i < 5; i++) {
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([4, 64, 64, 3], 0, 1, "float32", i + 1);
      const y = tf.tensor2d([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0], [4, 3]);
      const { loss, logits, gradients } = step.run(x, y);
      seen.push(values(loss), values(logits), ...Object.values(gradients).map(values));
      logits.dispose();
      for (const variable of variables) {
        const gradient = gradients[variable.name];
        if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, 0.001)));
      }
    });
    counts.push(tf.memory().numTensors);
  }
  seen.push(...network.state.map(values));
  step.dispose();
  network.dispose();
  head.dispose();
  return { seen, counts };
}

describe("a training step as a graph", () => {
  it("gives the losses, logits, gradients, weights and running statistics of the operations one by one", () => {
    const tensors = tf.memory().numTensors;
    const [graph, single] = [fiveSteps(true), fiveSteps(false)];
    expect(graph.seen.length).toBe(single.seen.length);
    graph.seen.forEach((list, i) => {
      const expected = single.seen[i] ?? [];
      const size = Math.max(...expected.map(Math.abs), 1e-3);
      const furthest = list.reduce((most, value, j) => Math.max(most, Math.abs(value - (expected[j] ?? NaN))), 0);
      expect(furthest / size).toBeLessThan(1e-4);
    });
    expect(new Set(graph.counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it("is the same again to the last digit", () => {
    expect(fiveSteps(true).seen).toEqual(fiveSteps(true).seen);
  });
});

describe("a traced function", () => {
  const scaled = (state: tf.Variable, random: SeededRandom) =>
    new TracedFunction(
      ([x]) => {
        if (!x) throw new Error("no input");
        const noise = drawn(() => tf.tensor1d([random.next(), random.next()]));
        state.assign(tf.add(state, 1));
        return [tf.add(tf.mul(x, state), noise), x, tf.scalar(7)];
      },
      [state],
    );

  it("assigns its state once a call, draws anew each time in the same order, and returns inputs and constants too", () => {
    const run = (graphs: boolean) => {
      if (!graphs) process.env["VITRINE_GRAPHS"] = "none";
      const state = tf.variable(tf.tensor1d([1, 2]));
      const traced = scaled(state, new SeededRandom(5));
      const seen = [1, 2, 3].map((factor) =>
        tf.tidy(() => [...traced.call([tf.tensor1d([factor, 10])]).map(values), values(state)]),
      );
      traced.dispose();
      state.dispose();
      return seen;
    };
    const [graph, single] = [run(true), run(false)];
    expect(graph).toEqual(single);
    expect(graph.map((call) => call[3])).toEqual([[2, 3], [3, 4], [4, 5]]); // prettier-ignore
    expect(new Set(graph.map((call) => call[0]?.[0])).size).toBe(3);
  });

  it("of the same tensor twice, in and out", () => {
    const traced = new TracedFunction(([a, b]) => {
      const sum = tf.add(a ?? 0, b ?? 0);
      return [sum, sum.clone()];
    }, []);
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2]);
      for (let i = 0; i < 3; i++) expect(traced.call([x, x]).map(values)).toEqual([[2, 4], [2, 4]]); // prettier-ignore
    });
    traced.dispose();
  });

  it("that uses what it was not given runs operation by operation, and the engine can say why", () => {
    const secret = tf.tidy(() => tf.add(tf.tensor1d([1]), 2));
    const traced = new TracedFunction(([x]) => [tf.mul(x ?? 0, secret)], []);
    tf.tidy(() => {
      for (const factor of [1, 2]) expect(traced.call([tf.tensor1d([factor])]).map(values)).toEqual([[3 * factor]]);
    });
    expect(noGraphs()).toBe("a traced function uses a tensor that it was not given");
    secret.dispose();
  });

  it("leaves state and tensors as they were where its first run fails", () => {
    const state = tf.variable(tf.scalar(1));
    const tensors = tf.memory().numTensors;
    const traced = new TracedFunction(() => {
      drawn(() => tf.scalar(1));
      state.assign(tf.scalar(2));
      throw new Error("stopped");
    }, [state]);
    expect(() => traced.call([])).toThrow("stopped");
    expect(values(state)).toEqual([1]);
    expect(tf.memory().numTensors).toBe(tensors);
    state.dispose();
  });

  it("follows its weights: other tensors are another graph, and filters are arranged anew", () => {
    const kernels = [1, 10].map((factor) => tf.mul(tf.ones([1, 1, 1, 1]), factor));
    const bias = tf.tidy(() => tf.add(tf.zeros([1]), 0.5));
    let [kernel] = kernels;
    const convolution = ([x]: readonly tf.Tensor[]) => {
      const y = tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, "valid");
      return [addBias(y, bias as tf.Tensor1D)];
    };
    const traced = new TracedFunction(convolution, [], { weights: () => (kernel ? [kernel, bias] : []) });
    const of = (x: number) => tf.tidy(() => traced.call([tf.tensor4d([x], [1, 1, 1, 1])]).map(values));
    expect([of(2), of(3)]).toEqual([[[2.5]], [[3.5]]]);
    kernel = kernels[1];
    expect([of(2), of(3)]).toEqual([[[20.5]], [[30.5]]]);
    kernel = kernels[0];
    expect(of(3)).toEqual([[3.5]]);
    traced.dispose();
    tf.dispose([...kernels, bias]);
  });
});
