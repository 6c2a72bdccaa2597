/**
 * Reading pictures: the 63 sample photographs to 112 × 112 pixels, beside the same steps written by hand with sharp, and what
 * loading a folder costs.
 *
 * A figure is the best of several rounds, of ours and of the peer's in turn: what the code costs, not what else the machine
 * was doing.
 */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vitrine from "vitrine";

const require = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const sharp = require("sharp");

const SIDE = 112;
const ROUNDS = 6;

/** What one writes who knows that the file is a good one: the central square, resized. */
async function byHand(path) {
  const bytes = await readFile(path);
  const { autoOrient } = await sharp(bytes).metadata();
  const side = Math.min(autoOrient.width, autoOrient.height);
  const [left, top] = [(autoOrient.width - side) >> 1, (autoOrient.height - side) >> 1];
  const square = sharp(bytes).autoOrient().extract({ left, top, width: side, height: side });
  return square.resize(SIDE, SIDE, { kernel: "lanczos3" }).removeAlpha().raw().toBuffer();
}

async function perSecond(count, action) {
  const start = performance.now();
  await action();
  return (count * 1000) / (performance.now() - start);
}

async function decodeRow(paths) {
  let ours = 0;
  let peer = 0;
  const decode = async (one) => {
    for (const path of paths) await one(path);
  };
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.max(
      ours,
      await perSecond(paths.length, () => decode((path) => vitrine.decodeImage(path, { width: SIDE, height: SIDE }))),
    );
    peer = Math.max(peer, await perSecond(paths.length, () => decode(byHand)));
  }
  const name = `read, crop and resize to ${SIDE} × ${SIDE}`;
  return {
    topic: "data",
    name,
    ours,
    peer,
    peerName: "sharp by hand, unchecked",
    unit: "pictures/s",
    ratio: peer / ours,
  };
}

async function loadRow(folder, count) {
  let ours = 0;
  const load = () => vitrine.ClassificationDataset.createFromDir("tableware", folder);
  for (let round = 0; round < ROUNDS; round++) ours = Math.max(ours, await perSecond(count, load));
  const name = "load a folder: every picture hashed and decoded";
  return { topic: "data", name, ours, peer: null, peerName: "", unit: "pictures/s", ratio: null };
}

async function changeRow(folder) {
  const set = await vitrine.ClassificationDataset.createFromDir("tableware", folder);
  let ours = Infinity;
  for (let i = 0; i < 200; i++) {
    const label = set.images[0].labels[0] === "cup" ? "plate" : "cup";
    const start = performance.now();
    set.changeLabelForImage(0, label);
    ours = Math.min(ours, performance.now() - start);
  }
  return { topic: "data", name: "change a label, on disk", ours, peer: null, peerName: "", unit: "ms", ratio: null };
}

/** The rows of the benchmark table. */
export async function bench() {
  const samples = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "vitrine-bench-"));
  try {
    await cp(samples, folder, { recursive: true, filter: (path) => !path.includes(".vitrine") });
    const set = await vitrine.ClassificationDataset.createFromDir("tableware", folder);
    const paths = set.images.map(({ storagePath }) => storagePath);
    return [await decodeRow(paths), await loadRow(folder, paths.length), await changeRow(folder)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
