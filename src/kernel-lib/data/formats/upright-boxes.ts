/** Boxes that were drawn on a picture as it is stored, moved to where things are when it is shown upright. */
import type { ObjectBox } from "../../structures/object-box.js";

/** Where EXIF's orientations 1 to 8 put the stored point (x, y) of a picture of w × h pixels. */
const PLACES: readonly ((x: number, y: number, w: number, h: number) => [number, number])[] = [
  (x, y) => [x, y],
  (x, y, w) => [w - x, y],
  (x, y, w, h) => [w - x, h - y],
  (x, y, _, h) => [x, h - y],
  (x, y) => [y, x],
  (x, y, _, h) => [h - y, x],
  (x, y, w, h) => [h - y, w - x],
  (x, y, w) => [y, w - x],
];

/** @param stored the picture's size as stored, before it is turned */
export function uprightBox(box: ObjectBox, stored: { width: number; height: number }, orientation: number): ObjectBox {
  const place = PLACES[orientation - 1] ?? PLACES[0];
  if (!place) return box;
  const [x1, y1] = place(box.xmin, box.ymin, stored.width, stored.height);
  const [x2, y2] = place(box.xmax, box.ymax, stored.width, stored.height);
  return { ...box, xmin: Math.min(x1, x2), ymin: Math.min(y1, y2), xmax: Math.max(x1, x2), ymax: Math.max(y1, y2) };
}
