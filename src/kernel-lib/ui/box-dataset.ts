/** What the box tool needs of a data set: `ObjectDetectionDataset` has it. */
import type { ObjectBox } from "../structures/object-box.js";
import type { GalleryDataset, PictureChange } from "./gallery-widget.js";
import type { MarkedImage, MarkedDataset } from "./marks.js";

export interface BoxImage extends MarkedImage {
  /** Whether its boxes are known; who asks for them gets them read. */
  readonly isRead: boolean;
  /** Why it can't be used, where that was found out after the data set was opened. */
  readonly problem: string | undefined;
  readonly boxes: readonly ObjectBox[];
  /** What a detector saw and a person would not have. */
  readonly rejectedBoxes: readonly ObjectBox[];
}

/** A change of a picture: of its boxes, of its flag, of its note. */
export interface BoxChange extends PictureChange {
  readonly image: BoxImage;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface BoxDataset extends GalleryDataset<PictureChange>, MarkedDataset {
  readonly name: string;
  readonly images: readonly BoxImage[];
  readonly labels: readonly string[];
  /** Those that are known before every annotation file was read. */
  readonly labelsSoFar: readonly string[];
  /** Annotation files that nobody has read yet. */
  readonly unread: number;
  readonly problems: readonly { path: string; reason: string }[];
  /** Pictures of which nobody knows yet whether they can be decoded. */
  readonly unchecked: number;
  readonly sharedWith: readonly object[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  changeBoxesForImage(image: number, boxes: readonly ObjectBox[]): void;
  changeBoxesOf(changes: ReadonlyMap<number, readonly ObjectBox[]>): void;
  rejectBox(image: number, box: ObjectBox): void;
  addLabel(label: string): void;
  refresh(): unknown;
}
