/** The file that says what is wanted: `{ label: [text, folder, picture or address, …] }`. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { quote, VitrineError } from "../../structures/errors.js";
import { firstIssue } from "../../structures/first-issue.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { parseJson } from "../formats/foreign-json.js";
import { readText } from "../formats/list-folder.js";

export interface Wanted {
  readonly label: string;
  readonly kind: "query" | "url" | "folder" | "file";
  /** The text, the address, or the absolute path. */
  readonly value: string;
}

const schema = z.record(z.string().trim().min(1), z.array(z.string().trim().min(1)).min(1));

/**
 * What is there as a folder or a file is taken from there, relative to the list; an http or https address is fetched; all else is
 * searched for. What looks like a path and leads nowhere is a problem, not a search.
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readWanted(
  path: string,
): Promise<{ labels: string[]; wanted: Wanted[]; problems: DatasetProblem[] }> {
  const source = resolve(path);
  const given = parseJson(await readText(source, "a list of what is wanted"), source);
  const parsed = schema.safeParse(given);
  if (!parsed.success || Object.keys(parsed.data).length === 0) {
    const whole = { where: "the whole file", received: quote(given) };
    const { where, received } = parsed.success ? whole : firstIssue(parsed.error, given);
    const expected = '{ "label": ["text, folder or address", …] }';
    throw new VitrineError("InvalidFile", { path: source, where, expected, received });
  }
  const wanted: Wanted[] = [];
  const problems: DatasetProblem[] = [];
  for (const [label, entries] of Object.entries(parsed.data)) {
    for (const entry of new Set(entries)) {
      const kind = await kindOf(entry, dirname(source));
      if (kind) wanted.push({ label, ...kind });
      else problems.push({ path: entry, reason: `there is no such file or folder, for ${label}` });
    }
  }
  return { labels: Object.keys(parsed.data), wanted, problems };
}

async function kindOf(entry: string, folder: string): Promise<Pick<Wanted, "kind" | "value"> | undefined> {
  if (/^https?:\/\//i.test(entry)) return { kind: "url", value: entry };
  const path = resolve(folder, entry);
  const found = await stat(path).catch(() => undefined);
  if (found) return { kind: found.isDirectory() ? "folder" : "file", value: path };
  // file:, ftp: and the like are no texts either.
  return /[/\\]|^[a-z]+:/i.test(entry) ? undefined : { kind: "query", value: entry };
}
