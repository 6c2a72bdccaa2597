/** How large what an augmenter makes may become: a slip of the pen would fill the memory, or never end. */
import { VitrineError } from "../structures/errors.js";
import { MOST_PIXELS } from "../structures/image.js";

interface Size {
  width: number;
  height: number;
}

/** @param before what was larger already may stay so @throws `InvalidOption` */
export function sizeWithin<S extends Size>(what: string, size: S, before: Size = { width: 0, height: 0 }): S {
  const { width, height } = size;
  if (width * height <= Math.max(MOST_PIXELS, before.width * before.height)) return size;
  const expected = `at most ${MOST_PIXELS} pixels`;
  throw new VitrineError("InvalidOption", { option: what, expected, received: `${width} × ${height}` });
}
