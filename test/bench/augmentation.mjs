/**
 * Augmenters on one thread: 500 × 500 RGB pictures a second of processor time, beside libvips (through sharp), which the library has anyway.
 *
 * A figure is the best of several rounds, of ours and of the peer's in turn: what the code costs, not what else the machine
 * was doing.
 */
import { createRequire } from "node:module";
import vitrine from "vitrine";

const require = createRequire(new URL("../../src/kernel-lib/package.json", import.meta.url));
const sharp = require("sharp");

const SIDE = 500;
const PICTURES = 12;
const ROUNDS = 6;

/** Slopes with seeded noise on them, as a photograph has both. */
function picture() {
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
  const image = picture();
  const raw = { raw: { width: SIDE, height: SIDE, channels: 3 } };
  let ours = Infinity;
  let peer = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.min(ours, await seconds(() => augmenter.augmentImage(image)));
    if (vips) peer = Math.min(peer, await seconds(() => vips(sharp(image.data, raw)).raw().toBuffer()));
  }
  const unit = "pictures/CPU-s";
  const figures = { topic: "augmentation", name: `${name}, ${SIDE} × ${SIDE}`, ours: PICTURES / ours, unit };
  if (!vips) return { ...figures, peer: null, peerName: "", ratio: null };
  return { ...figures, peer: PICTURES / peer, peerName: "libvips through sharp, one thread", ratio: ours / peer };
}

/** The rows of the benchmark table. */
export async function bench() {
  const { AdditiveGaussianNoise, Affine, Crop, Fliplr, GaussianBlur, Sequential } = vitrine.augmenters;
  sharp.concurrency(1);
  sharp.cache(false);
  const part = { left: 20, top: 25, width: 450, height: 455 };
  const flipCrop = Sequential([Fliplr(1), Crop({ px: [25, 30, 20, 20] })]);
  const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
  const turned = [cos, -sin, sin, cos];
  return [
    await row("flip and crop", flipCrop, (s) =>
      s.flop().extract(part).resize(SIDE, SIDE, { fit: "fill", kernel: "linear" }),
    ),
    await row("affine rotation", Affine({ rotate: (0.3 * 180) / Math.PI }), (s) =>
      s.affine(turned, { interpolator: sharp.interpolators.bilinear }),
    ),
    await row("Gaussian blur, sigma 2", GaussianBlur(2), (s) => s.blur(2)),
    await row("additive noise", AdditiveGaussianNoise({ scale: 15 })),
    await row("additive noise a channel", AdditiveGaussianNoise({ scale: 15, perChannel: true })),
  ];
}
