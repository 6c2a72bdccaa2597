/**
 * Features of every region from the level that suits its size: Lin et al., "Feature Pyramid Networks" (CVPR 2017), equation 1.
 *
 * Shapes: L levels N × H × W × C; R regions, R × 4 in pixels; output R × P × P × C, in an order of its own.
 */
import * as tf from "@tensorflow/tfjs-core";

import { pickBoxes } from "../../ops/box-overlap.js";
import { cropAndPool } from "../../ops/crop-and-pool.js";
import { roiAlign } from "../../ops/roi-align.js";
import type { DetectorPlan } from "./detector-plan.js";

/** Regions of a batch. */
export interface Regions {
  /** R × 4. */
  boxes: Float32Array;
  /** R: in which picture of the batch. */
  pictures: Int32Array;
}

/** R: by the region's side, the root of its area. @param strides of the levels, in pixels */
export function regionLevels(
  boxes: Float32Array,
  strides: readonly number[],
  { canonicalSize, canonicalLevel }: DetectorPlan["pool"],
): Int32Array {
  const [lowest, highest] = [Math.log2(strides[0] ?? 1), Math.log2(strides.at(-1) ?? 1)];
  return Int32Array.from({ length: boxes.length / 4 }, (_, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
    const side = Math.sqrt((x2 - x1) * (y2 - y1));
    // The small number is torchvision's: a side of exactly two canonical sizes belongs to the upper level.
    const level = Math.floor(canonicalLevel + Math.log2(side / canonicalSize) + 1e-6);
    return Math.min(Math.max(level, lowest), highest) - lowest;
  });
}

/** The regions sorted by level, and how many there are of each. */
export function sortedByLevel(levels: Int32Array, count: number): { order: Int32Array; counts: number[] } {
  const lists = Array.from({ length: count }, (): number[] => []);
  for (const [region, level] of levels.entries()) lists[level]?.push(region);
  return { order: Int32Array.from(lists.flat()), counts: lists.map(({ length }) => length) };
}

/**
 * Row i of what comes out is region `order[i]`: whoever goes on sorts plain numbers, not tensors.
 *
 * @param strides of the levels, in pixels
 * @param picture height and width of the padded picture
 */
export function poolRegions(
  levels: readonly tf.Tensor4D[],
  { boxes, pictures }: Regions,
  strides: readonly number[],
  pool: DetectorPlan["pool"],
  picture: readonly [number, number],
): { pooled: tf.Tensor4D; order: Int32Array } {
  const { order, counts } = sortedByLevel(regionLevels(boxes, strides, pool), levels.length);
  const parts: tf.Tensor4D[] = [];
  let start = 0;
  levels.forEach((level, i) => {
    const own = order.subarray(start, (start += counts[i] ?? 0));
    if (own.length === 0) return;
    const owners = Int32Array.from(own, (region) => pictures[region] ?? 0);
    const { size, sampling } = pool;
    const regions = pickBoxes(boxes, own);
    if (pool.kind === "crop") parts.push(cropAndPool(level, regions, owners, { size, sampling, picture }));
    else parts.push(roiAlign(level, regions, owners, { size, sampling, scale: 1 / (strides[i] ?? 1) }));
  });
  return { pooled: tf.concat(parts, 0), order };
}
