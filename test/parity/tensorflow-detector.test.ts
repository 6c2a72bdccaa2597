/**
 * A detector of TensorFlow's Object Detection API from its checkpoint, against TensorFlow 2.21.0's own operations put together as the API
 * does it (test/fixtures/tensorflow-detector/make.py).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type * as TensorFlow from "@tensorflow/tfjs-core";

import { openDetector } from "../../src/kernel-lib/engine/detection-open.js";
import type { OperationContext } from "../../src/kernel-lib/engine/operation-context.js";
import { detectInPictures } from "../../src/kernel-lib/engine/detection-inference.js";
import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { loadWeights } from "../../src/kernel-lib/hub/load-weights.js";
import { detectorShapes } from "../../src/kernel-lib/models/detection/detector-plan.js";
import { FasterRcnnNetwork } from "../../src/kernel-lib/models/detection/faster-rcnn-network.js";
import { preparePicture } from "../../src/kernel-lib/models/detection/picture-batch.js";
import { resnet50TensorflowPlan } from "../../src/kernel-lib/models/detection/tensorflow-plan.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { cropAndPool } from "../../src/kernel-lib/ops/crop-and-pool.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";

interface Expected {
  picture: { height: number; width: number; data: number[] };
  size: [number, number];
  features: { shape: number[]; values: number[] };
  objectness: number[];
  proposals: { count: number; boxes: number[] };
  detections: { count: number; scores: number[]; classes: number[]; boxes: number[] };
  crops: Record<"features" | "boxes" | "owners" | "slopes" | "value" | "gradient", number[]>;
}

const folder = fileURLToPath(new URL("../fixtures/tensorflow-detector/", import.meta.url));
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
const checkpoint = join(folder, "model.ckpt");
const scratch = mkdtempSync(join(tmpdir(), "vitrine-tensorflow-detector-"));

let tf: typeof TensorFlow;
beforeAll(async () => {
  ({ tf } = loadTensorFlow());
  await tf.ready();
});
afterAll(() => rmSync(scratch, { recursive: true }));

const worst = (received: ArrayLike<number>, wanted: readonly number[]) => {
  expect(received.length).toBe(wanted.length);
  return Math.max(0, ...wanted.map((value, i) => Math.abs((received[i] ?? NaN) - value)));
};

/** The picture is made of blocks of 9 × 8 pixels. */
function picture() {
  const { height, width, data } = expected.picture;
  const columns = Math.ceil(width / 8);
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [row, column, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    return data[(Math.floor(row / 9) * columns + Math.floor(column / 8)) * 3 + channel] ?? 0;
  });
  return { data: pixels, width, height, channels: 3 as const };
}

const plan = resnet50TensorflowPlan(3, 2, 8);
const SIDES = { shorter: 150, longer: 190 };

async function network(frozenStages = 0) {
  const { tensors, convention } = await loadWeights(checkpoint);
  expect(convention).toBe("tensorflow-detector");
  return new FasterRcnnNetwork(plan, pickTensors("model.ckpt", tensors, detectorShapes(plan)), { frozenStages });
}

describe("a checkpoint of TensorFlow's detection API", () => {
  it("has exactly the tensors that the network asks for", async () => {
    const { tensors } = await loadWeights(checkpoint);
    expect([...tensors.keys()].sort()).toEqual([...detectorShapes(plan).keys()].sort());
  });

  it("gives TensorFlow 2.21.0's features of the third block", async () => {
    const own = await network(4);
    const x = tf.tidy(() => tf.expandDims<TensorFlow.Tensor4D>(preparePicture(picture(), SIDES, plan), 0));
    expect(x.shape.slice(1, 3)).toEqual(expected.size);
    const features = own.frozenOutputs(x).get("layer3");
    if (!features) throw new Error("no features");
    expect(features.shape).toEqual(expected.features.shape);
    const [, height, width, channels] = features.shape;
    const some = tf.tidy(() =>
      tf.stridedSlice(features, [0, 0, 0, 0], [1, height, width, channels], [1, 2, 3, 2]).dataSync<"float32">().slice(),
    );
    expect(worst(some, expected.features.values)).toBeLessThan(1e-4);
    tf.dispose([x, features]);
    own.dispose();
  });

  it("detects what TensorFlow 2.21.0's operations detect", async () => {
    const own = await network();
    const [found] = detectInPictures(own, [picture()], SIDES);
    const { count, scores, classes, boxes } = expected.detections;
    expect(found?.scores.length).toBe(count);
    const first = scores.length;
    expect(worst(found?.scores.subarray(0, first) ?? [], scores)).toBeLessThan(1e-4);
    expect([...(found?.classes.subarray(0, first) ?? [])]).toEqual(classes);
    // ymin, xmin, ymax, xmax of the scaled picture there; pixels of the picture here.
    const [down, across] = [expected.picture.height / expected.size[0], expected.picture.width / expected.size[1]];
    const wanted = boxes.map((_, i) => (boxes[i ^ 1] ?? 0) * (i % 2 === 0 ? across : down));
    expect(worst(found?.boxes.subarray(0, first * 4) ?? [], wanted)).toBeLessThan(0.01);
    own.dispose();
  });

  it("learns: the losses fall in a few steps, with anchors within the picture only", async () => {
    const own = await network(2);
    const image = picture();
    const truths = [{ boxes: Float32Array.of(10, 20, 120, 130), classes: Int32Array.of(1) }];
    const x = tf.tidy(() => tf.expandDims<TensorFlow.Tensor4D>(preparePicture(image, SIDES, plan), 0));
    const frozen = own.frozenOutputs(x);
    const variables = own.learning.map((name) => own.parameters.get(name));
    const losses: number[] = [];
    for (let step = 0; step < 6; step++) {
      const { value, grads } = tf.variableGrads(() => {
        const all = own.losses({ x, sizes: [expected.size] }, frozen, truths, new SeededRandom(step));
        return tf.addN<TensorFlow.Scalar>([all.objectness, all.proposalBox, all.classes, all.box]);
      }, variables);
      losses.push(value.dataSync<"float32">()[0] ?? NaN);
      for (const variable of variables) {
        const gradient = grads[variable.name];
        if (gradient) tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(gradient, 0.02))));
      }
      own.changed();
      tf.dispose([value, grads]);
    }
    expect(Math.min(...losses.slice(-2))).toBeLessThan((losses[0] ?? 0) * 0.9);
    tf.dispose([x, ...frozen.values()]);
    own.dispose();
  });

  it("is read out of the archive that it comes in, and of nothing but one", async () => {
    const whole = join(scratch, "detector.tar.gz");
    const files = ["model.ckpt.index", "model.ckpt.data-00000-of-00001"].map((name) => `./${name}`);
    execFileSync("tar", ["-czf", whole, "-C", folder, ...files, "./expected.json"]);
    const { tensors } = await loadWeights(whole);
    const plain = await loadWeights(checkpoint);
    expect(tensors).toEqual(plain.tensors);
    const other = join(scratch, "other.tar.gz");
    execFileSync("tar", ["-czf", other, "-C", folder, "./expected.json"]);
    await expect(loadWeights(other)).rejects.toThrow(/an archive with one checkpoint/);
    writeFileSync(join(scratch, "cut.tar.gz"), readFileSync(whole).subarray(0, 2000));
    await expect(loadWeights(join(scratch, "cut.tar.gz"))).rejects.toMatchObject({ code: "InvalidFile" });
  });

  it("is refused by other networks, which would find nothing with it", async () => {
    const context = {
      control: { check: () => undefined, during: (work: (signal?: AbortSignal) => unknown) => work() },
      report: () => undefined,
    };
    const open = (backbone: "resnet50-c4" | "resnet50-tf") =>
      openDetector({ backbone, classes: 3, weights: checkpoint, seed: 1 }, context as unknown as OperationContext);
    await expect(open("resnet50-c4")).rejects.toThrow(/backbone "resnet50-tf"/);
    // This one is too narrow for the whole network.
    await expect(open("resnet50-tf")).rejects.toThrow(/expected .*64.*conv1/);
  });
});

it("crops and their gradients are TensorFlow 2.21.0's, at the borders too", () => {
  const { features, boxes, owners, slopes, value, gradient } = expected.crops;
  const picture = [60, 90] as const;
  const regions = Float32Array.from(boxes, (_, i) => (boxes[i ^ 1] ?? 0) * (i % 2 === 0 ? 90 : 60));
  const input = tf.tensor4d(features, [2, 6, 9, 3]);
  const run = (x: TensorFlow.Tensor) =>
    cropAndPool(x as TensorFlow.Tensor4D, regions, Int32Array.from(owners), { size: 3, sampling: 2, picture });
  const { y, dx } = tf.tidy(() => {
    const weights = tf.tensor4d(slopes, [5, 3, 3, 3]);
    return { y: run(input), dx: tf.grad((x) => tf.sum(tf.mul(run(x), weights)))(input) };
  });
  expect(worst(y.dataSync(), value)).toBeLessThan(1e-5);
  expect(worst(dx.dataSync(), gradient)).toBeLessThan(1e-4);
  tf.dispose([input, y, dx]);
});
