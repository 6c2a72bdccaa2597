/** What every format with boxes comes down to: pictures, each with the boxes that a file gives it. */
import type { ObjectBox } from "../../structures/object-box.js";
import type { PictureFlag } from "../annotated-image.js";
import type { DatasetProblem } from "../dataset-problem.js";
import type { ImageFacts } from "../image-facts.js";
import { loadImages, type LoadOptions } from "../load-images.js";
import type { PictureCheck } from "../picture-check.js";
import { exifOrientation } from "../picture-file.js";
import type { PictureIndex } from "../picture-index.js";
import { checkBoxes } from "./box-check.js";
import { uprightBox } from "./upright-boxes.js";

/** A picture's path with what an annotation file says of it. */
export interface BoxedPicture {
  readonly path: string;
  /** The annotation file, for messages; undefined where there is none for this picture. */
  readonly source: string | undefined;
  /** What that file says about the picture's size. */
  readonly size?: PictureSize | undefined;
  /** In pixels; or, where a file gives shares of the picture, what they are once its size is known. */
  readonly boxes: readonly ObjectBox[] | ((size: PictureSize) => { boxes: ObjectBox[]; problems: string[] });
  readonly flag?: PictureFlag | null;
  readonly note?: string;
}

interface PictureSize {
  width: number;
  height: number;
}

export interface LoadedPicture {
  readonly facts: ImageFacts;
  readonly boxes: readonly ObjectBox[];
  /** Whether there is an annotation file for it, if one without objects. */
  readonly isAnnotated: boolean;
  readonly flag: PictureFlag | null;
  readonly note: string;
}

/** Pictures that can be read, with the boxes that can be used; what can't is a problem. */
export async function loadBoxedPictures(
  pictures: readonly BoxedPicture[],
  options: LoadOptions & { labels?: readonly string[] },
  index?: PictureIndex,
): Promise<{ loaded: LoadedPicture[]; problems: DatasetProblem[]; check: PictureCheck | undefined }> {
  const { facts, problems, check } = await loadImages(
    pictures.map(({ path }) => path),
    options,
    index,
  );
  const loaded: LoadedPicture[] = [];
  const found: DatasetProblem[] = [...problems];
  for (const [at, picture] of pictures.entries()) {
    const fact = facts[at];
    if (!fact) continue;
    // Headers that nobody has read yet are read here; others get their turn in between.
    if (at % 256 === 255) await new Promise((resolve) => setImmediate(resolve));
    // The check will say what is wrong with it; as long as it has no size, nothing can be said about its boxes.
    if (fact.width === 0) continue;
    const path = picture.source ?? picture.path;
    const given = typeof picture.boxes === "function" ? picture.boxes(fact) : { boxes: picture.boxes, problems: [] };
    found.push(...given.problems.map((reason) => ({ path, reason })));
    const boxes = await placedBoxes(picture.size, given.boxes, fact);
    if (typeof boxes === "string") {
      found.push({ path, reason: boxes });
      continue;
    }
    const checked = checkBoxes(boxes, fact, options.labels);
    found.push(...checked.notes.map((reason) => ({ path, reason })));
    const { flag = null, note = "" } = picture;
    loaded.push({ facts: fact, boxes: checked.boxes, isAnnotated: picture.source !== undefined, flag, note });
  }
  return { loaded, problems: found, check };
}

/** The boxes in the picture as it is displayed, or why they can't be its. */
async function placedBoxes(
  size: PictureSize | undefined,
  boxes: readonly ObjectBox[],
  facts: ImageFacts,
): Promise<readonly ObjectBox[] | string> {
  if (!size || (size.width === facts.width && size.height === facts.height)) return boxes;
  const isTurned = size.width === facts.height && size.height === facts.width;
  const orientation = isTurned ? await exifOrientation(facts.storagePath) : 1;
  if (orientation >= 5) return boxes.map((box) => uprightBox(box, size, orientation));
  return (
    `it is about a picture of ${size.width} × ${size.height} pixels, ` +
    `but ${facts.name} has ${facts.width} × ${facts.height}; both were left out`
  );
}
