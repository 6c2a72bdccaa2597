/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Colours moved to where others near in place and colour pile up (D. Comaniciu and P. Meer, 2002), in OpenCV's five rounds. */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { levelPlace } from "./level-simd.js";

const ROUNDS = 5;
/** Windows of more than 255 columns, and limits beyond 16 bits, are left to the twin. */
const MOST_RADIUS = 126;
const MOST_LIMIT = 65534;

/**
 * @param image of three channels
 * @param out where results go, and may be the picture's own data: what is done already then counts for what comes
 * @param chosen of each pixel 1 where it is moved
 */
export function shiftToMeans(
  image: ImageData8,
  out: Uint8Array,
  chosen: Uint8Array,
  spatialRadius: number,
  colorRadius: number,
): void {
  const limit = roundHalfEven(colorRadius ** 2);
  const radius = Math.fround(spatialRadius);
  if (!shiftBySimd(image, out, chosen, radius, limit)) shiftPlainly(image, out, chosen, radius, limit);
}

function shiftBySimd(
  { data, width, height }: ImageData8,
  out: Uint8Array,
  chosen: Uint8Array,
  radius: number,
  limit: number,
): boolean {
  const pixels = width * height;
  // Behind each plane there is room for what loads and stores reach beyond it.
  const plane = Math.ceil(pixels / 16) * 16 + 16;
  const isWithin = radius <= MOST_RADIUS && limit <= MOST_LIMIT;
  const found = isWithin ? levelPlace(data.length, data.length, 3 * plane, 3 * plane, pixels) : undefined;
  if (!found) return false;
  const { place, loops } = found;
  const planes = (levels: Uint8Array) => {
    const [from, to] = [place.put(levels), place.take(3 * plane)];
    for (let c = 0; c < 3; c++) loops.channelOf(from, to + c * plane, c, pixels);
    return { from, to };
  };
  const source = planes(data);
  const target = out === data ? source : planes(out);
  loops.meanShift(source.to, target.to, plane, place.put(chosen), width, height, radius, limit);
  for (let c = 0; c < 3; c++) loops.withChannel(target.to + c * plane, target.from, c, pixels);
  out.set(place.bytes(target.from, out.length));
  return true;
}

function shiftPlainly(
  { data, width, height }: ImageData8,
  out: Uint8Array,
  chosen: Uint8Array,
  radius: number,
  limit: number,
): void {
  const edge = (place: number) => roundHalfEven(Math.fround(place));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (chosen[y * width + x] === 0) continue;
      let [x0, y0, r, g, b] = [x, y, data[at]!, data[at + 1]!, data[at + 2]!];
      for (let round = 0; round < ROUNDS; round++) {
        const left = Math.max(edge(x0 - radius), 0);
        const right = Math.min(edge(x0 + radius), width - 1);
        const bottom = Math.min(edge(y0 + radius), height - 1);
        let [count, sumX, sumY, sumR, sumG, sumB] = [0, 0, 0, 0, 0, 0];
        for (let row = Math.max(edge(y0 - radius), 0); row <= bottom; row++) {
          for (let column = left, from = (row * width + left) * 3; column <= right; column++, from += 3) {
            const [fr, fg, fb] = [data[from]!, data[from + 1]!, data[from + 2]!];
            if ((fr - r) * (fr - r) + (fg - g) * (fg - g) + (fb - b) * (fb - b) > limit) continue;
            count++;
            sumX += column;
            sumY += row;
            sumR += fr;
            sumG += fg;
            sumB += fb;
          }
        }
        if (count === 0) break;
        const share = 1 / count;
        const mean = (sum: number) => roundHalfEven(sum * share);
        const [x1, y1, r1, g1, b1] = [mean(sumX), mean(sumY), mean(sumR), mean(sumG), mean(sumB)];
        const way = Math.abs(x1 - x0) + Math.abs(y1 - y0);
        const isDone = way === 0 || way + (r1 - r) ** 2 + (g1 - g) ** 2 + (b1 - b) ** 2 <= 1;
        [x0, y0, r, g, b] = [x1, y1, r1, g1, b1];
        if (isDone) break;
      }
      out[at] = r;
      out[at + 1] = g;
      out[at + 2] = b;
    }
  }
}
