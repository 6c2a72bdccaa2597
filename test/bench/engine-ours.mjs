/** Our side of engine-peers.mjs: TASK NETWORK PICTURES SIDE. A training step with SGD, or an inference. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { serve } from "./side.mjs";

const require = createRequire(import.meta.url);
const dist = (path) => require(fileURLToPath(new URL(`../../src/kernel-lib/dist/${path}`, import.meta.url)));
const { tf } = dist("tf.js");
const { Network } = dist("models/network.js");
const { randomTensors } = dist("models/random-weights.js");
const { resnetPlan } = dist("models/resnet.js");
const { emptyHead } = dist("models/linear-head.js");
const { tracedFeatures } = dist("engine/inference.js");
const { HeadLearner } = dist("engine/head-learner.js");
const { Sgd } = dist("engine/sgd.js");
const { TrainingStep } = dist("engine/training-step.js");
const { SeededRandom } = dist("structures/random.js");

const [task, name, ...sizes] = process.argv.slice(2);
const [count, side] = sizes.map(Number);
const CLASSES = 4;
const plan = resnetPlan(name);
const network = new Network(plan, randomTensors(plan, 1));
const x = tf.randomNormal([count, side, side, 3], 0, 1, "float32", 1);

/** As many batches are scored. */
function infer() {
  const features = tracedFeatures(network, false);
  return () => tf.tidy(() => void features.call([x])[0].dataSync());
}

function step() {
  const { features } = plan;
  const ones = new Float32Array(features).fill(1);
  const head = new HeadLearner(emptyHead(features, CLASSES, new Float32Array(features), ones), 0, new SeededRandom(1));
  const base = network.trainable.map((variable) => ({ variable, rate: 1, l2: 5e-4 }));
  const optimizer = new Sgd([...base, ...head.learning(5e-4)], { momentum: 0.9, nesterov: false });
  const { variables } = optimizer;
  const subject = { network, head, variables, random: new SeededRandom(2), checkpoint: () => undefined };
  const request = { train: { pictures: Array(count) }, batchSize: count, epochs: 100, batchNorm: "live", dropout: 0 };
  const training = new TrainingStep(subject, request);
  const y = tf.oneHot(tf.range(0, count, 1, "int32").mod(tf.scalar(CLASSES, "int32")), CLASSES).toFloat();
  return () =>
    tf.tidy(() => {
      const { loss, logits, gradients } = training.run(x, y);
      optimizer.apply(gradients, 1e-3);
      logits.dispose();
      loss.dataSync();
    });
}

await serve(task === "step" ? step() : infer());
