/** Large pictures in parts: a network sees small things only where they are not scaled away. */
import { batchedNms } from "../ops/nms.js";
import { pickBoxes } from "../ops/box-overlap.js";
import type { Detections } from "../structures/detections.js";
import type { ImageData8 } from "../structures/image.js";
import type { TileSettings } from "./detection-messages.js";

export interface Tile {
  left: number;
  top: number;
  image: ImageData8;
}

/** Tiles of one size that cover the picture, as evenly as can be; the picture itself where it is no larger than a tile. */
export function tilesOf(image: ImageData8, { size, overlap }: TileSettings): Tile[] {
  const columns = starts(image.width, size, overlap);
  const rows = starts(image.height, size, overlap);
  const [width, height] = [Math.min(size, image.width), Math.min(size, image.height)];
  return rows.flatMap((top) => columns.map((left) => ({ left, top, image: part(image, left, top, width, height) })));
}

/** What was found in the tiles, in the picture's pixels; what two tiles found is one object. */
export function joinTiles(
  tiles: readonly Pick<Tile, "left" | "top">[],
  found: readonly Detections[],
  { nms, most }: { nms: number; most: number },
): Detections {
  const boxes = found.flatMap((detections, i) => {
    const { left = 0, top = 0 } = tiles[i] ?? {};
    return [...detections.boxes].map((value, side) => value + (side % 2 === 0 ? left : top));
  });
  const all = Float32Array.from(boxes);
  const scores = Float32Array.from(found.flatMap((detections) => [...detections.scores]));
  const classes = Int32Array.from(found.flatMap((detections) => [...detections.classes]));
  const best = batchedNms(all, scores, classes, nms).subarray(0, most);
  return {
    boxes: pickBoxes(all, best),
    scores: Float32Array.from(best, (place) => scores[place] ?? 0),
    classes: best.map((place) => classes[place] ?? 0),
  };
}

function starts(length: number, size: number, overlap: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - size) / (size * (1 - overlap))) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - size)) / (count - 1)));
}

function part(image: ImageData8, left: number, top: number, width: number, height: number): ImageData8 {
  if (width === image.width && height === image.height) return image;
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * image.width + left) * channels;
    data.set(image.data.subarray(start, start + width * channels), row * width * channels);
  }
  return { data, width, height, channels };
}
