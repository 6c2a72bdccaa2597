/** Where the XML files of a data set are, and how changed boxes get into them. */
import { join, parse } from "node:path";
import { writeFileAtomic } from "./atomic-file.js";
import type { VocOrigin } from "./formats/voc-annotation.js";
import { writeVoc } from "./formats/voc-writer.js";
import type { ObjectDetectionImage } from "./object-detection-image.js";

export interface VocHome {
  /** The folder of XML files. */
  readonly annotations: string;
  /** The pictures' folder by its own name. */
  readonly folder: string;
  readonly origin: VocOrigin;
  /** By the path of the picture. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Each file whole or not at all; a picture without one gets one. @throws `CannotWrite` */
export async function writeVocFiles(home: VocHome, images: readonly ObjectDetectionImage[]): Promise<void> {
  for (const { name, storagePath, width, height, boxes } of images) {
    const path = home.sources.get(storagePath) ?? join(home.annotations, `${parse(name).name}.xml`);
    const text = writeVoc({ file: name, size: { width, height }, boxes }, home.folder, home.origin);
    await writeFileAtomic(path, text, "an annotation");
  }
}
