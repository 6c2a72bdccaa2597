/** A picture with what lies on it drawn in. */
import type { ImageData8 } from "../structures/image.js";
import { inColors } from "./color-spaces.js";
import type { Keypoint, Subject } from "./subject.js";

const BOX = [60, 200, 90] as const;
const OUTLINE = [250, 190, 60] as const;
const POINT = [230, 60, 60] as const;

export function markedPicture({
  image,
  boxes = [],
  keypoints = [],
  polygons = [],
  lineStrings = [],
}: Subject): ImageData8 {
  const result = image.channels === 1 ? inColors(image) : { ...image, data: image.data.slice() };
  for (const { x1, y1, x2, y2 } of boxes) {
    const corners = [
      { x: x1, y: y1 },
      { x: x2, y: y1 },
      { x: x2, y: y2 },
      { x: x1, y: y2 },
      { x: x1, y: y1 },
    ];
    drawLine(result, corners, BOX);
  }
  for (const { points } of polygons) drawLine(result, [...points, ...points.slice(0, 1)], OUTLINE);
  for (const { points } of lineStrings) drawLine(result, points, OUTLINE);
  for (const { x, y } of keypoints) {
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const)
      setPixel(result, x + dx, y + dy, POINT);
  }
  return result;
}

function drawLine(image: ImageData8, points: readonly Keypoint[], color: readonly number[]): void {
  points.slice(1).forEach((end, i) => {
    const start = points[i] ?? end;
    // What lies far outside takes no steps of its own.
    const steps = Math.min(Math.ceil(Math.max(Math.abs(end.x - start.x), Math.abs(end.y - start.y), 1)), 20_000);
    for (let step = 0; step <= steps; step++) {
      const share = step / steps;
      setPixel(image, start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share, color);
    }
  });
}

function setPixel({ data, width, height, channels }: ImageData8, x: number, y: number, color: readonly number[]): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return;
  const at = (row * width + column) * channels;
  color.forEach((level, c) => (data[at + c] = level));
  if (channels === 4) data[at + 3] = 255;
}
