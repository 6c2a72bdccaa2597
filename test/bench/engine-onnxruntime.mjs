/** onnxruntime-node's side of engine-peers.mjs: MODULES NETWORK PICTURES SIDE. The network is what we export. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { serve } from "./side.mjs";

const require = createRequire(import.meta.url);
const dist = (path) => require(fileURLToPath(new URL(`../../src/kernel-lib/dist/${path}`, import.meta.url)));
const { encodeOnnx } = dist("hub/onnx-file.js");
const { onnxGraph } = dist("models/onnx-graph.js");
const { randomTensors } = dist("models/random-weights.js");
const { resnetPlan } = dist("models/resnet.js");

const [modules, name, ...sizes] = process.argv.slice(2);
const [count, side] = sizes.map(Number);
const { InferenceSession, Tensor } = createRequire(join(modules, "package.json"))("onnxruntime-node");
const plan = resnetPlan(name);
const subject = { plan, tensors: randomTensors(plan, 1), head: undefined, height: side, width: side, mirror: false };
const graph = onnxGraph({ ...subject, mean: [0, 0, 0], deviation: [1, 1, 1] });
const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
const session = await InferenceSession.create(encodeOnnx(graph, {}), { ...threads, graphOptimizationLevel: "all" });
const pixels = Float32Array.from({ length: count * 3 * side * side }, (_, i) => Math.sin(i));
const images = new Tensor("float32", pixels, [count, 3, side, side]);

await serve(() => session.run({ images }));
