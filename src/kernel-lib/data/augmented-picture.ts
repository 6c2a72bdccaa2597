/**
 * A data set's picture through an augmenter, with the boxes on it.
 *
 * The rule for boxes: one that crosses the edge is cut there and counts as truncated; one of which less than a quarter of the area
 * is left, or less than a pixel across or down, is dropped.
 */
import type { ImageData8 } from "../structures/image.js";
import type { ObjectBox } from "../structures/object-box.js";

/** What is left of a box at least, as a share of its area. */
export const LEAST_VISIBLE = 0.25;

interface MovedBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label?: string;
}

/** What is needed of an augmenter: the same seed gives the same picture. */
export interface PictureAugmenter {
  augment(
    subject: { image: ImageData8; boxes?: readonly MovedBox[] },
    options: { seed: string },
  ): { image: ImageData8; boxes?: readonly MovedBox[] };
  /** Many at once, on threads beside the calling one; each the same as `augment` makes of it with its seed. */
  augmentBatch?(
    subjects: readonly { image: ImageData8; boxes?: readonly MovedBox[] }[],
    options: { seeds: readonly string[]; signal?: AbortSignal | undefined },
  ): Promise<{ image: ImageData8; boxes?: readonly MovedBox[] }[]>;
}

/** A picture to augment, and the seed that decides what becomes of it. */
export interface PictureToAugment {
  image: ImageData8;
  boxes: readonly ObjectBox[];
  seed: string;
}

export interface AugmentedPicture {
  image: ImageData8;
  boxes: readonly ObjectBox[];
}

export function augmentedPicture(
  augmenter: PictureAugmenter,
  image: ImageData8,
  boxes: readonly ObjectBox[],
  seed: string,
): AugmentedPicture {
  return pictureWithBoxes(augmenter.augment(subjectOf({ image, boxes }), { seed }));
}

/** In their order; at once where the augmenter can. */
export async function augmentedPictures(
  augmenter: PictureAugmenter,
  pictures: readonly PictureToAugment[],
  signal?: AbortSignal,
): Promise<AugmentedPicture[]> {
  const seeds = pictures.map(({ seed }) => seed);
  const results = augmenter.augmentBatch
    ? await augmenter.augmentBatch(pictures.map(subjectOf), { seeds, ...(signal && { signal }) })
    : pictures.map((picture) => augmenter.augment(subjectOf(picture), { seed: picture.seed }));
  return results.map(pictureWithBoxes);
}

function subjectOf({ image, boxes }: Omit<PictureToAugment, "seed">) {
  if (boxes.length === 0) return { image };
  const given = boxes.map((object) => ({ x1: object.xmin, y1: object.ymin, x2: object.xmax, y2: object.ymax, object }));
  return { image, boxes: given };
}

function pictureWithBoxes({ image, boxes = [] }: ReturnType<PictureAugmenter["augment"]>): AugmentedPicture {
  // Augmenters keep the fields that they don't know.
  const moved = boxes as readonly (MovedBox & { object: ObjectBox })[];
  return { image, boxes: moved.flatMap((box) => keptBox(box, box.object, image)) };
}

function keptBox({ x1, y1, x2, y2 }: MovedBox, object: ObjectBox, { width, height }: ImageData8): ObjectBox[] {
  const within = (value: number, end: number) => Math.min(Math.max(value, 0), end);
  const [xmin, ymin, xmax, ymax] = [within(x1, width), within(y1, height), within(x2, width), within(y2, height)];
  const share = ((xmax - xmin) * (ymax - ymin)) / ((x2 - x1) * (y2 - y1));
  if (!(share >= LEAST_VISIBLE) || xmax - xmin < 1 || ymax - ymin < 1) return [];
  return [{ ...object, xmin, ymin, xmax, ymax, truncated: object.truncated || share < 1 - 1e-9 }];
}
