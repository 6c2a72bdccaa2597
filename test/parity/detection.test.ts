/** Whole detectors and RoIAlign, against torchvision 0.24.1 on weights that both sides compute (test/fixtures/detection/make.py). */
import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import type * as TensorFlow from "@tensorflow/tfjs-core";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { resnet50C4Plan, resnet50FpnPlan } from "../../src/kernel-lib/models/detection/detector-plans.js";
import type { DetectorPlan } from "../../src/kernel-lib/models/detection/detector-plan.js";
import { FasterRcnnNetwork } from "../../src/kernel-lib/models/detection/faster-rcnn-network.js";
import { padPictures, scaledSize, type PictureBatch } from "../../src/kernel-lib/models/detection/picture-batch.js";
import { scaleBoxes } from "../../src/kernel-lib/ops/box-overlap.js";
import { roiAlign } from "../../src/kernel-lib/ops/roi-align.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import { formulaDetector, formulaPicture } from "./detection-formula.js";
import { noise } from "./torch-formula.js";

interface Pooled {
  aligned: boolean;
  sampling: number;
  size: number;
  regions: number[];
  value: number[];
  gradient: number[];
}
interface Whole {
  detections: { boxes: number[]; labels: number[]; scores: number[] }[];
  losses: Record<"loss_classifier" | "loss_box_reg" | "loss_objectness" | "loss_rpn_box_reg", number>;
  gradientNorms: Record<string, number>;
  gradients: Record<string, number[]>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/detection/${name}`, import.meta.url), "utf8"));
const operations = read("operations.json") as { roiAlign: Pooled[] };
const detectors = read("detectors.json") as Record<"fpn" | "c4", Whole>;

let tf: typeof TensorFlow;
beforeAll(async () => {
  ({ tf } = loadTensorFlow());
  await tf.ready();
});

const worstDifference = (received: ArrayLike<number>, expected: readonly number[]) => {
  expect(received.length).toBe(expected.length);
  return Math.max(0, ...expected.map((value, i) => Math.abs((received[i] ?? NaN) - value)));
};

it.each(operations.roiAlign)(
  "RoIAlign (aligned $aligned, $sampling points, $size bins) is torchvision 0.24.1's, values and gradients",
  ({ aligned, sampling, size, regions, value, gradient }) => {
    const before = tf.memory().numTensors;
    const torch = Float32Array.from(noise(2 * 3 * 9 * 11, 20));
    const features = tf.tidy(() => tf.transpose(tf.tensor4d(torch, [2, 3, 9, 11]), [0, 2, 3, 1]));
    const boxes = Float32Array.from(regions);
    const owners = Int32Array.from({ length: 12 }, (_, i) => i % 2);
    const run = (x: TensorFlow.Tensor4D) => roiAlign(x, boxes, owners, { size, sampling, scale: 1 / 16, aligned });
    const weights = tf.tidy(() =>
      tf.transpose(tf.tensor4d(Float32Array.from(noise(value.length, 22)), [12, 3, size, size]), [0, 2, 3, 1]),
    );
    const { y, dx } = tf.tidy(() => {
      const slope = tf.grad((x) => tf.sum(tf.mul(run(x as TensorFlow.Tensor4D), weights)));
      return { y: run(features), dx: slope(features) };
    });
    expect(worstDifference(y.dataSync(), value)).toBeLessThan(1e-5);
    expect(worstDifference(dx.dataSync(), gradient)).toBeLessThan(1e-4);
    tf.dispose([y, dx, features, weights]);
    expect(tf.memory().numTensors).toBe(before);
  },
);

const EVERYTHING = 1e6;

/** The numbers of make.py. */
const asInFixture = (plan: DetectorPlan): DetectorPlan => ({
  ...plan,
  proposals: {
    ...plan.proposals,
    before: { train: 200, test: 100 },
    after: { train: 10, test: 40 },
    sample: { count: EVERYTHING, positiveFraction: 0.5 },
  },
  regions: {
    ...plan.regions,
    sample: { count: EVERYTHING, positiveFraction: 0.25 },
    scoreThreshold: 0.1,
    most: 40,
  },
});

const SIZES = [[60, 80], [90, 64]] as const; // prettier-ignore
const SIDES = { shorter: 96, longer: 160 };

/** Pictures of real numbers, where files have whole ones: scaled and normalised as `preparePicture` does. */
function batch({ mean, deviation }: DetectorPlan): PictureBatch {
  return padPictures(
    SIZES.map(([height, width]) =>
      tf.tidy(() => {
        const image = tf.tensor3d(formulaPicture(height, width), [height, width, 3]);
        const scaled = tf.image.resizeBilinear(image, [...scaledSize({ height, width }, SIDES)], false, true);
        return tf.div<TensorFlow.Tensor3D>(tf.sub(scaled, tf.tensor1d([...mean])), tf.tensor1d([...deviation]));
      }),
    ),
  );
}

/** The truth, in pixels of the scaled pictures. */
function truths() {
  const boxes = [Float32Array.of(5, 6, 40, 50, 30, 10, 75, 58), Float32Array.of(10, 20, 50, 80)];
  const classes = [Int32Array.of(0, 2), Int32Array.of(1)];
  return SIZES.map(([height, width], i) => {
    const [high, wide] = scaledSize({ height, width }, SIDES);
    return {
      boxes: scaleBoxes(boxes[i] as Float32Array, wide / width, high / height),
      classes: classes[i] as Int32Array,
    };
  });
}

describe.each([
  ["fpn", resnet50FpnPlan],
  ["c4", resnet50C4Plan],
] as const)("Faster R-CNN with ResNet-50, %s", (name, plan) => {
  const expected = detectors[name];
  let network: FasterRcnnNetwork;
  beforeAll(() => {
    const own = asInFixture(plan(3));
    network = new FasterRcnnNetwork(own, formulaDetector(own), { frozenStages: 2 });
  });

  it("detects what torchvision 0.24.1 detects", () => {
    const pictures = batch(network.plan);
    const before = tf.memory().numTensors;
    const found = network.detect(pictures);
    pictures.x.dispose();
    // The folded kernels and the normalisations stay for the next picture.
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    found.forEach(({ boxes, classes, scores }, i) => {
      const [height, width] = SIZES[i] as readonly [number, number];
      const [high, wide] = scaledSize({ height, width }, SIDES);
      const wanted = expected.detections[i] ?? { boxes: [], labels: [], scores: [] };
      expect([...classes]).toEqual(wanted.labels.map((label) => label - 1));
      expect(worstDifference(scores, wanted.scores)).toBeLessThan(1e-4);
      // In parts of the picture's side.
      expect(worstDifference(scaleBoxes(boxes, width / wide, height / high), wanted.boxes) / 80).toBeLessThan(1e-4);
    });
  });

  it("has torchvision 0.24.1's losses and gradients in a step that samples everything", () => {
    const pictures = batch(network.plan);
    const frozen = network.frozenOutputs(pictures.x);
    const names = network.learning;
    const variables = names.map((one) => network.parameters.get(one));
    const losses: number[] = [];
    const before = tf.memory().numTensors;
    const { grads, value } = tf.variableGrads(() => {
      const all = network.losses(pictures, frozen, truths(), new SeededRandom(1));
      const list = [all.classes, all.box, all.objectness, all.proposalBox];
      losses.push(...list.map((loss) => loss.dataSync<"float32">()[0] ?? NaN));
      return tf.addN<TensorFlow.Scalar>(list);
    }, variables);
    const torch = expected.losses;
    const wanted = [torch.loss_classifier, torch.loss_box_reg, torch.loss_objectness, torch.loss_rpn_box_reg];
    wanted.forEach((loss, i) => expect(losses[i]).toBeCloseTo(loss, 3));
    // Batch norm and the frozen stages have none, in torchvision as here.
    expect([...names].sort()).toEqual(Object.keys(expected.gradientNorms).sort());
    const off = names.filter((one, i) => {
      const gradient = grads[variables[i]?.name ?? ""];
      const norm = gradient ? tf.tidy(() => tf.norm(gradient).dataSync<"float32">()[0] ?? NaN) : 0;
      const goal = expected.gradientNorms[one] ?? NaN;
      return !(Math.abs(norm - goal) <= 1e-3 * goal + 1e-6);
    });
    expect(off).toEqual([]);
    expect(wrongGradients(network, grads)).toEqual([]);
    tf.dispose([grads, value]);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(2 * names.length);
    tf.dispose([pictures.x, ...frozen.values()]);
  });

  /** Tensors whose gradient differs from torch's at the sampled places, seen in torch's shapes. */
  function wrongGradients(of: FasterRcnnNetwork, gradients: TensorFlow.NamedTensorMap): string[] {
    const weights = of.parameters.snapshot();
    const names = Object.keys(expected.gradients);
    for (const one of names) of.parameters.get(one).assign(gradients[of.parameters.get(one).name] ?? tf.scalar(NaN));
    const torch = of.export();
    of.parameters.restore(weights);
    tf.dispose([...weights.values()]);
    return names.filter((one) => {
      const { data = new Float32Array() } = torch.get(one) ?? {};
      const every = Math.max(1, Math.floor(data.length / 5));
      const size = (expected.gradientNorms[one] ?? 0) / Math.sqrt(data.length);
      return expected.gradients[one]?.some(
        (value, i) => !(Math.abs((data[i * every] ?? NaN) - value) <= 2e-3 * size + 1e-3 * Math.abs(value)),
      );
    });
  }

  it("gives its weights back as they came, and all memory in the end", () => {
    const before = formulaDetector(network.plan);
    const after = network.export();
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...before].filter(([one, { data }]) => after.get(one)?.data.some((value, i) => value !== data[i]));
    expect(changed.map(([one]) => one)).toEqual([]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });
});
