/**
 * Handwritten-looking digits in MNIST's file format, drawn by formulas: `node digits.mjs OUT [--train 60000] [--test 10000]`.
 *
 * A digit is a few strokes of a pen, each through a handful of points; every picture moves the points, slants, stretches, turns and bends
 * the whole, and presses the pen differently. As MNIST's, the ink is scaled to fit 20 × 20 pixels and its centre of mass is put into the
 * middle of 28 × 28. Each picture has a seed of its own, so the first thousand are the same however many are drawn.
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const SIDE = 28;
const BOX = 20;
const SET_SEED = 2026;

/**
 * x to the right, y down, both in 0..1.
 * @typedef {readonly [number, number]} Point
 */
/**
 * `curve`: smooth through its points; else straight from point to point.
 * @typedef {{ curve: boolean, points: readonly Point[] }} Stroke
 */

/** @param {readonly Point[]} points @returns {Stroke} */
const curve = (...points) => ({ curve: true, points });
/** @param {readonly Point[]} points @returns {Stroke} */
const lines = (...points) => ({ curve: false, points });

/**
 * The ways to write each digit, with how often each is taken.
 * @type {readonly (readonly { share: number, strokes: readonly Stroke[] }[])[]}
 */
const DIGITS = [
  [
    { share: 3, strokes: [curve([0.55, 0.02], [0.2, 0.12], [0.08, 0.5], [0.2, 0.9], [0.5, 0.99], [0.8, 0.88], [0.9, 0.5], [0.8, 0.12], [0.5, 0.02])] },
    { share: 1, strokes: [curve([0.6, 0.05], [0.25, 0.08], [0.1, 0.45], [0.22, 0.93], [0.6, 0.97], [0.85, 0.6], [0.78, 0.2], [0.45, 0.0])] },
  ],
  [
    { share: 4, strokes: [lines([0.5, 0], [0.5, 1])] },
    { share: 2, strokes: [lines([0.3, 0.22], [0.52, 0], [0.52, 1])] },
    { share: 0.6, strokes: [lines([0.3, 0.2], [0.52, 0], [0.52, 1]), lines([0.3, 1], [0.76, 1])] },
  ],
  [
    { share: 3, strokes: [curve([0.12, 0.25], [0.35, 0.02], [0.7, 0.08], [0.74, 0.34], [0.45, 0.65], [0.1, 0.96]), lines([0.1, 0.96], [0.88, 0.94])] },
    { share: 2, strokes: [curve([0.12, 0.22], [0.4, 0.0], [0.74, 0.2], [0.62, 0.52], [0.2, 0.9], [0.08, 0.84], [0.24, 0.74], [0.55, 0.92], [0.92, 0.88])] },
  ],
  [
    { share: 3, strokes: [curve([0.14, 0.12], [0.45, 0.0], [0.74, 0.17], [0.6, 0.4], [0.36, 0.47]), curve([0.36, 0.47], [0.7, 0.53], [0.82, 0.77], [0.5, 0.99], [0.1, 0.89])] },
    { share: 1, strokes: [lines([0.14, 0.03], [0.76, 0.03], [0.42, 0.42]), curve([0.42, 0.42], [0.76, 0.52], [0.8, 0.82], [0.45, 1.0], [0.1, 0.9])] },
  ],
  [
    { share: 3, strokes: [lines([0.2, 0.02], [0.1, 0.52], [0.82, 0.5]), lines([0.72, 0.05], [0.64, 1])] },
    { share: 1.5, strokes: [lines([0.62, 0], [0.06, 0.62], [0.88, 0.62]), lines([0.62, 0], [0.62, 1])] },
    { share: 1, strokes: [curve([0.16, 0.05], [0.12, 0.42], [0.45, 0.52], [0.74, 0.4]), lines([0.8, 0.0], [0.7, 1])] },
  ],
  [
    { share: 3, strokes: [lines([0.78, 0.02], [0.28, 0.04], [0.2, 0.43]), curve([0.2, 0.43], [0.58, 0.37], [0.8, 0.64], [0.6, 0.94], [0.1, 0.93])] },
    { share: 1, strokes: [curve([0.8, 0.04], [0.5, 0.06], [0.28, 0.2], [0.3, 0.42], [0.66, 0.5], [0.76, 0.78], [0.48, 0.99], [0.12, 0.9])] },
  ],
  [
    { share: 3, strokes: [curve([0.66, 0.02], [0.3, 0.3], [0.12, 0.68], [0.34, 0.98], [0.7, 0.84], [0.66, 0.58], [0.36, 0.56], [0.16, 0.76])] },
    { share: 1, strokes: [curve([0.4, 0.0], [0.18, 0.4], [0.16, 0.8], [0.46, 1.0], [0.76, 0.78], [0.5, 0.54], [0.2, 0.68])] },
  ],
  [
    { share: 3, strokes: [lines([0.1, 0.07], [0.82, 0.04], [0.38, 1])] },
    { share: 1, strokes: [lines([0.1, 0.05], [0.82, 0.05], [0.42, 1]), lines([0.28, 0.5], [0.76, 0.5])] },
    { share: 1, strokes: [curve([0.1, 0.16], [0.36, 0.06], [0.78, 0.05], [0.66, 0.4], [0.5, 1])] },
  ],
  [
    { share: 3, strokes: [curve([0.74, 0.16], [0.44, 0.0], [0.18, 0.2], [0.46, 0.46], [0.8, 0.74], [0.48, 0.99], [0.14, 0.78], [0.44, 0.48], [0.76, 0.2])] },
    { share: 1, strokes: [curve([0.48, 0.02], [0.22, 0.2], [0.46, 0.44], [0.74, 0.22], [0.48, 0.02]), curve([0.46, 0.46], [0.12, 0.74], [0.46, 0.99], [0.82, 0.74], [0.46, 0.46])] },
  ],
  [
    { share: 3, strokes: [curve([0.78, 0.18], [0.46, 0.02], [0.16, 0.26], [0.4, 0.5], [0.76, 0.26]), lines([0.78, 0.16], [0.68, 1])] },
    { share: 1, strokes: [curve([0.74, 0.2], [0.4, 0.04], [0.18, 0.3], [0.5, 0.48], [0.76, 0.2], [0.74, 0.6], [0.52, 0.96], [0.2, 0.92])] },
  ],
]; // prettier-ignore

/** @param {string} text @returns {() => number} numbers in [0, 1): FNV-1a into mulberry32 */
function random(text) {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {() => number} next @returns {number} about normal, deviation 1: the sum of four uniform numbers */
const bell = (next) => (next() + next() + next() + next() - 2) * Math.sqrt(3);

/** @param {readonly { share: number, strokes: readonly Stroke[] }[]} ways @param {() => number} next */
function choose(ways, next) {
  let left = next() * ways.reduce((sum, { share }) => sum + share, 0);
  return (ways.find(({ share }) => (left -= share) < 0) ?? ways[0])?.strokes ?? [];
}

/**
 * A curve through the points (Catmull and Rom), as short straight pieces.
 * @param {readonly Point[]} points @returns {Point[]}
 */
function smooth(points) {
  /** @param {number} i @returns {Point} */
  const at = (i) => points[Math.min(Math.max(i, 0), points.length - 1)] ?? [0, 0];
  const STEPS = 8;
  /** @type {Point[]} */
  const result = [at(0)];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      const weights = [-t + 2 * t * t - t ** 3, 2 - 5 * t * t + 3 * t ** 3, t + 4 * t * t - 3 * t ** 3, -t * t + t ** 3];
      /** @param {0 | 1} axis */
      const mix = (axis) => weights.reduce((sum, weight, k) => sum + (weight * at(i - 1 + k)[axis]) / 2, 0);
      result.push([mix(0), mix(1)]);
    }
  }
  return result;
}

/**
 * How this hand writes: the same change for all points of a digit.
 * @param {() => number} next @returns {(point: Point) => Point}
 */
function hand(next) {
  const slant = 0.3 * bell(next) + 0.1;
  const turn = 0.15 * bell(next);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const width = 0.72 * Math.exp(0.26 * bell(next));
  const waves = [0, 1].map(() => ({ size: 0.05 * bell(next), speed: 2 + 4 * next(), phase: 2 * Math.PI * next() }));
  /** @param {number} k @param {number} at */
  const wave = (k, at) => {
    const { size, speed, phase } = waves[k] ?? { size: 0, speed: 0, phase: 0 };
    return size * Math.sin(speed * at + phase);
  };
  return ([x, y]) => {
    const u = (x - 0.5) * width - slant * (y - 0.5) + wave(0, y);
    const v = y - 0.5 + wave(1, x);
    return [cos * u - sin * v, sin * u + cos * v];
  };
}

/** Scales to fit 20 × 20 pixels. @param {readonly (readonly Point[])[]} paths @returns {Point[][]} pixels, from the middle */
function fitted(paths) {
  const all = paths.flat();
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = (BOX - 2) / Math.max(right - left, bottom - top);
  return paths.map((points) => points.map(([x, y]) => [(x - (left + right) / 2) * scale, (y - (top + bottom) / 2) * scale]));
}

/**
 * The ink: full within the pen's radius of a stroke, none a pixel beyond.
 * @param {readonly (readonly Point[])[]} paths pixels @param {number} radius @param {Point} middle
 */
function ink(paths, radius, [middleX, middleY]) {
  const picture = new Float64Array(SIDE * SIDE);
  for (const points of paths) {
    for (let i = 0; i + 1 < points.length; i++) {
      const [ax, ay] = points[i] ?? [0, 0];
      const [bx, by] = points[i + 1] ?? [0, 0];
      draw(picture, [ax + middleX, ay + middleY], [bx + middleX, by + middleY], radius);
    }
  }
  return picture;
}

/** @param {Float64Array} picture @param {Point} a @param {Point} b @param {number} radius */
function draw(picture, [ax, ay], [bx, by], radius) {
  const reach = radius + 1;
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const clip = (/** @type {number} */ value) => Math.min(Math.max(value, 0), SIDE - 1);
  for (let y = clip(Math.ceil(Math.min(ay, by) - reach)); y <= clip(Math.floor(Math.max(ay, by) + reach)); y++) {
    for (let x = clip(Math.ceil(Math.min(ax, bx) - reach)); x <= clip(Math.floor(Math.max(ax, bx) + reach)); x++) {
      const along = length === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length;
      const t = Math.min(Math.max(along, 0), 1);
      const distance = Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
      const value = Math.min(1, Math.max(0, radius + 0.5 - distance));
      const at = y * SIDE + x;
      picture[at] = Math.max(picture[at] ?? 0, value);
    }
  }
}

/** @param {Float64Array} picture @returns {Point} */
function centreOfMass(picture) {
  let [mass, x, y] = [0, 0, 0];
  picture.forEach((value, i) => {
    mass += value;
    x += value * (i % SIDE);
    y += value * Math.floor(i / SIDE);
  });
  return [x / mass, y / mass];
}

/**
 * One picture of one digit.
 * @param {number} digit 0 to 9
 * @param {string} seed
 * @returns {Uint8Array} 28 × 28, 255 where there is ink
 */
export function drawDigit(digit, seed) {
  const next = random(seed);
  const write = hand(next);
  const wobble = 0.06;
  const strokes = choose(DIGITS[digit] ?? [], next);
  const paths = strokes.map(({ curve: round, points }) => {
    const moved = points.map(([x, y]) => write([x + wobble * bell(next), y + wobble * bell(next)]));
    return round ? smooth(moved) : moved;
  });
  const pixels = fitted(paths);
  const radius = 0.75 + 0.9 * next();
  const strength = 255 * (0.8 + 0.2 * next());
  const middle = (SIDE - 1) / 2;
  const [x, y] = centreOfMass(ink(pixels, radius, [middle, middle]));
  const picture = ink(pixels, radius, [2 * middle - x, 2 * middle - y]);
  return Uint8Array.from(picture, (value) => Math.round(value * strength));
}

/**
 * @param {"train" | "test"} part
 * @param {number} count
 * @param {number} [seed]
 * @returns {{ images: Uint8Array, labels: Uint8Array }} count × 28 × 28, and a label each
 */
export function drawDigits(part, count, seed = SET_SEED) {
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, (_, i) => Math.floor(10 * random(`${seed} ${part} label ${i}`)()));
  labels.forEach((label, i) => images.set(drawDigit(label, `${seed} ${part} ${i}`), i * SIDE * SIDE));
  return { images, labels };
}

/** @param {readonly number[]} shape @param {Uint8Array} data @returns {Uint8Array} an idx file of unsigned bytes */
function idx(shape, data) {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((length, i) => head.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([head, data]);
}

/** @param {string} folder @param {"train" | "test"} part @param {number} count */
function write(folder, part, count) {
  const { images, labels } = drawDigits(part, count);
  const name = part === "train" ? "train" : "t10k";
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}-images-idx3-ubyte.gz`), gzipSync(idx([count, SIDE, SIDE], images), { level: 9 }));
  writeFileSync(path.join(folder, `${name}-labels-idx1-ubyte.gz`), gzipSync(idx([count], labels), { level: 9 }));
  console.log(`${count} digits for ${part} in ${folder}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = { train: { type: "string", default: "60000" }, test: { type: "string", default: "10000" } };
  const { values, positionals } = parseArgs({ options: /** @type {const} */ (options), allowPositionals: true });
  const folder = positionals[0] ?? "digits";
  write(folder, "train", Number(values.train));
  write(folder, "test", Number(values.test));
}
