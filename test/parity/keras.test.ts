/** Keras's weights: its three layouts, its SavedModel, and its ResNets, which differ from torchvision's in more than names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { readKerasH5 } from "../../src/kernel-lib/hub/keras-h5.js";
import { fromKeras, isKerasResNet, KERAS_INPUT } from "../../src/kernel-lib/hub/keras-names.js";
import { readWeights } from "../../src/kernel-lib/hub/read-weights.js";
import type { FloatTensor, Tensor } from "../../src/kernel-lib/hub/tensor.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { weightShapes } from "../../src/kernel-lib/models/plan.js";
import { resnetPlan, type ResNetName } from "../../src/kernel-lib/models/resnet.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { isVitrineError } from "../../src/kernel-lib/structures/errors.js";
import { noise } from "./torch-formula.js";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/keras/${name}`, import.meta.url));
const { oracle, small, resnets } = JSON.parse(readFileSync(fixture("keras.json"), "utf8")) as {
  oracle: string;
  small: Record<string, { shape: number[]; values: number[] }>;
  resnets: {
    name: ResNetName;
    count: number;
    side: number;
    features: number[];
    logits: number[];
    weights?: [string, number[]][];
  }[];
};

const folder = mkdtempSync(join(tmpdir(), "vitrine-keras-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

describe("weights files match keras 3.15.1", () => {
  it.each(["small.weights.h5", "small-model.h5", "small-applications.h5", "small-saved-model"])("%s", async (name) => {
    expect(oracle).toBe("keras 3.15.1, tensorflow 2.21.0");
    const found = await readWeights(fixture(name));
    expect([...found.keys()].sort()).toEqual(Object.keys(small).sort());
    const asFound = ({ shape, data }: Tensor) => ({ shape, values: Array.from(data as Float32Array) });
    expect(Object.fromEntries([...found].map(([key, tensor]) => [key, asFound(tensor)]))).toEqual(small);
  });
});

describe("readKerasH5 refuses", () => {
  it.each([
    ["no-weights.h5", "expected weights of Keras, in layers, but found none"],
    ["make.py", "expected an HDF5 file but found"],
    ["nothing.h5", "expected a weights file, but there is none"],
  ])("%s", async (name, message) => {
    await expect(readKerasH5(fixture(name))).rejects.toThrow(message);
  });

  it("files that end early, and changed bytes, by a typed error or not at all", async () => {
    const whole = readFileSync(fixture("small.weights.h5"));
    const path = join(folder, "changed.h5");
    const outcomes = { read: 0, refused: 0 };
    for (let trial = 0; trial < 200; trial++) {
      const bytes = Buffer.from(trial % 4 === 0 ? whole.subarray(0, (trial / 200) * whole.length) : whole);
      if (trial % 4 !== 0) bytes[(trial * 7919) % bytes.length] = (trial * 31) & 255;
      writeFileSync(path, bytes);
      const outcome: unknown = await readKerasH5(path).catch((error: unknown) => error);
      // A file that ends early is never taken for the one before it.
      if (trial % 4 === 0) expect([trial, isVitrineError(outcome, "InvalidFile")]).toEqual([trial, true]);
      if (outcome instanceof Map) outcomes.read++;
      else if (isVitrineError(outcome, "InvalidFile")) outcomes.refused++;
      else throw outcome as Error;
    }
    expect(outcomes.refused).toBeGreaterThan(50);
    // The library is none the worse for it.
    expect((await readKerasH5(fixture("small.weights.h5"))).size).toBe(8);
  });
});

/** As the fixture's script fills a ResNet: in the order of the names. */
function formulaWeights(shapes: readonly [string, readonly number[]][]): Map<string, FloatTensor> {
  const sorted = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([name, shape], seed) => {
      const count = shape.reduce((product, side) => product * side, 1);
      const fanIn = count / (shape.at(-1) ?? 1);
      const scaled = (u: number) => {
        if (name.endsWith("kernel")) return u * Math.sqrt(6 / fanIn);
        if (name.endsWith("_3_bn/gamma")) return 0.2 * (1 + 0.3 * u);
        return name.endsWith("moving_variance") || name.endsWith("gamma") ? 1 + 0.3 * u : 0.1 * u;
      };
      return [name, { dtype: "F32", shape, data: Float32Array.from(noise(count, seed), scaled) }];
    }),
  );
}

/** The names and shapes of a deeper ResNet, from those of ResNet-50: its third stage of 6 blocks has 23. */
function shapesOf(name: ResNetName): [string, number[]][] {
  const fifty = resnets.find(({ weights }) => weights)?.weights ?? [];
  const extra = Array.from({ length: name === "resnet101" ? 17 : 0 }, (_, i) => i + 7).flatMap((block) =>
    fifty.flatMap(([key, shape]): [string, number[]][] =>
      key.startsWith("conv4_block2_") ? [[key.replace("_block2_", `_block${block}_`), shape]] : [],
    ),
  );
  return [...fifty, ...extra];
}

describe("the ResNets of keras.applications match keras 3.15.1", () => {
  it.each(resnets)("$name at $side px", ({ name, count, side, features, logits }) => {
    const keras = formulaWeights(shapesOf(name));
    expect(isKerasResNet(keras.keys())).toBe(true);
    const tensors = fromKeras(keras);
    const plan = resnetPlan(name, 64, "first");
    const network = new Network(plan, pickTensors("keras", tensors, weightShapes(plan)));
    const pixels = noise(count * side * side * 3, 1000).map((u) => Math.floor((u + 1) * 128));
    const { mean, deviation } = KERAS_INPUT;
    const values = Float32Array.from(pixels, (v, i) => (v / 255 - (mean[i % 3] ?? 0)) / (deviation[i % 3] ?? 1));
    const found = tf.tidy(() => {
      const seen = network.infer(tf.tensor4d(values, [count, side, side, 3]));
      const weight = tensors.get("fc.weight");
      const fc = tf.tensor2d(weight?.data ?? [], weight?.shape as [number, number]);
      const scores = tf.add(tf.matMul(seen, fc, false, true), tf.tensor1d(tensors.get("fc.bias")?.data ?? []));
      return [seen, scores].map((t) => Array.from(tf.slice(t as tf.Tensor2D, [0, 0], [count, 40]).dataSync()));
    });
    network.dispose();
    for (const [index, expected] of [features, logits].entries()) {
      const largest = Math.max(...expected.map(Math.abs));
      const worst = Math.max(...expected.map((value, i) => Math.abs(value - (found[index]?.[i] ?? NaN))));
      // Made-up weights give numbers in the hundreds.
      expect(worst / largest).toBeLessThan(1e-4);
    }
  });
});
