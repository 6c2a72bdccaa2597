import { readFileSync, writeFileSync } from "node:fs";

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { encodeOnnx } from "../../src/kernel-lib/hub/onnx-file.js";
import { headLogits } from "../../src/kernel-lib/models/linear-head.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { onnxGraph } from "../../src/kernel-lib/models/onnx-graph.js";
import { weightShapes, type NetworkPlan } from "../../src/kernel-lib/models/plan.js";
import { resnetPlan } from "../../src/kernel-lib/models/resnet.js";
import { formulaHead, formulaValues, noise } from "./torch-formula.js";

const fixture = (name: string) => new URL(`../fixtures/onnx/${name}`, import.meta.url);
const METADATA = { labels: '["a","b","ç"]' };

/** A small network with what AlexNet has: biases, unpadded pools, an average pool to places, linear layers. */
const linearPlan: NetworkPlan = {
  name: "linear",
  stages: [
    {
      name: "conv1",
      layers: [
        { kind: "conv", name: "c", kernel: 5, stride: 2, padding: 2, inputs: 3, outputs: 6, relu: true },
        { kind: "maxPool", kernel: 3, stride: 2, padding: 0 },
      ],
    },
  ],
  places: 4,
  linear: [
    { name: "l1", inputs: 96, outputs: 20 },
    { name: "l2", inputs: 20, outputs: 10 },
  ],
  features: 10,
};

const cases = [
  { file: "basic", plan: resnetPlan("resnet18", 2), height: 33, width: 48, mirror: true, head: true },
  { file: "bottleneck", plan: resnetPlan("resnet50", 2), height: 40, width: 32, mirror: false, head: true },
  // 7 × 10 places before the pool to 4 × 4.
  { file: "linear", plan: linearPlan, height: 31, width: 42, mirror: true, head: true },
  { file: "headless", plan: linearPlan, height: 19, width: 19, mirror: false, head: false },
] as const;

const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** Pictures 2 × H × W × 3 with values from 0 to 1, as make.py has them channels first. */
function pictures(height: number, width: number): tf.Tensor4D {
  const values = Float32Array.from(noise(2 * 3 * height * width, 1000), (value) => (value + 1) / 2);
  return tf.transpose(tf.tensor4d(values, [2, 3, height, width]), [0, 2, 3, 1]);
}

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

describe("an ONNX file gives in onnxruntime 1.31.1 what the engine gives", () => {
  it.each(cases)("$file, $height × $width, mirror $mirror", ({ file, plan, height, width, mirror, ...rest }) => {
    const tensors = formulaValues(weightShapes(plan));
    const head = rest.head ? formulaHead(plan.features) : undefined;
    const subject = { plan, tensors, head, height, width, mirror, mean: MEAN, deviation: DEVIATION };
    const bytes = encodeOnnx(onnxGraph(subject), METADATA);
    if (process.env["REMAKE"]) writeFileSync(fixture(`${file}.onnx`), bytes);
    // Those that onnxruntime was given.
    expect(Buffer.compare(readFileSync(fixture(`${file}.onnx`)), bytes)).toBe(0);
    const answers = JSON.parse(readFileSync(fixture("onnx.json"), "utf8")) as Record<string, Record<string, number[]>>;
    const answer = answers[file];
    expect(answer?.["metadata"]).toEqual(METADATA);
    const network = new Network(plan, tensors);
    tf.tidy(() => {
      const x = tf.div<tf.Tensor4D>(
        tf.sub(pictures(height, width), tf.tensor1d([...MEAN])),
        tf.tensor1d([...DEVIATION]),
      );
      const plain = network.infer(x);
      const features = mirror ? tf.mul<tf.Tensor2D>(tf.add(plain, network.infer(tf.reverse4d(x, 2))), 0.5) : plain;
      expectClose(features, answer?.["features"]);
      if (head) expectClose(tf.softmax(headLogits(features, head)), answer?.["probabilities"]);
      else expect(answer).not.toHaveProperty("probabilities");
    });
    network.dispose();
  });
});

function expectClose(tensor: tf.Tensor, theirs: readonly number[] = []): void {
  const ours = tensor.dataSync();
  expect(theirs).toHaveLength(ours.length);
  expect(new Set(theirs).size).toBeGreaterThan(2);
  const scale = Math.max(1, ...theirs.map(Math.abs));
  expect(Math.max(...theirs.map((value, i) => Math.abs(value - (ours[i] ?? NaN)))) / scale).toBeLessThan(1e-5);
}
