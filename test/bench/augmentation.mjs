/**
 * Augmenters on one thread: 500 × 500 RGB pictures a second of processor time, beside the fastest of torchvision v2,
 * albumentations and imgaug that the Python of VITRINE_BENCH_PYTHON or the project's .venv has, or that of VITRINE_BENCH_IMGAUG (imgaug needs
 * an old one), or beside libvips (through sharp).
 *
 * A figure is the best of several rounds, of ours and of the peer's in turn: what the code costs, not what else the machine
 * was doing.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import vitrine from "vitrine";

const require = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const sharp = require("sharp");

export const SIDE = 500;
const PICTURES = 12;
const ROUNDS = 6;

/** Slopes with seeded noise on them, as a photograph has both. */
export function noisySlopes() {
  const data = new Uint8Array(SIDE * SIDE * 3);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = (i / 7 + (state >>> 27)) & 255;
  }
  return { data, width: SIDE, height: SIDE, channels: 3 };
}

/** Of processor time, all threads together: what else runs on the machine counts for less that way. */
async function seconds(action) {
  const start = process.cpuUsage();
  for (let i = 0; i < PICTURES; i++) await action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

async function row(name, augmenter, vips) {
  const image = noisySlopes();
  // Python frees a picture when nobody has it, so that the next one finds warm memory; this is the same here.
  const into = new Uint8Array(image.data.length);
  const raw = { raw: { width: SIDE, height: SIDE, channels: 3 } };
  let ours = Infinity;
  let peer = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.min(ours, await seconds(() => augmenter.augmentImage(image, { into })));
    if (vips) peer = Math.min(peer, await seconds(() => vips(sharp(image.data, raw)).raw().toBuffer()));
  }
  const unit = "pictures/CPU-s";
  const figures = { topic: "augmentation", name: `${name}, ${SIDE} × ${SIDE}`, ours: PICTURES / ours, unit };
  if (!vips) return { ...figures, peer: null, peerName: "", ratio: null };
  return { ...figures, peer: PICTURES / peer, peerName: "libvips through sharp, one thread", ratio: ours / peer };
}

/** What the Python libraries make of the same; nothing where no Python has them. */
async function pythonPeers() {
  const own = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
  const pythons = [process.env.VITRINE_BENCH_PYTHON ?? own, process.env.VITRINE_BENCH_IMGAUG ?? ""].filter(existsSync);
  const script = fileURLToPath(new URL("augmentation-peer.py", import.meta.url));
  const found = {};
  for (const python of pythons) {
    const { stdout } = await promisify(execFile)(python, [script, String(SIDE), String(PICTURES), String(ROUNDS)]);
    for (const [name, list] of Object.entries(JSON.parse(stdout))) found[name] = [...(found[name] ?? []), ...list];
  }
  return found;
}

/** A row beside the fastest of the Python libraries that are there. */
async function pythonRow(name, augmenter, peers) {
  const best = (peers[name] ?? []).sort((a, b) => b.perSecond - a.perSecond)[0];
  const figures = await row(name, augmenter);
  if (!best) return figures;
  const ratio = best.perSecond / figures.ours;
  return { ...figures, peer: best.perSecond, peerName: `${best.name}, one thread`, ratio };
}

/** The rows of the benchmark table. */
export async function bench() {
  const { AdditiveGaussianNoise, Affine, Crop, ElasticTransformation, Fliplr, GaussianBlur, Sequential } =
    vitrine.augmenters;
  sharp.concurrency(1);
  sharp.cache(false);
  const px = [25, 30, 20, 20];
  const part = { left: 20, top: 25, width: 450, height: 455 };
  const peers = await pythonPeers();
  return [
    await pythonRow("flip and crop", Sequential([Fliplr(1), Crop({ px, keepSize: false })]), peers),
    await row("flip, crop and enlarge", Sequential([Fliplr(1), Crop({ px })]), (s) =>
      s.flop().extract(part).resize(SIDE, SIDE, { fit: "fill", kernel: "linear" }),
    ),
    await pythonRow("affine rotation", Affine({ rotate: 17 }), peers),
    await pythonRow("Gaussian blur, sigma 2", GaussianBlur(2), peers),
    await row("additive noise a pixel", AdditiveGaussianNoise({ scale: 15 })),
    await pythonRow("additive noise a channel", AdditiveGaussianNoise({ scale: 15, perChannel: true }), peers),
    await pythonRow("elastic, linear", ElasticTransformation({ alpha: 30, sigma: 5, order: 1 }), peers),
  ];
}
