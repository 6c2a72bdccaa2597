/** What every format with boxes comes down to: pictures, each with the boxes that a file gives it. */
import type { ObjectBox } from "../../structures/object-box.js";
import type { PictureFlag } from "../annotated-image.js";
import type { DatasetProblem } from "../dataset-problem.js";
import type { ImageFacts } from "../image-facts.js";
import { loadImages, type LoadOptions } from "../load-images.js";
import type { PictureCheck } from "../picture-check.js";
import { readPictureHeader } from "../picture-header.js";
import type { PictureIndex } from "../picture-index.js";
import { UncheckedFacts } from "../unchecked-facts.js";
import type { ReadBoxes } from "../unread-boxes.js";
import { checkBoxes } from "./box-check.js";
import type { CocoOutline } from "./coco-outline.js";
import { uprightBox } from "./upright-boxes.js";

/** What an annotation file says of a picture. */
export interface SaidBoxes {
  /** The picture's size. */
  readonly size?: PictureSize | undefined;
  /** In pixels; or, where a file gives shares of the picture, what they are once its size is known. */
  readonly boxes: readonly ObjectBox[] | ((size: PictureSize) => { boxes: ObjectBox[]; problems: string[] });
  /** What is wrong with some of it. */
  readonly problems: readonly string[];
  /** Why the file says nothing. */
  readonly unreadable?: string;
}

/** Where no file says anything. */
export const UNSAID: SaidBoxes = { boxes: [], problems: [] };

/** A picture's path with what an annotation file says of it. */
export interface BoxedPicture {
  readonly path: string;
  /** The annotation file, for messages; undefined where there is none for this picture. */
  readonly source: string | undefined;
  /** What that file says; or how to read it, where nobody has yet. */
  readonly said: SaidBoxes | (() => SaidBoxes);
  readonly flag?: PictureFlag | null;
  readonly note?: string;
  readonly outlines?: readonly CocoOutline[] | undefined;
}

interface PictureSize {
  width: number;
  height: number;
}

/** Pictures that can be read, each with its facts. */
export interface LoadedPictures {
  readonly loaded: readonly { readonly picture: BoxedPicture; readonly facts: ImageFacts }[];
  readonly problems: readonly DatasetProblem[];
  readonly check: PictureCheck | undefined;
}

export async function loadBoxedPictures(
  pictures: readonly BoxedPicture[],
  options: LoadOptions,
  index: PictureIndex,
): Promise<LoadedPictures> {
  const paths = pictures.map(({ path }) => path);
  const { facts, problems, check } = await loadImages(paths, options, index);
  const loaded: { picture: BoxedPicture; facts: ImageFacts }[] = [];
  for (const [at, picture] of pictures.entries()) {
    const own = facts[at];
    if (own) loaded.push({ picture, facts: own });
  }
  return { loaded, problems, check };
}

/** Reads the boxes that can be used; what can't is told to `report`. */
export class BoxReader {
  private readonly known: ReadonlySet<string> | undefined;
  private readonly report: (problem: DatasetProblem) => void;
  /** Each label once: as a part of a file's text it would keep the whole text in memory. */
  private readonly labels = new Map<string, string>();

  constructor(labels: readonly string[] | undefined, report: (problem: DatasetProblem) => void) {
    this.known = labels && new Set(labels);
    this.report = report;
  }

  /** Undefined as long as the picture has no size: who decodes it says what is wrong. */
  read(picture: BoxedPicture, facts: ImageFacts): ReadBoxes | undefined {
    if (facts.width === 0) return facts instanceof UncheckedFacts && !facts.isChecked ? undefined : { boxes: [] };
    const path = picture.source ?? picture.path;
    const tell = (reasons: readonly string[]) => reasons.forEach((reason) => this.report({ path, reason }));
    const said = typeof picture.said === "function" ? picture.said() : picture.said;
    if (said.unreadable !== undefined) {
      tell([said.unreadable]);
      return { boxes: [], unreadable: said.unreadable };
    }
    const given = typeof said.boxes === "function" ? said.boxes(facts) : { boxes: said.boxes, problems: [] };
    tell(said.problems);
    tell(given.problems);
    const placed = placedBoxes(said.size, given.boxes, facts);
    if (typeof placed === "string") {
      tell([placed]);
      return { boxes: [], fault: placed };
    }
    const { boxes, notes } = checkBoxes(placed, facts, this.known);
    tell(notes);
    return { boxes: Object.freeze(boxes.map((box) => Object.freeze(this.own(box)))) };
  }

  private own(box: ObjectBox): ObjectBox {
    const label = this.labels.get(box.label);
    if (label === undefined) this.labels.set(box.label, box.label);
    return label === undefined || Object.is(label, box.label) ? box : { ...box, label };
  }
}

/** The boxes in the picture as it is displayed, or why they can't be its. */
function placedBoxes(
  size: PictureSize | undefined,
  boxes: readonly ObjectBox[],
  facts: ImageFacts,
): readonly ObjectBox[] | string {
  if (!size || (size.width === facts.width && size.height === facts.height)) return boxes;
  const isTurned = size.width === facts.height && size.height === facts.width;
  const orientation = isTurned ? (readPictureHeader(facts.storagePath)?.orientation ?? 1) : 1;
  if (orientation >= 5) return boxes.map((box) => uprightBox(box, size, orientation));
  return (
    `it is about a picture of ${size.width} × ${size.height} pixels, ` +
    `but ${facts.name} has ${facts.width} × ${facts.height}; both were left out`
  );
}
