/** Flags and notes of pictures, whatever else is said about them. */
import {
  MARK_FILTERS,
  PICTURE_FLAGS,
  type FlagCounts,
  type MarkCommand,
  type MarkFilter,
  type PictureFlagName,
} from "../protocol/index.js";

export interface MarkedImage {
  readonly name: string;
  readonly storageId: string;
  readonly storagePath: string;
  readonly width: number;
  readonly height: number;
  readonly flag: PictureFlagName | null;
  readonly note: string;
}

export interface MarkedDataset {
  readonly images: readonly MarkedImage[];
  flagImages(images: readonly number[], flag: PictureFlagName | null): void;
  noteImage(image: number, text: string): void;
}

/** Sets a flag on pictures, or takes it away where all have it; or writes a note. */
export function obeyMark(dataset: MarkedDataset, command: MarkCommand, chosen: readonly number[]): void {
  if (command.type === "note") {
    if (dataset.images[command.id]) dataset.noteImage(command.id, command.text.trim());
    return;
  }
  const { flag } = command;
  const ids = (command.id === undefined ? chosen : [command.id]).filter((id) => dataset.images[id]);
  if (!PICTURE_FLAGS.includes(flag) || ids.length === 0) return;
  const all = ids.every((id) => dataset.images[id]?.flag === flag);
  dataset.flagImages(ids, all ? null : flag);
}

export function passesMark(image: MarkedImage, filter: MarkFilter | null): boolean {
  if (filter === null) return true;
  if (filter === "noted") return image.note !== "";
  return filter === "flagged" ? image.flag !== null : image.flag === filter;
}

export const markFilterOf = (filter: unknown): MarkFilter | null =>
  MARK_FILTERS.find((known) => known === filter) ?? null;

/** How many pictures have each flag, kept up to date change by change. */
export class FlagTally {
  private readonly counts: { [flag in PictureFlagName]: number } = { unsure: 0, skip: 0 };

  constructor(images: Iterable<MarkedImage | undefined>) {
    for (const image of images) this.add(image?.flag ?? null, 1);
  }

  get now(): FlagCounts {
    return { ...this.counts };
  }

  change(before: unknown, after: unknown): void {
    this.add(before, -1);
    this.add(after, 1);
  }

  private add(flag: unknown, by: number): void {
    const known = PICTURE_FLAGS.find((one) => one === flag);
    if (known) this.counts[known] += by;
  }
}

/** What a change of a flag or a note was, as a sentence; undefined for a change of something else. */
export function describeMark(change: { image: { name: string }; field: string; after: unknown }): string | undefined {
  const { image, field, after } = change;
  if (field === "flag") return `${image.name}: ${typeof after === "string" ? after : "no flag"}`;
  if (field === "note") return `${image.name}: ${after === "" ? "note removed" : "note written"}`;
  return undefined;
}
