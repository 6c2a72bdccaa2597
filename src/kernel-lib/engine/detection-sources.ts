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

/** What `score` takes as a picture: a file, its bytes, pixels, or a picture of a data set. */
export type DetectorPicture = string | Uint8Array | ImageData8 | { readonly storagePath: string };

/** The file of a picture of a data set, and everything else as it is. @throws InvalidOption for what is no picture, MissingFile for an address */
export function pictureSource(image: DetectorPicture): string | Uint8Array | ImageData8 {
  // Callers in plain JavaScript pass anything.
  const given: unknown = image;
  const source = typeof given === "object" && given !== null && "storagePath" in given ? given.storagePath : given;
  if (typeof source === "string" && /^https?:\/\//i.test(source)) {
    const reason = "it is an address, and only files are read here; a deployment's scoreImage fetches addresses";
    throw new VitrineError("MissingFile", { path: source, what: "a picture", reason });
  }
  if (typeof source === "string" || source instanceof Uint8Array) return source;
  if (typeof source === "object" && source !== null && "channels" in source)
    return imageOption("image", source as ImageData8);
  const hasImages = typeof source === "object" && source !== null && "images" in source;
  const expected = "a picture: a path, bytes, pixels { data, width, height, channels } or a picture of a data set";
  const received = hasImages ? "a data set; give its images" : quote(source);
  throw new VitrineError("InvalidOption", { option: "image", expected, received });
}

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

async function detectorPicture(given: DetectorPicture): Promise<DetectorSource> {
  const image = pictureSource(given);
  if (typeof image !== "string" && !(image instanceof Uint8Array)) {
    if (image.channels === 3) return { picture: image, width: image.width, height: image.height };
    const expected = "a picture of 3 channels";
    throw new VitrineError("InvalidOption", { option: "image", expected, received: quote(image.channels) });
  }
  const { width, height } = await readPicture(image);
  return { picture: typeof image === "string" ? image : await decodeImage(image), width, height };
}
