/** Whose pictures these are: a table beside them, for people and for whoever publishes what is made of them. */
import { join } from "node:path";
import { writeFileAtomic } from "../atomic-file.js";
import { writeCsv } from "../formats/csv.js";
import type { FoundImage } from "./image-provider.js";

/** Where a picture came from. */
export interface Attribution extends FoundImage {
  /** The provider's name, or "address" for one that the list names itself. */
  readonly provider: string;
  /** The text that found it, "" for none. */
  readonly query: string;
}

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
  await writeFileAtomic(join(folder, "attribution.csv"), writeCsv([head, ...cells]), "the attribution");
}

/** Strangers' titles: a spreadsheet must not take one for a formula. */
const safe = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);
