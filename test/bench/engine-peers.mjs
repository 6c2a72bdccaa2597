/**
 * The engine beside PyTorch and onnxruntime, in turns, one thread each. They are no part of the project: VITRINE_BENCH_PYTHON is a
 * Python with torch and torchvision, VITRINE_BENCH_MODULES a folder whose node_modules has onnxruntime-node. Without them the rows
 * have no peer.
 */
import { fileURLToPath } from "node:url";

import { compete, Side } from "./side.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const ours = (...args) => new Side(process.execPath, [here("engine-ours.mjs"), ...args]);

function torch(...args) {
  const python = process.env.VITRINE_BENCH_PYTHON;
  return python ? new Side(python, [here("engine-torch.py"), ...args]) : undefined;
}

function onnxruntime(...args) {
  const modules = process.env.VITRINE_BENCH_MODULES;
  return modules ? new Side(process.execPath, [here("engine-onnxruntime.mjs"), modules, ...args]) : undefined;
}

const row = (name, unit, [mine, theirs], peerName, part) => ({
  topic: "engine",
  name,
  ours: mine[part],
  peer: theirs?.[part] ?? null,
  peerName,
  unit,
  ratio: theirs ? mine[part] / theirs[part] : null,
});

async function measured(what, mine, theirs, peerName, rounds) {
  const results = await compete(theirs ? [mine, theirs] : [mine], rounds);
  const said = theirs ? peerName : `${peerName}, not on this machine`;
  return [
    row(`${what}, CPU time`, "ms", results, said, "cpu"),
    row(what, "ms", results, said, "wall"),
    row(`${what}, peak memory of the process`, "MB", results, said, "memory"),
  ];
}

/** The rows, one competition after the other. */
export async function peerRows() {
  const step18 = ["step", "resnet18", "8", "224"];
  const step50 = ["step", "resnet50", "1", "600"];
  const score = ["resnet18", "16", "224"];
  const scored = "ResNet-18, 16 of many pictures of 224 px scored, one thread";
  return [
    ...(await measured(
      "ResNet-18, a training step of 8 pictures of 224 px, one thread",
      ours(...step18),
      torch(...step18),
      "PyTorch",
      5,
    )),
    ...(await measured(
      "ResNet-50, a training step of 1 picture of 600 px, one thread",
      ours(...step50),
      torch(...step50),
      "PyTorch",
      5,
    )),
    ...(await measured(scored, ours("infer", ...score), onnxruntime(...score), "onnxruntime-node", 9)),
    ...(await measured(scored, ours("infer", ...score), torch("infer", ...score), "PyTorch", 9)),
  ];
}
