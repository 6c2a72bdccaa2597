/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over panes: every index lies within the pane */
/** Ice on a window pane, of smooth noise in folds; the pane is made when it is first looked at, and kept. Pictures show parts of it, in eight ways. */
import { SeededRandom } from "../structures/random.js";
import { simplexNoise } from "./simplex-noise.js";

const SIDE = 768;
/** How much of a pane a picture's longer side shows. */
const SHOWN = 512;
let frozen: Float32Array | undefined;

/** A part of the pane, a value for each of the picture's pixels; denser towards the edges, where windows freeze first. */
export function frostPlane(width: number, height: number, random: SeededRandom): Float64Array {
  const pane = (frozen ??= freeze(new SeededRandom("pane")));
  const scale = SHOWN / Math.max(width, height);
  const [across, down] = [placesOn(width, scale, random), placesOn(height, scale, random)];
  const [stepX, stepY] = random.next() < 0.5 ? [1, SIDE] : [SIDE, 1];
  const result = new Float64Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(down[y]!);
    const below = down[y]! - row;
    const fromMiddle = (y / height - 0.5) ** 2;
    for (let x = 0; x < width; x++) {
      const column = Math.floor(across[x]!);
      const beside = across[x]! - column;
      const at = row * stepY + column * stepX;
      const upper = pane[at]! + (pane[at + stepX]! - pane[at]!) * beside;
      const under = at + stepY;
      const lower = pane[under]! + (pane[under + stepX]! - pane[under]!) * beside;
      const distance = Math.sqrt(fromMiddle + (x / width - 0.5) ** 2) * Math.SQRT2;
      result[to++] = (upper + (lower - upper) * below) * (0.35 + 0.65 * distance);
    }
  }
  return result;
}

/** Where on the pane the pixels of a row lie: one way or the other. */
function placesOn(length: number, scale: number, random: SeededRandom): Float64Array {
  const start = random.uniform(0, SIDE - SHOWN - 2);
  const isBackward = random.next() < 0.5;
  return Float64Array.from({ length }, (_, i) => start + (isBackward ? length - 1 - i : i) * scale);
}

/** Folds of several sizes, each where the larger ones are. */
function freeze(random: SeededRandom): Float32Array {
  const layers = [4, 9, 19, 40].map((folds) => ({ scale: folds / SHOWN, at: simplexNoise(random) }));
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    let [sum, weight, share] = [0, 1, 0];
    for (const { scale, at } of layers) {
      const fold = 1 - Math.abs(at(x * scale * 2, y * scale * 3));
      sum += weight * fold * fold;
      share += weight;
      weight *= 0.6 * fold;
    }
    return sum / share;
  });
}
