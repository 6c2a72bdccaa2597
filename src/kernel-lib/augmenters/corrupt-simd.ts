/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over rows: every index lies within the picture */
/**
 * Filters of corruptions by SIMD: sums in single precision, cut off to whole levels as corruptions do. Nothing comes of pictures with alpha, or
 * where there is no SIMD.
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";
import { convolvedBySimd, type Tap } from "./convolutional.js";
import { workplace } from "./picture-simd.js";

/** What single precision may lack of a whole level. */
const MISSING = 2 ** -10;

/** The same odd number of weights, even to both sides, down and across; beyond the edges lies the edge's pixel. */
export function smoothedBySimd(image: ImageData8, weights: Float64Array): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const radius = weights.length >> 1;
  const [stride, margin] = [width * channels, radius * channels];
  const sizes = [data.length, data.length, (height + 2 * radius) * stride * 4, (stride + 2 * margin) * 4, stride * 4];
  const place = channels === 4 ? undefined : workplace(...sizes, weights.length * 4);
  if (!place) return undefined;
  const [from, to, floats] = [place.put(data), place.take(data.length), place.take(sizes[2]!)];
  const [rowAt, sumsAt, weightsAt] = [
    place.take(sizes[3]!),
    place.take(sizes[4]!),
    place.put(Float32Array.from(weights)),
  ];
  const row = new Float32Array(place.buffer, rowAt, stride + 2 * margin);
  for (let i = 0; i < height + 2 * radius; i++) {
    place.loops.toFloats(from + borderIndex(i - radius, height, "edge") * stride, floats + i * stride * 4, stride);
  }
  for (let y = 0; y < height; y++) {
    place.loops.smoothDown(floats + y * stride * 4, rowAt + margin * 4, stride, 1, weightsAt, weights.length);
    for (let i = 0; i < margin; i += channels) {
      row.copyWithin(i, margin, margin + channels);
      row.copyWithin(margin + stride + i, margin + stride - channels, margin + stride);
    }
    place.loops.smoothAcross(rowAt, sumsAt, row.length, stride, 1, weightsAt, weights.length, channels * 4);
    place.loops.toBytes(sumsAt, to + y * stride, stride, MISSING);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

/** What lies around each pixel, weighted. */
export const cutOffBySimd = (
  image: ImageData8,
  taps: readonly Tap[],
  mode: "reflect" | "edge",
): ImageData8 | undefined => convolvedBySimd(image, taps, mode, MISSING - 0.5);
