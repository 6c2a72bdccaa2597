/** What lies around a picture. */

export type BorderMode = "constant" | "edge" | "symmetric" | "reflect" | "wrap";

/** The pixel of a row of `length` that stands for one outside it: OpenCV's `borderInterpolate`. */
export function borderIndex(index: number, length: number, mode: Exclude<BorderMode, "constant">): number {
  if (index >= 0 && index < length) return index;
  if (mode === "edge") return Math.min(Math.max(index, 0), length - 1);
  if (mode === "wrap") return ((index % length) + length) % length;
  if (length === 1) return 0;
  // "symmetric" repeats the edge pixel (abc|cba), "reflect" does not (abc|ba).
  const period = mode === "symmetric" ? 2 * length : 2 * length - 2;
  const place = ((index % period) + period) % period;
  return place < length ? place : mode === "symmetric" ? period - 1 - place : period - place;
}
