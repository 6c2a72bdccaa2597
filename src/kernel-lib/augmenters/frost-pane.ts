/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over panes: every index lies within the pane */
/** Ice on window panes, of smooth noise in folds; each pane is made when it is first looked at, and kept. */
import { SeededRandom } from "../structures/random.js";
import { simplexNoise } from "./simplex-noise.js";

const PANES = 5;
const SIDE = 640;
/** How much of a pane a picture's longer side shows. */
const SHOWN = 512;
const panes = new Map<number, Float32Array>();

/** A part of one of the panes, a value for each of the picture's pixels; denser towards the edges, where windows freeze first. */
export function frostPlane(width: number, height: number, random: SeededRandom): Float32Array {
  const pane = paneOf(random.integer(PANES));
  const scale = SHOWN / Math.max(width, height);
  const [left, top] = [random.uniform(0, SIDE - SHOWN - 1), random.uniform(0, SIDE - SHOWN - 1)];
  const columns = Float64Array.from({ length: width }, (_, x) => left + x * scale);
  const result = new Float32Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(top + y * scale);
    const below = top + y * scale - row;
    const down = (y / height - 0.5) ** 2;
    for (let x = 0; x < width; x++) {
      const column = Math.floor(columns[x]!);
      const beside = columns[x]! - column;
      const at = row * SIDE + column;
      const upper = pane[at]! + (pane[at + 1]! - pane[at]!) * beside;
      const lower = pane[at + SIDE]! + (pane[at + SIDE + 1]! - pane[at + SIDE]!) * beside;
      const across = x / width - 0.5;
      const density = 0.35 + 0.65 * Math.SQRT2 * Math.sqrt(across * across + down);
      result[to++] = (upper + (lower - upper) * below) * density;
    }
  }
  return result;
}

function paneOf(index: number): Float32Array {
  const known = panes.get(index) ?? frozen(new SeededRandom(`pane ${index}`));
  panes.set(index, known);
  return known;
}

/** Folds of several sizes, each where the larger ones are. */
function frozen(random: SeededRandom): Float32Array {
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
