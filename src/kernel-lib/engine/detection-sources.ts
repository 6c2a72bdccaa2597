/** What a detector is asked to look at: the files of a data set, or pictures as files, bytes or pixels. */
import { decodeImage } from "../data/decode.js";
import { readPicture } from "../data/picture-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";

/** A data set whose pictures are files. */
export interface StoredPictures {
  readonly name?: string;
  readonly images: readonly { readonly storagePath?: string }[];
}

/** What `score` takes as a picture. */
export type DetectorPicture = string | Uint8Array | ImageData8;

/** @throws InvalidOption where it is no data set, InvalidDataset where one of its pictures is no file */
export function storedPaths(dataset: StoredPictures): string[] {
  // Callers in plain JavaScript pass anything.
  const images: unknown = (dataset as Partial<StoredPictures> | null | undefined)?.images;
  if (!Array.isArray(images)) {
    const expected = "a data set with images";
    throw new VitrineError("InvalidOption", { option: "dataset", expected, received: quote(typeof dataset) });
  }
  return dataset.images.map(({ storagePath }, index) => {
    if (storagePath !== undefined) return storagePath;
    const reason = `picture ${index} is no file: score(…) takes pixels too`;
    throw new VitrineError("InvalidDataset", { path: dataset.name ?? "dataset", reason });
  });
}

/** A picture as the engine takes it, and its size in pixels as displayed. */
interface DetectorSource {
  picture: string | ImageData8;
  width: number;
  height: number;
}

/** Files that are read at once: a list may have more than a process may open, or than fit into memory. */
const AT_ONCE = 8;

/** @throws MissingFile, InvalidImage, InvalidOption */
export async function detectorPictures(images: readonly DetectorPicture[]): Promise<DetectorSource[]> {
  const sources: DetectorSource[] = [];
  for (let from = 0; from < images.length; from += AT_ONCE) {
    sources.push(...(await Promise.all(images.slice(from, from + AT_ONCE).map(detectorPicture))));
  }
  return sources;
}

async function detectorPicture(image: DetectorPicture): Promise<DetectorSource> {
  if (typeof image !== "string" && !(image instanceof Uint8Array)) {
    const checked = imageOption("image", image);
    if (checked.channels === 3) return { picture: checked, width: checked.width, height: checked.height };
    const expected = "a picture of 3 channels";
    throw new VitrineError("InvalidOption", { option: "image", expected, received: quote(checked.channels) });
  }
  const { width, height } = await readPicture(image);
  return { picture: typeof image === "string" ? image : await decodeImage(image), width, height };
}
