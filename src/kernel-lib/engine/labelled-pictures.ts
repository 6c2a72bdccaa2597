/** Data sets as the worker takes them: paths, and the numbers of classes. */
import { quote, VitrineError } from "../structures/errors.js";
import { textOption } from "../structures/options.js";
import type { LabelledPictures, PictureReference } from "./messages.js";

/** What a model needs of a data set; a `ClassificationDataset` is one. */
export interface PictureSet {
  readonly name?: string;
  readonly images: readonly {
    readonly name?: string;
    /** The file. */
    readonly storagePath: string;
    readonly labels: readonly string[];
  }[];
}

/** The path of a picture, or a data set's picture. */
export type OnePicture = string | { readonly storagePath: string };

/** What a model can look at: a data set, a picture, or pictures. */
export type Pictures = PictureSet | OnePicture | readonly OnePicture[];

/** Pictures as a data set without labels. @throws InvalidOption where a path is none */
export function pictureSet(pictures: Pictures): PictureSet {
  if (isSet(pictures)) return pictures;
  const list: readonly OnePicture[] = isList(pictures) ? pictures : [pictures];
  const option = (index: number) => (list.length === 1 ? "dataset" : `dataset[${index}]`);
  return { images: list.map((one, index) => ({ storagePath: textOption(option(index), pathOf(one)), labels: [] })) };
}

const isList = (pictures: OnePicture | readonly OnePicture[]): pictures is readonly OnePicture[] =>
  Array.isArray(pictures);

/** Whatever is no picture either is refused as no data set. */
const isSet = (pictures: Pictures): pictures is PictureSet =>
  typeof pictures !== "string" && !Array.isArray(pictures) && !("storagePath" in Object(pictures));

const pathOf = (one: OnePicture): unknown => (typeof one === "object" && "storagePath" in one ? one.storagePath : one);

/** @throws InvalidOption where it is no data set */
export function pictureReferences(option: string, dataset: PictureSet): PictureReference[] {
  // Callers in plain JavaScript pass anything.
  const images: unknown = (dataset as Partial<PictureSet> | null | undefined)?.images;
  if (!Array.isArray(images)) {
    const expected = "a data set with images";
    throw new VitrineError("InvalidOption", { option, expected, received: quote(typeof dataset) });
  }
  return (images as PictureSet["images"]).map(({ storagePath }) => ({ path: storagePath }));
}

/** @throws InvalidDataset, UnknownLabel */
export function labelledPictures(option: string, dataset: PictureSet, labels: readonly string[]): LabelledPictures {
  const pictures = pictureReferences(option, dataset);
  if (pictures.length === 0) throw invalid(dataset, option, "it has no pictures");
  const numbers = new Map(labels.map((label, index) => [label, index]));
  const classes = dataset.images.map((image) => {
    if (image.labels.length === 0) {
      throw invalid(dataset, option, `${image.name ?? image.storagePath} has no label: give it one, or leave it out`);
    }
    return image.labels.map((label) => {
      const index = numbers.get(label);
      if (index === undefined) {
        const where = `${image.name ?? image.storagePath} in ${dataset.name ?? option}`;
        throw new VitrineError("UnknownLabel", { label, labels, where });
      }
      return index;
    });
  });
  return { pictures, classes };
}

/** Pictures to learn from: two at least, and some of every class. */
export function trainingPictures(dataset: PictureSet, labels: readonly string[]): LabelledPictures {
  const set = labelledPictures("dataset", dataset, labels);
  if (set.pictures.length < 2) throw invalid(dataset, "dataset", "one picture is not enough to learn from");
  const missing = labels.filter((_, index) => !set.classes.some((own) => own.includes(index)));
  if (missing.length > 0) {
    const [which, them] = missing.length === 1 ? ["the label", "it"] : ["one of the labels", "them"];
    const names = missing.map(quote).join(", ");
    const reason = `no picture has ${which} ${names}: add some, or give the model its labels without ${them}`;
    throw invalid(dataset, "dataset", reason);
  }
  return set;
}

const invalid = (dataset: PictureSet, option: string, reason: string) =>
  new VitrineError("InvalidDataset", { path: dataset.name ?? option, reason });
