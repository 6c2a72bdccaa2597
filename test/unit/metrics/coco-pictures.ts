/** Boxes of a fixture, which are in COCO's form, as an evaluation by pictures takes them. */
import type { Detections } from "../../../src/kernel-lib/structures/detections.js";
import type { PictureTruth } from "../../../src/kernel-lib/metrics/detection-evaluation.js";

export interface CocoCase {
  name: string;
  groundTruth: {
    images: { id: number }[];
    categories: { id: number; name: string }[];
    annotations: {
      image_id: number;
      category_id: number;
      bbox: number[];
      area: number;
      iscrowd: number;
      difficult: number;
    }[];
  };
  detections: { image_id: number; category_id: number; bbox: number[]; score: number }[];
}

/** By picture, in the order of rising ids where told, else in the fixture's. */
export function byPicture({ groundTruth, detections }: CocoCase, sorted = false) {
  const ids = groundTruth.images.map(({ id }) => id);
  if (sorted) ids.sort((a, b) => a - b);
  const classes = new Map(groundTruth.categories.map(({ id }, i) => [id, i]));
  const index = (id: number) => classes.get(id) ?? -1;
  const corners = (boxes: { bbox: number[] }[]) =>
    boxes.flatMap(({ bbox: [x = NaN, y = NaN, w = NaN, h = NaN] }) => [x, y, x + w, y + h]);
  return {
    labels: groundTruth.categories.map(({ name }) => name),
    truth: ids.map((picture): PictureTruth => {
      const own = groundTruth.annotations.filter(({ image_id }) => image_id === picture);
      return {
        boxes: Float32Array.from(corners(own)),
        classes: own.map(({ category_id }) => index(category_id)),
        difficult: own.map(({ difficult }) => difficult),
        crowd: own.map(({ iscrowd }) => iscrowd),
      };
    }),
    detections: ids.map((picture): Detections => {
      const own = detections.filter(({ image_id }) => image_id === picture);
      return {
        boxes: Float32Array.from(corners(own)),
        scores: Float32Array.from(own, ({ score }) => score),
        classes: Int32Array.from(own, ({ category_id }) => index(category_id)),
      };
    }),
  };
}
