/**
 * Non-maximum suppression: of boxes that overlap too much only the best one stays. Greedy, as in Girshick et al., "Rich feature
 * hierarchies" (CVPR 2014), and with the results of torchvision's `nms`.
 *
 * Shapes: N boxes, N × 4 numbers; N scores.
 */
import { pickBoxes } from "./box-overlap.js";
import { stayingBoxes } from "./nms-drawers.js";
import { stayingBySimd } from "./nms-simd.js";
import { rankDescending } from "./rank.js";

/** The places of the boxes that stay, by descending score. A box goes whose IoU with a better one is above `threshold`. */
export function nms(boxes: Float32Array, scores: Float32Array, threshold: number): Int32Array {
  const order = rankDescending(scores);
  const sorted = pickBoxes(boxes, order);
  const stay = stayingBySimd(sorted, threshold) ?? stayingBoxes(sorted, threshold);
  return stay.map((place) => order[place] ?? 0);
}

/** The same within each group; boxes of different groups never suppress each other. */
export function batchedNms(
  boxes: Float32Array,
  scores: Float32Array,
  groups: ArrayLike<number>,
  threshold: number,
): Int32Array {
  const members = new Map<number, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? 0;
    const list = members.get(group);
    if (list) list.push(i);
    else members.set(group, [i]);
  }
  const stay = [...members.values()].flatMap((places) => {
    const own = Float32Array.from(places, (place) => scores[place] ?? 0);
    return [...nms(pickBoxes(boxes, places), own, threshold)].map((index) => places[index] ?? 0);
  });
  const places = Int32Array.from(stay).sort();
  return rankDescending(Float32Array.from(places, (place) => scores[place] ?? 0)).map((index) => places[index] ?? 0);
}
