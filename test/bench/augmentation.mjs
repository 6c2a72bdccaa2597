/**
 * Augmenters on one thread: 500 × 500 RGB pictures a second of processor time, beside the fastest of torchvision v2,
 * albumentations and imgaug that the Python of VITRINE_BENCH_PYTHON or the project's .venv has, or that of VITRINE_BENCH_IMGAUG (imgaug needs
 * an old one), or beside libvips (through sharp).
 *
 * All take turns, round by round, and a figure is the best of several rounds: what the code costs, not what else the machine was doing. A round
 * is as long for each; the first ones warm it up.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import vitrine from "vitrine";
import { noisySlopes, SIDE } from "./noisy-slopes.mjs";
import { PythonPeer } from "./python-peer.mjs";

const require = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const sharp = require("sharp");

/** Seconds of processor time. */
const ROUND = 0.1;
const ROUNDS = 10;

/** Of processor time, all threads together: what else runs on the machine counts for less that way. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Pictures a second of one round. */
async function round(action) {
  const start = cpu();
  let count = 0;
  while (count === 0 || cpu() - start < ROUND) {
    for (let i = 0; i < 4; i++) await action();
    count += 4;
  }
  return count / (cpu() - start);
}

/** @param {(name: string) => Promise<{ name: string, perSecond: number }[]>} peersRound what others make of it in a round of theirs */
async function row(name, augmenter, peersRound) {
  const image = noisySlopes();
  // Python frees a picture when nobody has it, so that the next one finds warm memory; this is the same here.
  const into = new Uint8Array(image.data.length);
  let ours = 0;
  const peers = new Map();
  for (let i = 0; i < ROUNDS; i++) {
    ours = Math.max(ours, await round(() => augmenter.augmentImage(image, { into })));
    for (const peer of await peersRound(name)) {
      peers.set(peer.name, Math.max(peers.get(peer.name) ?? 0, peer.perSecond));
    }
  }
  const [best] = [...peers].sort(([, a], [, b]) => b - a);
  const figures = { topic: "augmentation", name: `${name}, ${SIDE} × ${SIDE}`, ours, unit: "pictures/CPU-s" };
  if (!best) return { ...figures, peer: null, peerName: "", ratio: null };
  return { ...figures, peer: best[1], peerName: `${best[0]}, one thread`, ratio: best[1] / ours };
}

/** The Python libraries that are there, in as many processes as there are Pythons. */
function pythonPeers() {
  const own = fileURLToPath(new URL("../../.venv/bin/python", import.meta.url));
  const pythons = [process.env.VITRINE_BENCH_PYTHON ?? own, process.env.VITRINE_BENCH_IMGAUG ?? ""].filter(existsSync);
  return pythons.map((python) => new PythonPeer(python, "augmentation-peer.py", [String(SIDE)]));
}

/** libvips, which makes of the picture what `vips` tells it. */
function vipsRound(vips) {
  const image = noisySlopes();
  const raw = { raw: { width: SIDE, height: SIDE, channels: 3 } };
  return async () => {
    const perSecond = await round(() => vips(sharp(image.data, raw)).raw().toBuffer());
    return [{ name: "libvips through sharp", perSecond }];
  };
}

/** The rows of the benchmark table. */
export async function bench() {
  const { AdditiveGaussianNoise, Affine, Crop, ElasticTransformation, Fliplr, GaussianBlur, Sequential } =
    vitrine.augmenters;
  sharp.concurrency(1);
  sharp.cache(false);
  const px = [25, 30, 20, 20];
  const part = { left: 20, top: 25, width: 450, height: 455 };
  const pythons = pythonPeers();
  const python = async (row) => {
    const found = [];
    for (const each of pythons) found.push(...(await each.ask({ row, seconds: ROUND })));
    return found;
  };
  try {
    return [
      await row("flip and crop", Sequential([Fliplr(1), Crop({ px, keepSize: false })]), python),
      await row(
        "flip, crop and enlarge",
        Sequential([Fliplr(1), Crop({ px })]),
        vipsRound((s) => s.flop().extract(part).resize(SIDE, SIDE, { fit: "fill", kernel: "linear" })),
      ),
      await row("affine rotation", Affine({ rotate: 17 }), python),
      await row("Gaussian blur, sigma 2", GaussianBlur(2), python),
      await row("additive noise a pixel", AdditiveGaussianNoise({ scale: 15 }), python),
      await row("additive noise a channel", AdditiveGaussianNoise({ scale: 15, perChannel: true }), python),
      await row("elastic, linear", ElasticTransformation({ alpha: 30, sigma: 5, order: 1 }), python),
    ];
  } finally {
    for (const each of pythons) await each.close();
  }
}
