/** Data sets with boxes as the worker takes them: paths, boxes as flat numbers, the numbers of classes. */
import type { ObjectBox } from "../structures/object-box.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { BoxedPicture } from "./detection-messages.js";

/** What a detector needs of a data set to learn from it; an `ObjectDetectionDataset` is one. */
export interface BoxedSet {
  readonly name?: string;
  readonly images: readonly {
    readonly name?: string;
    /** The file. */
    readonly storagePath: string;
    readonly boxes: readonly ObjectBox[];
  }[];
}

/** @throws InvalidOption where it is no data set, InvalidDataset where there is nothing in it, UnknownLabel */
export function boxedPictures(option: string, dataset: BoxedSet, labels: readonly string[]): BoxedPicture[] {
  // Callers in plain JavaScript pass anything.
  const images: unknown = (dataset as Partial<BoxedSet> | null | undefined)?.images;
  if (
    !Array.isArray(images) ||
    images.some((image: Partial<BoxedSet["images"][number]>) => !Array.isArray(image.boxes))
  ) {
    const expected = "a data set with boxes";
    const received = Array.isArray(images) ? "one whose pictures have none" : quote(typeof dataset);
    throw new VitrineError("InvalidOption", { option, expected, received });
  }
  const path = dataset.name ?? option;
  if (images.length === 0) throw new VitrineError("InvalidDataset", { path, reason: "it has no pictures" });
  const places = new Map(labels.map((label, index) => [label, index]));
  return dataset.images.map(({ name, storagePath, boxes }) => ({
    path: storagePath,
    boxes: Float32Array.from(boxes.flatMap(({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax, ymax])),
    classes: Int32Array.from(boxes, ({ label }) => {
      const place = places.get(label);
      if (place !== undefined) return place;
      throw new VitrineError("UnknownLabel", { label, labels, where: `${name ?? storagePath} in ${path}` });
    }),
    difficult: boxes.map(({ difficult, crowd = false }) => difficult || crowd),
    crowd: boxes.map(({ crowd = false }) => crowd),
  }));
}

/** Pictures to learn from: there must be an object in one of them. @throws as `boxedPictures` */
export function learnablePictures(dataset: BoxedSet, labels: readonly string[]): BoxedPicture[] {
  const pictures = boxedPictures("dataset", dataset, labels);
  if (pictures.some(({ difficult }) => difficult.includes(false))) return pictures;
  const reason = "there is no object in its pictures to learn from";
  throw new VitrineError("InvalidDataset", { path: dataset.name ?? "dataset", reason });
}
