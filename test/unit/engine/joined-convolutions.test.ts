/** Networks as graphs whose convolutions are joined and keep their filters arranged: against themselves operation by operation. */
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { pictureFeatures, tracedFeatures } from "../../../src/kernel-lib/engine/inference.js";
import { joinConvolutions } from "../../../src/kernel-lib/engine/joined-convolutions.js";
import { needed, record } from "../../../src/kernel-lib/engine/recording.js";
import { loadTensorFlow } from "../../../src/kernel-lib/engine/tensorflow.js";
import { tensorFlowBackend } from "../../../src/kernel-lib/engine/tensorflow-backend.js";
import { noGraphs } from "../../../src/kernel-lib/engine/traced-function.js";
import { alexnetPlan } from "../../../src/kernel-lib/models/alexnet.js";
import { Network } from "../../../src/kernel-lib/models/network.js";
import { convLayers, type NetworkPlan } from "../../../src/kernel-lib/models/plan.js";
import { randomTensors } from "../../../src/kernel-lib/models/random-weights.js";
import { resnetPlan } from "../../../src/kernel-lib/models/resnet.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";

/** AlexNet with few numbers in its linear layers, which would be 220 MB. */
function narrowAlexnet(): NetworkPlan {
  const [first, second] = alexnetPlan().linear;
  if (!first || !second) throw new Error("AlexNet has two linear layers");
  const linear = [
    { ...first, outputs: 24 },
    { ...second, inputs: 24, outputs: 16 },
  ];
  return { ...alexnetPlan(), linear, features: 16 };
}

/** Of each kind, a side of pictures that it takes; 100 pixels leave AlexNet less than its six places. */
const NETWORKS: [string, NetworkPlan, number][] = [
  ["ResNet-18", resnetPlan("resnet18", 32), 64],
  ["the embedded base", resnetPlan("resnet18", 24), 80],
  ["ResNet-50", resnetPlan("resnet50", 8), 64],
  ["AlexNet", narrowAlexnet(), 100],
];

/** Weights with which no bias and no statistic is what it starts as. */
function networkOf(plan: NetworkPlan, seed: number): Network {
  const tensors = randomTensors(plan, seed);
  const random = new SeededRandom(seed);
  for (const [name, { shape, data }] of tensors) {
    if (shape.length > 1) continue;
    const positive = name.endsWith("running_var");
    for (let i = 0; i < data.length; i++) data[i] = (positive ? 1 : (data[i] ?? 0)) + 0.2 * random.next();
  }
  return new Network(plan, tensors);
}

const control = { check: () => undefined };
const pictures = (count: number, side: number) =>
  tf.randomNormal<tf.Rank.R4>([count, side, side, 3], 0, 1, "float32", count);

function expectSame(actual: tf.Tensor | undefined, expected: tf.Tensor): void {
  expect(actual?.shape).toEqual(expected.shape);
  const [given, wanted] = [actual?.dataSync<"float32">() ?? [], expected.dataSync<"float32">()];
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(size).toBeGreaterThan(0);
  const furthest = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (given[i] ?? NaN))), 0);
  expect(furthest / size).toBeLessThan(1e-5);
}

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
  expect(noGraphs()).toBeUndefined();
});

describe("features by a graph are those of the operations one by one", () => {
  it.each(NETWORKS)("%s, for any number of pictures, with the mirror image and without", (_, plan, side) => {
    const network = networkOf(plan, 1);
    for (const mirror of [false, true]) {
      const graph = tracedFeatures(network, mirror);
      for (const count of [3, 1, 5]) {
        tf.tidy(() => {
          const x = pictures(count, side);
          expectSame(graph.call([x])[0], pictureFeatures(network, x, mirror, control));
        });
      }
      graph.dispose();
    }
    expect(noGraphs()).toBeUndefined();
    network.dispose();
  });

  it("of several networks of one shape in turns, and of one whose weights change in place", () => {
    const plan = resnetPlan("resnet18", 8);
    const networks = [1, 2, 3].map((seed) => networkOf(plan, seed));
    const graphs = networks.map((network) => tracedFeatures(network, false));
    const x = pictures(2, 64);
    const check = () => {
      for (const [i, network] of networks.entries())
        tf.tidy(() => expectSame(graphs[i]?.call([x])[0], pictureFeatures(network, x, false, control)));
    };
    check();
    check();
    const [changed, other] = networks;
    const snapshot = other?.snapshot() ?? new Map<string, tf.Tensor>();
    changed?.restore(snapshot);
    check();
    tf.tidy(() => expectSame(graphs[0]?.call([x])[0], graphs[1]?.call([x])[0] ?? x));
    tf.dispose([x, ...snapshot.values()]);
    for (const one of [...graphs, ...networks]) one.dispose();
  });
});

describe("joining", () => {
  /** What ResNet-50 does to a picture, and which tensors its filters are. */
  function recorded() {
    const backend = tensorFlowBackend();
    if (!backend) throw new Error("no TensorFlow here");
    const plan = resnetPlan("resnet50", 8);
    const network = networkOf(plan, 1);
    const x = pictures(1, 64);
    const filters = new Set(backend.getInputTensorIds(network.inferenceWeights));
    backend.getInputTensorIds([x]);
    const { operations, constants, result } = record(backend, () => network.infer(x));
    const fetched = backend.getInputTensorIds([result]);
    const layers = convLayers(plan).length;
    tf.dispose([x, result]);
    network.dispose();
    return { graph: { operations: needed(operations, fetched), constants, fetched }, filters, layers, backend };
  }

  it("leaves one operation a convolution: with its padding, bias, sum and rectifier", () => {
    const { graph, filters, layers, backend } = recorded();
    const joined = needed(joinConvolutions(graph, filters, backend.binding), graph.fetched);
    const names = joined.map(({ name }) => name);
    expect(names.filter((name) => name === "_MklNativeFusedConv2D")).toHaveLength(layers);
    expect(names.filter((name) => name !== "_MklNativeFusedConv2D")).toEqual([
      "PadV2",
      "MaxPool",
      "Cast",
      "Mean",
      "Reshape",
    ]);
  });

  it("leaves alone what it was not told is always the same, and what somebody else wants too", () => {
    const { graph, filters, backend } = recorded();
    expect(joinConvolutions(graph, new Set(), backend.binding)).toEqual(graph.operations);
    const biased = graph.operations.find(({ name }) => name === "BiasAdd");
    const wanted = { ...graph, fetched: [...graph.fetched, biased?.outputs[0] ?? -1] };
    const outputs = joinConvolutions(wanted, filters, backend.binding).flatMap((operation) => operation.outputs);
    expect(outputs).toEqual(expect.arrayContaining(wanted.fetched));
  });
});
