/** The lines of a journal of annotations: what they hold, and how they are read back. */
import { z } from "zod";
import type { AnnotationField, Annotations } from "./annotated-image.js";

/** A picture: its path within the data set's folder (or an absolute one), "/" between, and the hash of its content. */
export interface JournalImage {
  path: string;
  hash: string;
}

interface Signature {
  /** ISO 8601, UTC. */
  time: string;
  user: string;
  /** Who wrote it: one data set object of one process. */
  writer: string;
}

export type JournalChange<F extends AnnotationField = AnnotationField> = {
  [K in F]: { image: JournalImage; field: K; before: Annotations[K]; after: Annotations[K] };
}[F];

/** Changes that were made at once: all of them or none. */
export interface ChangeEntry extends Signature {
  cause: "set" | "undo" | "redo";
  changes: JournalChange[];
}

/** A label that was added, whether a picture has it yet or not. */
export interface NewLabelEntry extends Signature {
  cause: "addLabel";
  label: string;
}

/** The boxes of these pictures were written into their annotation files: from here on those have the word. */
export interface SavedEntry extends Signature {
  cause: "saved";
  images: JournalImage[];
}

export type JournalEntry = ChangeEntry | NewLabelEntry | SavedEntry;

const signature = { time: z.string(), user: z.string(), writer: z.string() };
const image = z.object({ path: z.string(), hash: z.string() });
const labels = z.array(z.string().min(1));
const flag = z.enum(["unsure", "skip"]).nullable();
const box = z.object({
  label: z.string().min(1),
  xmin: z.number(),
  ymin: z.number(),
  xmax: z.number(),
  ymax: z.number(),
  difficult: z.boolean(),
  truncated: z.boolean(),
  occluded: z.boolean(),
  crowd: z.boolean().optional(),
});
const boxes = z.array(box);
const changed = <V extends z.ZodType, F extends AnnotationField>(field: F, value: V) =>
  z.object({ image, field: z.literal(field), before: value, after: value });
const cause = z.enum(["set", "undo", "redo"]);

const entrySchema = z.union([
  z.object({
    ...signature,
    cause,
    changes: z.array(
      z.discriminatedUnion("field", [
        changed("labels", labels),
        changed("boxes", boxes),
        changed("rejectedLabels", labels),
        changed("rejectedBoxes", boxes),
        changed("flag", flag),
        changed("note", z.string()),
      ]),
    ),
  }),
  // As the first version wrote them.
  z
    .object({ ...signature, cause, image, before: labels, after: labels })
    .transform(({ image, before, after, ...rest }) => ({
      ...rest,
      changes: [{ image, field: "labels" as const, before, after }],
    })),
  z.object({ ...signature, cause: z.literal("addLabel"), label: z.string().min(1) }),
  z.object({ ...signature, cause: z.literal("saved"), images: z.array(image) }),
]);

/** Undefined where the line is no entry. */
export function parseEntry(line: string): JournalEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What an entry says of one picture: changes, or that its boxes were saved. */
export type EntryPart =
  { entry: ChangeEntry; image: JournalImage; changes: JournalChange[] } | { entry: SavedEntry; image: JournalImage };

/** An entry picture by picture. */
export function partsOf(entry: ChangeEntry | SavedEntry): EntryPart[] {
  if (entry.cause === "saved") return entry.images.map((image) => ({ entry, image }));
  const parts = new Map<string, { entry: ChangeEntry; image: JournalImage; changes: JournalChange[] }>();
  for (const change of entry.changes) {
    const key = `${change.image.hash}/${change.image.path}`;
    const part = parts.get(key);
    if (part) part.changes.push(change);
    else parts.set(key, { entry, image: change.image, changes: [change] });
  }
  return [...parts.values()];
}
