/**
 * A picture in 64 bits that hardly change when it is scaled, compressed or brightened: pHash (C. Zauner, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions", 2010), in the reading of Python's imagehash: 32 × 32 grey pixels, their cosine transform's 8 × 8
 * lowest frequencies, each a bit: above the median or not.
 */
import { invalidImage, readPicture } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";

const SIDE = 32;
const KEPT = 8;

/** Two halves of 32 bits, row by row from the highest bit. */
export interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

/** @throws `MissingFile`, `InvalidImage`, `ImageTooLarge` */
export async function perceptualHash(source: string | Uint8Array): Promise<PerceptualHash> {
  const picture = await readPicture(source);
  try {
    const colours = openPicture(picture).flatten({ background: "white" }).toColourspace("srgb");
    const small = colours.resize(SIDE, SIDE, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false });
    const { data, info } = await small.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    const pixels = Float64Array.from({ length: SIDE * SIDE }, (_, i) => luma(data, i * info.channels, info.channels));
    return hashOf(lowFrequencies(pixels));
  } catch (cause) {
    throw invalidImage(picture.path, cause);
  }
}

/** Rec. 601, as Pillow makes pictures grey: libvips weighs light, not the values that stand for it. */
function luma(data: Uint8Array, at: number, channels: number): number {
  const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
  return channels < 3 ? r : 0.299 * r + 0.587 * g + 0.114 * b;
}

/** Bits that differ, 0 to 64: up to about 6 for the same picture, about 32 for any two. */
export function hashDistance(a: PerceptualHash, b: PerceptualHash): number {
  return bits(a.high ^ b.high) + bits(a.low ^ b.low);
}

function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, i) => {
  return Math.cos((Math.PI * Math.floor(i / SIDE) * (2 * (i % SIDE) + 1)) / (2 * SIDE));
});

/** The 8 × 8 lowest of the two-dimensional DCT-II, unscaled. */
function lowFrequencies(pixels: Float64Array): Float64Array {
  const rows = new Float64Array(SIDE * KEPT);
  for (let y = 0; y < SIDE; y++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += (pixels[y * SIDE + x] ?? 0) * (COSINES[u * SIDE + x] ?? 0);
      rows[y * KEPT + u] = sum;
    }
  }
  const low = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += (rows[y * KEPT + u] ?? 0) * (COSINES[v * SIDE + y] ?? 0);
      low[v * KEPT + u] = sum;
    }
  }
  return low;
}

function hashOf(low: Float64Array): PerceptualHash {
  const sorted = Float64Array.from(low).sort();
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  const half = (start: number) => {
    let value = 0;
    for (let i = start; i < start + 32; i++) value = (value << 1) | Number((low[i] ?? 0) > median);
    return value >>> 0;
  };
  return { high: half(0), low: half(32) };
}
