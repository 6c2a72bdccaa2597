import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as TensorFlow from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { writeLayersModel } from "../../src/kernel-lib/engine/write-layers-model.js";
import { headLogits } from "../../src/kernel-lib/models/linear-head.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { weightShapes, type NetworkPlan } from "../../src/kernel-lib/models/plan.js";
import { resnetPlan } from "../../src/kernel-lib/models/resnet.js";
import { tfjsLayers } from "../../src/kernel-lib/models/tfjs-layers.js";
import { formulaHead, formulaValues, noise } from "./torch-formula.js";

const folder = mkdtempSync(join(tmpdir(), "vitrine-layers-"));
afterAll(() => rmSync(folder, { recursive: true }));

let tf: ReturnType<typeof loadTensorFlow>["tf"];
beforeAll(async () => {
  ({ tf } = loadTensorFlow());
  await tf.ready();
});

/** A small network with what AlexNet has: biases, unpadded pools, an average pool to places, linear layers. */
const linearPlan: NetworkPlan = {
  name: "linear",
  stages: [
    {
      name: "conv1",
      layers: [
        { kind: "conv", name: "features.0", kernel: 5, stride: 2, padding: 2, inputs: 3, outputs: 6, relu: true },
        { kind: "maxPool", kernel: 3, stride: 2, padding: 0 },
      ],
    },
  ],
  places: 4,
  linear: [
    { name: "classifier.1", inputs: 96, outputs: 20 },
    { name: "classifier.4", inputs: 20, outputs: 10 },
  ],
  features: 10,
};

const cases = [
  { name: "basic", plan: resnetPlan("resnet18", 24), height: 33, width: 48, mirror: true, shards: 2 },
  { name: "bottleneck", plan: resnetPlan("resnet50", 2), height: 40, width: 32, mirror: false, shards: 1 },
  { name: "stride-first", plan: resnetPlan("resnet50", 2, "first"), height: 64, width: 64, mirror: true, shards: 1 },
  // 7 × 10 places before the pool to 4 × 4.
  { name: "linear", plan: linearPlan, height: 31, width: 42, mirror: true, shards: 1 },
] as const;

const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

describe("a tfjs layers model gives by @tensorflow/tfjs 4.22.0's own loader what the engine gives", () => {
  it.each(cases)("$name, $height × $width, mirror $mirror", async ({ name, plan, height, width, mirror, shards }) => {
    const tensors = formulaValues(weightShapes(plan));
    const head = formulaHead(plan.features);
    const subject = { plan, tensors, head, height, width, mirror, mean: MEAN, deviation: DEVIATION };
    const path = join(folder, name, "model.json");
    await writeLayersModel(path, tfjsLayers(subject), { labels: ["a", "b", "ç"] });
    const files = readdirSync(join(folder, name)).filter((file) => file !== "model.json");
    expect(files).toHaveLength(shards);
    expect(Math.max(...files.map((file) => statSync(join(folder, name, file)).size))).toBeLessThanOrEqual(2 ** 22);
    const model = await tf.loadLayersModel(`file://${path}`);
    const written = JSON.parse(readFileSync(path, "utf8")) as { userDefinedMetadata: unknown };
    expect(written.userDefinedMetadata).toEqual({ labels: ["a", "b", "ç"] });
    const network = new Network(plan, tensors);
    tf.tidy(() => {
      const values = Float32Array.from(noise(2 * height * width * 3, 1000), (value) => (value + 1) / 2);
      const pictures = tf.tensor4d(values, [2, height, width, 3]);
      const x = tf.div<TensorFlow.Tensor4D>(tf.sub(pictures, tf.tensor1d([...MEAN])), tf.tensor1d([...DEVIATION]));
      const plain = network.infer(x);
      const features = mirror
        ? tf.mul<TensorFlow.Tensor2D>(tf.add(plain, network.infer(tf.reverse4d(x, 2))), 0.5)
        : plain;
      const [seen, scores] = model.predict(pictures) as TensorFlow.Tensor[];
      expectClose(seen, features.dataSync());
      expectClose(scores, tf.softmax(headLogits(features, head)).dataSync());
    });
    network.dispose();
    model.dispose();
  });
});

function expectClose(tensor: TensorFlow.Tensor | undefined, ours: ArrayLike<number>): void {
  const theirs = Array.from(tensor?.dataSync() ?? []);
  expect(theirs).toHaveLength(ours.length);
  expect(new Set(theirs).size).toBeGreaterThan(2);
  const scale = Math.max(1, ...theirs.map(Math.abs));
  expect(Math.max(...theirs.map((value, i) => Math.abs(value - (ours[i] ?? NaN)))) / scale).toBeLessThan(1e-5);
}
