/** imgaug's `DirectedEdgeDetect`. */
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { convolved } from "./convolutional.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface DirectedEdgeDetectOptions extends AugmenterOptions {
  /** How much of the edges' picture, 0 to 1; [0, 0.75] by default. */
  alpha?: NumberParameter;
  /** Where edges point to, as a share of a turn clockwise from up; [0, 1] by default. */
  direction?: NumberParameter;
}

/** Finds edges of one direction and mixes them with the original. */
export function DirectedEdgeDetect(given: NumberParameter | DirectedEdgeDetectOptions = {}): Augmenter {
  const options = firstOption<DirectedEdgeDetectOptions>("DirectedEdgeDetect", "alpha", given, ["alpha", "direction"]);
  const alpha = numberParameter("alpha", options.alpha ?? [0, 0.75], { min: 0, max: 1 });
  const direction = numberParameter("direction", options.direction ?? [0, 1]);
  return imageAugmenter("DirectedEdgeDetect", options, (image, random) => {
    const share = alpha.sample(random);
    const effect = directedEffect(direction.sample(random));
    const cells = effect.map((cell, i) => share * cell + (i === 4 ? 1 - share : 0));
    return convolved(image, [cells.slice(0, 3), cells.slice(3, 6), cells.slice(6)]);
  });
}

/** Neighbours weigh the more the nearer they lie to the direction; together as much as the pixel itself. */
function directedEffect(direction: number): number[] {
  const degrees = (((Math.trunc(direction * 360) % 360) + 360) % 360) - 90;
  const turn = (degrees * Math.PI) / 180;
  const similarity = Array.from({ length: 9 }, (_, i) => {
    const [x, y] = [(i % 3) - 1, Math.floor(i / 3) - 1];
    if (x === 0 && y === 0) return 0;
    const cosine = (x * Math.cos(turn) + y * Math.sin(turn)) / Math.hypot(x, y);
    return (1 - Math.acos(Math.min(Math.max(cosine, -1), 1)) / Math.PI) ** 4;
  });
  const sum = similarity.reduce((total, value) => total + value, 0);
  return similarity.map((value, i) => (i === 4 ? 1 : -value / sum));
}
