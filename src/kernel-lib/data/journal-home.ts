/** Where a folder's journal lies, and how it names the folder's pictures. */
import { createHash } from "node:crypto";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { Context } from "../structures/context.js";

export interface JournalHome {
  /** The first is written to, all are read. */
  readonly journals: readonly string[];
  /** Where processes say that they have the folder open. */
  readonly presence: string;
}

/** Beside the pictures where that can be written, else in the context's persistent folder, under the folder's real path. */
export function journalHome(root: string, context: Context | undefined): JournalHome {
  const beside = join(root, ".vitrine");
  const journal = join(beside, "labels.jsonl");
  if (isWritable(root) && isWritable(beside)) return { journals: [journal], presence: join(beside, "open") };
  const id = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 16);
  const away = join((context ?? Context.global()).persistentPath, "journals", id);
  return { journals: [join(away, "labels.jsonl"), journal], presence: join(away, "open") };
}

/** Relative to the data set's folder with "/" between, so that the folder may move; else absolute. */
export function journalPath(path: string, root: string | undefined): string {
  if (root === undefined) return path;
  const below = root.endsWith(sep) ? root : root + sep;
  // Most are: a hundred thousand paths are taken apart for nothing.
  if (sep === "/" && path.startsWith(below) && !path.includes("..")) return path.slice(below.length);
  const inside = relative(root, path);
  const isOutside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return isOutside ? path : inside.split(sep).join("/");
}

/** What isn't there yet will be made by whoever may write around it. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return statSync(folder).isDirectory();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}
