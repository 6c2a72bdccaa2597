/**
 * The engine against tfjs-node as it ships, in the same run on the same TensorFlow: batch norm composed of small operations and
 * not folded, features computed afresh in every epoch, training on the thread that also serves the notebook.
 */
import { createRequire } from "node:module";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

import { peerRows } from "./engine-peers.mjs";

const require = createRequire(import.meta.url);
const dist = (path) => require(fileURLToPath(new URL(`../../src/kernel-lib/dist/${path}`, import.meta.url)));
const { ClassificationDataset, TransferLearningModel, engine } = dist("index.js");
const { tf } = dist("tf.js");
const { Network } = dist("models/network.js");
const { randomTensors } = dist("models/random-weights.js");
const { resnetPlan } = dist("models/resnet.js");

const SAMPLES = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
const EPOCHS = 15;

/** tfjs-node as it ships: the same plan in the operations that tfjs offers. */
function shippedNetwork(plan) {
  const variables = new Map();
  for (const [name, { shape, data }] of randomTensors(plan, 1)) {
    const value = tf.tensor(data.slice(), shape);
    const laid = shape.length === 4 ? tf.transpose(value, [2, 3, 1, 0]) : value;
    variables.set(name, tf.variable(laid, !name.includes("running")));
  }
  const get = (name) => variables.get(name);
  const norm = (y, name, live) => {
    const [mean, variance] = live ? liveStatistics(y, name) : [get(`${name}.running_mean`), get(`${name}.running_var`)];
    return tf.batchNorm(y, mean, variance, get(`${name}.bias`), get(`${name}.weight`), 1e-5);
  };
  const liveStatistics = (y, name) => {
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    for (const [part, now] of [
      ["mean", mean],
      ["var", variance],
    ]) {
      const running = get(`${name}.running_${part}`);
      running.assign(tf.add(tf.mul(running, 0.9), tf.mul(now, 0.1)));
    }
    return [mean, variance];
  };
  const pad = (x, p) => (p === 0 ? x : tf.pad(x, [[0, 0], [p, p], [p, p], [0, 0]])); // prettier-ignore
  const run = (x, layer, live) => {
    if (layer.kind === "maxPool") return tf.maxPool(pad(x, layer.padding), layer.kernel, layer.stride, "valid");
    if (layer.kind === "conv") {
      const y = tf.conv2d(pad(x, layer.padding), get(`${layer.name}.weight`), layer.stride, "valid");
      const z = norm(y, layer.norm, live);
      return layer.relu ? tf.relu(z) : z;
    }
    const both = [layer.body, layer.shortcut].map((layers) => layers.reduce((y, inner) => run(y, inner, live), x));
    return tf.relu(tf.add(...both));
  };
  const forward = (x, live) => {
    let y = x;
    for (const stage of plan.stages) for (const layer of stage.layers) y = run(y, layer, live);
    return tf.mean(y, [1, 2]);
  };
  const trainable = [...variables.values()].filter((variable) => variable.trainable);
  return { forward, trainable, dispose: () => tf.dispose([...variables.values()]) };
}

/** Milliseconds, the best of several after one to warm up: what the code costs, not what else the machine was doing. */
function best(action, runs = 5) {
  action();
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    action();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const row = (name, unit, ours, peer, peerName) => ({
  topic: "engine",
  name,
  ours,
  peer,
  peerName,
  unit,
  ratio: ours / peer,
});

const stepOf = (forward, variables) => () =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(forward())), variables);
    value.dataSync();
    for (const gradient of Object.values(grads)) gradient.dataSync();
  });

/** ResNet-18 at 224 pixels: one inference of 16, one whole step of 8. */
function networkRows() {
  const plan = resnetPlan("resnet18");
  const ours = new Network(plan, randomTensors(plan, 1));
  const shipped = shippedNetwork(plan);
  const [many, few] = [16, 8].map((count) => tf.randomNormal([count, 224, 224, 3]));
  const infer = [() => ours.infer(many), () => shipped.forward(many, false)];
  const [a, b] = infer.map((forward) => best(() => tf.tidy(() => forward().dataSync())));
  const c = best(
    stepOf(() => ours.forward(few, "live"), ours.trainable),
    3,
  );
  const d = best(
    stepOf(() => shipped.forward(few, true), shipped.trainable),
    3,
  );
  tf.dispose([many, few]);
  ours.dispose();
  shipped.dispose();
  return [
    row("ResNet-18, 16 pictures of 224 px scored", "ms", a, b, "tfjs-node, batch norm not folded"),
    row("ResNet-18, a training step of 8 pictures of 224 px", "ms", c, d, "tfjs-node, batch norm of small operations"),
  ];
}

/** The longest time, in milliseconds, for which this thread's event loop did nothing else while `work` ran. */
async function longestStall(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

/** The same frozen training as a notebook without a worker would do it: on this thread, features in every epoch. */
async function trainHere(count) {
  const plan = resnetPlan("resnet18", 24);
  const network = shippedNetwork(plan);
  const pictures = tf.randomNormal([count, 112, 112, 3]);
  const targets = tf.oneHot(tf.range(0, count, 1, "int32").mod(tf.scalar(4, "int32")), 4);
  const weights = tf.variable(tf.zeros([plan.features, 4]));
  const optimizer = tf.train.momentum(0.05, 0.9);
  const seen = (x) => tf.mul(tf.add(network.forward(x, false), network.forward(tf.reverse(x, 2), false)), 0.5);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let start = 0; start < count; start += 32) {
      const size = Math.min(32, count - start);
      tf.tidy(() => {
        const features = seen(tf.slice(pictures, [start, 0, 0, 0], [size, 112, 112, 3]));
        const target = tf.slice(targets, [start, 0], [size, 4]);
        const loss = () => tf.losses.softmaxCrossEntropy(target, tf.matMul(tf.dropout(features, 0.5), weights));
        optimizer.minimize(loss, true, [weights]).dataSync();
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  tf.dispose([pictures, targets, weights]);
  optimizer.dispose();
  network.dispose();
}

async function trainingRows() {
  const whole = await ClassificationDataset.createFromDir("tableware", SAMPLES);
  const [train] = whole.split({ trainSize: 0.66, seed: 1 });
  await engine.info();
  const model = new TransferLearningModel({ labels: whole.labels });
  await model.summary();
  const start = performance.now();
  let begun = Infinity;
  const observer = {
    onStep: ({ phase }) => {
      if (phase === "train") begun = Math.min(begun, performance.now() - start);
    },
  };
  const stall = await longestStall(() => model.train(train, { observer }));
  const seconds = (performance.now() - start) / 1000;
  const began = performance.now();
  const stallHere = await longestStall(() => trainHere(train.size()));
  const secondsHere = (performance.now() - began) / 1000;
  const tuning = { freeze: false, epochs: 3, observer: null };
  const stallTuning = await longestStall(() => model.train(train, tuning));
  await engine.close();
  const here = "tfjs-node on the calling thread, features in every epoch";
  return [
    row(`frozen training, ${train.size()} pictures, ${EPOCHS} epochs`, "s", seconds, secondsHere, here),
    {
      ...row("from train() to the first batch learnt, frozen", "ms", begun, 2000, "no peer: the mark"),
      ratio: begun / 2000,
    },
    row("longest stall of the calling thread, frozen training", "ms", stall, stallHere, here),
    row("longest stall of the calling thread, fine-tuning", "ms", stallTuning, stallHere, `${here}, base frozen`),
  ];
}

/** The rows of `npm run bench -- --only engine`. */
export async function bench() {
  if (tf.getBackend() !== "tensorflow") return [];
  const training = await trainingRows();
  return [...training, ...networkRows(), ...(await peerRows())];
}
