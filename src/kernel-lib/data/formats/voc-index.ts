/**
 * XML files that are read when somebody asks for what they say; and what they said is kept in a folder's index, so that a hundred thousand
 * of them are not read again.
 */
import type { ObjectBox } from "../../structures/object-box.js";
import type { Context } from "../../structures/context.js";
import { FileIndex, stampOf } from "../file-index.js";
import { VOC_READER_VERSION, type VocAnnotation, type VocOrigin } from "./voc-annotation.js";
import { readVocFile } from "./voc-file.js";

const KIND = {
  file: "annotations.jsonl",
  head: { vitrine: "annotations", version: VOC_READER_VERSION },
  what: "the index of the annotations",
};

/** What a line says after the stamp: by which origin the file was read; then why it can't be read, or what it says. */
type NotedFile = readonly [origin: number, refusal: string];
type NotedAnnotation = readonly [
  origin: number,
  filename: string,
  width: number,
  height: number,
  boxes: readonly NotedBox[],
  problems: readonly string[],
];
type NotedBox = readonly [label: string, xmin: number, ymin: number, xmax: number, ymax: number, flags: number];

const STAMP_FIELDS = 4;

/** Where a file is read by what stands in it. */
const BY_SOURCE = -1;

export class VocIndex {
  /** Whether it waits until the data set is there: to read a long one takes a third of a second. */
  isPutOff = false;
  private readonly open: () => FileIndex;
  private readonly origin: VocOrigin | undefined;
  private opened: FileIndex | undefined;

  constructor(root: string, context: Context | undefined, origin: VocOrigin | undefined) {
    this.open = () => FileIndex.openNow(root, context, KIND);
    this.origin = origin;
  }

  /** What the file says, or why it can't be read, where that is known of the file as it is now. */
  known(path: string): VocAnnotation | string | undefined {
    const { files } = this;
    if (files?.has(path) !== true) return undefined;
    const stamp = stampOf(path);
    const entry = stamp?.isFile === true ? files.look(path, stamp) : undefined;
    return entry && saidBy(entry.slice(STAMP_FIELDS), this.origin ?? BY_SOURCE);
  }

  /** Reads the file, and keeps what it says. */
  read(path: string): VocAnnotation | string {
    const { said, stamp } = readVocFile(path, this.origin);
    if (stamp) this.files?.note(path, stamp, notedOf(said, this.origin ?? BY_SOURCE));
    return said;
  }

  async save(): Promise<void> {
    await this.opened?.save();
  }

  private get files(): FileIndex | undefined {
    return this.isPutOff ? undefined : (this.opened ??= this.open());
  }
}

function notedOf(said: VocAnnotation | string, origin: number): NotedFile | NotedAnnotation {
  if (typeof said === "string") return [origin, said];
  const { filename, size, boxes, problems } = said;
  return [origin, filename, size?.width ?? 0, size?.height ?? 0, boxes.map(notedBox), problems];
}

const notedBox = ({ label, xmin, ymin, xmax, ymax, ...flags }: ObjectBox): NotedBox => {
  const { difficult, truncated, occluded, crowd = false } = flags;
  const bits = Number(difficult) + 2 * Number(truncated) + 4 * Number(occluded) + 8 * Number(crowd);
  return [label, xmin, ymin, xmax, ymax, bits];
};

/** The file is for everybody to write: undefined where it can't be what was noted, or the file was read by another origin. */
function saidBy(found: readonly unknown[], origin: number): VocAnnotation | string | undefined {
  if (found[0] !== origin) return undefined;
  if (found.length === 2) return typeof found[1] === "string" ? found[1] : undefined;
  const [, filename, width, height, boxes, problems] = found as Partial<NotedAnnotation>;
  if (typeof filename !== "string" || !isSide(width) || !isSide(height)) return undefined;
  if (!Array.isArray(problems) || !problems.every((problem) => typeof problem === "string")) return undefined;
  if (!Array.isArray(boxes) || !boxes.every(isBox)) return undefined;
  const size = width > 0 && height > 0 ? { width, height } : undefined;
  return { filename, size, boxes: boxes.map(boxOf), problems };
}

const isSide = (value: unknown): value is number => typeof value === "number" && value >= 0;

function isBox(value: unknown): value is NotedBox {
  if (!Array.isArray(value) || value.length !== 6 || typeof value[0] !== "string") return false;
  for (let i = 1; i < 6; i++) if (typeof value[i] !== "number") return false;
  return true;
}

const boxOf = ([label, xmin, ymin, xmax, ymax, flags]: NotedBox): ObjectBox => {
  return {
    label,
    xmin,
    ymin,
    xmax,
    ymax,
    difficult: (flags & 1) !== 0,
    truncated: (flags & 2) !== 0,
    occluded: (flags & 4) !== 0,
    ...((flags & 8) !== 0 && { crowd: true }),
  };
};
