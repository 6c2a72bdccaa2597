/** A picture of a data set as the browser's side knows it. */
import type { ClassificationDataset } from "../data/classification-dataset.js";
import type { Attribution } from "../data/search/attribution.js";
import type { PictureCredit, PictureRow } from "../protocol/index.js";

export function describePicture(
  id: number,
  image: Omit<PictureRow, "id" | "path" | "credit"> & { storagePath: string; attribution?: Attribution | undefined },
): PictureRow {
  const { name, storagePath: path, storageId, width, height, attribution } = image;
  return { id, name, path, storageId, width, height, ...(attribution && { credit: creditOf(attribution) }) };
}

function creditOf({ title = "", author = "", licence = "", licenceUrl = "", page, url }: Attribution): PictureCredit {
  return { title, author, licence, licenceUrl: webAddress(licenceUrl), page: webAddress(page ?? url) };
}

/** Addresses come from strangers: nobody follows one that runs something. */
const webAddress = (text: string): string => (/^https?:\/\//i.test(text) ? text : "");

/** Whether two pictures have the same labels, in whatever order. */
export function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}

/** Labels as a sentence has them. */
export function labelText(labels: readonly string[]): string {
  return labels.length === 0 ? "no label" : labels.join(", ");
}

/** Replaces a picture's labels; the sentence to say where they are what they were, so that no change is reported. */
export function relabelled(dataset: ClassificationDataset, id: number, labels: readonly string[]): string | undefined {
  const image = dataset.images[id];
  if (!image) return undefined;
  if (sameLabels(image.labels, labels)) return `${image.name}: ${labelText(labels)} already`;
  dataset.changeLabelForImage(image, labels);
  return undefined;
}
