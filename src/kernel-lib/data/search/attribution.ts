/** Whose pictures these are: a table beside them, for people and for whoever publishes what is made of them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../atomic-file.js";
import { parseCsv, writeCsv } from "../formats/csv.js";
import type { FoundImage } from "./image-provider.js";

/** Where a picture came from. */
export interface Attribution extends FoundImage {
  /** The provider's name, or "address" for one that the list names itself. */
  readonly provider: string;
  /** The text that found it, "" for none. */
  readonly query: string;
}

/** Beside the pictures. */
const NAME = "attribution.csv";

export async function writeAttribution(
  folder: string,
  rows: readonly { file: string; label: string; attribution: Attribution }[],
): Promise<void> {
  const head = ["file", "label", "title", "author", "licence", "licence_url", "page", "url", "provider", "query"];
  const cells = rows.map(({ file, label, attribution: a }) => {
    return [file, label, a.title, a.author, a.licence, a.licenceUrl, a.page, a.url, a.provider, a.query].map((cell) =>
      safe(cell ?? ""),
    );
  });
  await writeFileAtomic(join(folder, NAME), writeCsv([head, ...cells]), "the attribution");
}

/** Whose the pictures of a folder are, by their paths within it; empty where there is no such table, or none that can be read. */
export async function readAttribution(folder: string): Promise<Map<string, Attribution>> {
  const text = await readFile(join(folder, NAME), "utf8").catch(() => "");
  const [head = [], ...rows] = parseCsv(text);
  const entries = rows.flatMap((row) => {
    const cell = (name: string) => unsafe(row[head.indexOf(name)] ?? "");
    const file = cell("file");
    return file === "" ? [] : [[file, attributionOf(cell)] as const];
  });
  return new Map(entries);
}

function attributionOf(cell: (name: string) => string): Attribution {
  const some = (key: string, name: string) => (cell(name) === "" ? {} : { [key]: cell(name) });
  return {
    url: cell("url"),
    provider: cell("provider"),
    query: cell("query"),
    ...some("title", "title"),
    ...some("author", "author"),
    ...some("licence", "licence"),
    ...some("licenceUrl", "licence_url"),
    ...some("page", "page"),
  };
}

/** Strangers' titles: a spreadsheet must not take one for a formula. */
const safe = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const unsafe = (cell: string) => cell.replace(/^'(?=[=+\-@\t\r])/, "");
