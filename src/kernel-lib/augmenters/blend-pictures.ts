/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Two pictures of one size mixed, by one share or by one for each value. */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { levelPlace } from "./level-simd.js";

/** imgaug's: below this share, or this far from 1, nothing is mixed. */
const NEARLY = 1e-2;

/** @param alpha of the foreground, 0 to 1 */
export function blended(foreground: ImageData8, background: ImageData8, alpha: number, nearly = NEARLY): ImageData8 {
  if (alpha >= 1 - nearly) return foreground;
  if (alpha <= nearly) return background;
  return blendedBySimd(foreground, background, alpha) ?? blendedPlainly(foreground, background, alpha);
}

function blendedBySimd({ data: front }: ImageData8, background: ImageData8, alpha: number): ImageData8 | undefined {
  const { data: back, width, height, channels } = background;
  const at = levelPlace(back.length, back.length, back.length);
  if (!at) return undefined;
  const { place, loops } = at;
  const [before, behind, to] = [place.put(front), place.put(back), place.take(back.length)];
  loops.mixed(before, behind, to, alpha, back.length);
  return { data: place.result(to, back.length), width, height, channels };
}

function blendedPlainly(foreground: ImageData8, background: ImageData8, alpha: number): ImageData8 {
  const data = new Uint8Array(background.data.length);
  const share = Math.fround(alpha);
  const steps = Float64Array.from({ length: 511 }, (_, i) => Math.fround(share * (i - 255)));
  for (let i = 0; i < data.length; i++) {
    const level = background.data[i]!;
    data[i] = roundHalfEven(Math.fround(level + steps[foreground.data[i]! - level + 255]!));
  }
  return { ...background, data };
}

/** @param alphas one for each value, or one for each pixel */
export function blendedByMask(foreground: ImageData8, background: ImageData8, alphas: Float32Array): ImageData8 {
  return maskedBySimd(foreground, background, alphas) ?? maskedPlainly(foreground, background, alphas);
}

function maskedBySimd({ data: front }: ImageData8, background: ImageData8, alphas: Float32Array) {
  const { data: back, width, height, channels } = background;
  const pixels = width * height;
  if (channels !== 3 || alphas.length !== pixels) return undefined;
  const at = levelPlace(back.length, back.length, back.length, alphas.byteLength);
  if (!at) return undefined;
  const { place, loops } = at;
  const [before, behind, to] = [place.put(front), place.put(back), place.take(back.length)];
  loops.mixedByMask(before, behind, to, place.put(alphas), pixels);
  return { data: place.result(to, back.length), width, height, channels };
}

function maskedPlainly(foreground: ImageData8, background: ImageData8, alphas: Float32Array): ImageData8 {
  const { data: front } = foreground;
  const { data: back, width, height, channels } = background;
  const data = new Uint8Array(back.length);
  const perPixel = alphas.length / (width * height);
  for (let i = 0, place = 0; i < data.length; i += channels, place += perPixel) {
    for (let c = 0; c < channels; c++) {
      const alpha = alphas[perPixel === 1 ? place : place + Math.min(c, perPixel - 1)]!;
      const level = back[i + c]!;
      data[i + c] = roundHalfEven(Math.fround(level + Math.fround(alpha * (front[i + c]! - level))));
    }
  }
  return { data, width, height, channels };
}
