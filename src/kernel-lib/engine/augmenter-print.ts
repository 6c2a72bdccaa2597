/** An augmenter is a function; what it does to a picture that is always the same tells it from others. */
import { createHash } from "node:crypto";

import type { ImageAugmenter } from "../data/augment-dataset.js";
import type { PictureInput } from "./messages.js";

/** One draw may leave a picture as it is: so many are enough to see a chance of one in ten nearly always. */
const DRAWS = 32;
/** Small, for 32 of them, and with no two pixels alike. */
const MOST_SIDE = 64;

/** The same for the same augmenter on every machine. */
export function augmenterPrint(
  augmenter: ImageAugmenter,
  { width: w, height: h }: Pick<PictureInput, "width" | "height">,
): string {
  const [width, height] = [Math.min(w, MOST_SIDE), Math.min(h, MOST_SIDE)];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + (i >> 6) * 11) & 255);
  const hash = createHash("sha256");
  for (let draw = 0; draw < DRAWS; draw++) {
    const image = { data: data.slice(), width, height, channels: 3 as const };
    hash.update(augmenter.augment({ image }, { seed: `print/${draw}` }).image.data);
  }
  return hash.digest("hex").slice(0, 16);
}
