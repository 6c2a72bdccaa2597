/** A picture of a data set as the browser's side knows it. */
import type { ClassificationImage } from "../data/classification-image.js";
import type { PictureRow } from "../protocol/index.js";

export function describePicture(id: number, image: ClassificationImage): PictureRow {
  const { name, storagePath: path, storageId, width, height } = image;
  return { id, name, path, storageId, width, height };
}

/** Whether two pictures have the same labels, in whatever order. */
export function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}

/** Labels as a sentence has them. */
export function labelText(labels: readonly string[]): string {
  return labels.length === 0 ? "no label" : labels.join(", ");
}
