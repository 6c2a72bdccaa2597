/** Our side of detection.mjs: TASK. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { serve } from "./side.mjs";

const require = createRequire(import.meta.url);
const dist = (path) => require(fileURLToPath(new URL(`../../src/kernel-lib/dist/${path}`, import.meta.url)));
const { tf } = dist("tf.js");
const { nms } = dist("ops/nms.js");
const { roiAlign } = dist("ops/roi-align.js");
const { SeededRandom } = dist("structures/random.js");
const { resnet50FpnPlan } = dist("models/detection/detector-plans.js");
const { detectorShapes } = dist("models/detection/detector-plan.js");
const { randomDetectorTensors } = dist("models/detection/random-detector.js");
const { FasterRcnnNetwork } = dist("models/detection/faster-rcnn-network.js");
const { DetectionLearner } = dist("engine/detection-learner.js");
const { shareTensors } = dist("engine/shared-tensors.js");

const random = new SeededRandom(1);

function boxes(count, side, least, most) {
  const result = new Float32Array(4 * count);
  for (let i = 0; i < result.length; i += 4) {
    const [width, height] = [random.uniform(least, most), random.uniform(least, most)];
    const [x, y] = [random.uniform(0, side - width), random.uniform(0, side - height)];
    result.set([x, y, x + width, y + height], i);
  }
  return result;
}

function suppression() {
  const list = boxes(10_000, 1000, 10, 110);
  const scores = Float32Array.from({ length: 10_000 }, () => random.next());
  return () => nms(list, scores, 0.5);
}

function alignment() {
  const features = tf.randomNormal([1, 38, 38, 1024], 0, 1, "float32", 1);
  const [regions, pictures] = [boxes(128, 608, 16, 256), new Int32Array(128)];
  const options = { size: 7, sampling: 2, scale: 1 / 16 };
  const slope = tf.grad((x) => tf.sum(tf.square(roiAlign(x, regions, pictures, options))));
  return () => tf.tidy(() => void slope(features).dataSync());
}

const SIDE = 600;
const plan = resnet50FpnPlan(8);
const tensors = () => randomDetectorTensors(detectorShapes(plan), 1);
const batch = () => ({ x: tf.randomNormal([1, 608, 608, 3], 0, 1, "float32", 1), sizes: [[SIDE, SIDE]] });

function inference() {
  const network = new FasterRcnnNetwork(plan, tensors());
  const picture = batch();
  return () => void network.detect(picture);
}

function step() {
  const request = {
    frozenStages: 2,
    optimizer: { kind: "sgd", momentum: 0.9, nesterov: false },
    l2: 1e-4,
    baseRate: 1,
    seed: 1,
    clipNorm: 10,
  };
  const learner = new DetectionLearner(
    { ...request, detector: { plan, ...shareTensors(tensors()) } },
    { control: { check: () => undefined } },
  );
  const picture = batch();
  const truths = [{ boxes: boxes(9, SIDE, 40, 300), classes: Int32Array.from({ length: 9 }, (_, i) => i % 8) }];
  return () => {
    // The pictures come augmented, so that what frozen stages see is computed each time, as in torchvision.
    const frozen = learner.network.frozenOutputs(picture.x);
    learner.learn({ batch: picture, truths, frozen }, 1e-4);
    tf.dispose([...frozen.values()]);
  };
}

await serve({ nms: suppression, roi: alignment, infer: inference, step }[process.argv[2]]());
