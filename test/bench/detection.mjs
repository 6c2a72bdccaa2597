/**
 * Detection beside torchvision, in turns, one thread each: a training step and an inference of the ResNet-50 detector with a pyramid,
 * RoIAlign both ways, and non-maximum suppression. torchvision is no part of the project: VITRINE_BENCH_PYTHON is a Python that has it.
 * Without it the rows have no peer.
 */
import { fileURLToPath } from "node:url";

import { compete, Side } from "./side.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

const TASKS = [
  ["step", "Faster R-CNN, ResNet-50 with a pyramid, a training step of 1 picture of 600 px", 3],
  ["infer", "Faster R-CNN, ResNet-50 with a pyramid, 1 picture of 600 px scored", 3],
  ["roi", "RoIAlign of 128 regions over 38 × 38 × 1024, forward and backward", 9],
  ["nms", "non-maximum suppression of 10,000 boxes", 15],
];

async function rowsOf([task, what, rounds]) {
  const python = process.env.VITRINE_BENCH_PYTHON;
  const sides = [new Side(process.execPath, [here("detection-ours.mjs"), task])];
  if (python) sides.push(new Side(python, [here("detection-torch.py"), task]));
  const [ours, peer] = await compete(sides, rounds);
  const peerName = `torchvision${peer ? "" : ", not on this machine"}`;
  const row = (name, unit, part) => ({
    topic: "detection",
    name,
    ours: ours[part],
    peer: peer?.[part] ?? null,
    peerName,
    unit,
    ratio: peer ? ours[part] / peer[part] : null,
  });
  const rows = [row(`${what}, CPU time`, "ms", "cpu"), row(what, "ms", "wall")];
  return task === "step" ? [...rows, row(`${what}, peak memory of the process`, "MB", "memory")] : rows;
}

export async function bench() {
  const rows = [];
  for (const task of TASKS) rows.push(...(await rowsOf(task)));
  return rows;
}
