/**
 * What was searched and fetched so far, as JSON lines beside the pictures: a run that was stopped goes on where it was, and a second run
 * fetches nothing again.
 */
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { FoundImage } from "./image-provider.js";

const image = z.object({
  url: z.string(),
  title: z.string().optional(),
  licence: z.string().optional(),
  licenceUrl: z.string().optional(),
  author: z.string().optional(),
  page: z.string().optional(),
});

const line = z.union([
  z.object({ provider: z.string(), query: z.string(), count: z.number(), found: z.array(image) }),
  z.object({ url: z.string(), file: z.string() }),
  z.object({ url: z.string(), refused: z.string() }),
]);

type Line = z.infer<typeof line>;

export class DownloadJournal {
  private readonly path: string;
  private readonly searches = new Map<string, FoundImage[]>();
  /** By address: a file's name, or why it is none. */
  private readonly fetched = new Map<string, { file: string } | { refused: string }>();

  private constructor(path: string) {
    this.path = path;
  }

  static async open(path: string): Promise<DownloadJournal> {
    const journal = new DownloadJournal(path);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    });
    for (const each of text.split("\n")) journal.take(each);
    return journal;
  }

  search(provider: string, query: string, count: number): FoundImage[] | undefined {
    return this.searches.get(JSON.stringify([provider, query, count]));
  }

  outcome(url: string): { file: string } | { refused: string } | undefined {
    return this.fetched.get(url);
  }

  async note(entry: Line): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await appendFile(this.path, `${JSON.stringify(entry)}\n`);
    this.keep(entry);
  }

  /** A line that was cut off is no loss: its picture is fetched again. */
  private take(text: string): void {
    try {
      const parsed = line.safeParse(JSON.parse(text));
      if (parsed.success) this.keep(parsed.data);
    } catch {
      return;
    }
  }

  private keep(entry: Line): void {
    if ("query" in entry) {
      this.searches.set(JSON.stringify([entry.provider, entry.query, entry.count]), entry.found);
    } else this.fetched.set(entry.url, entry);
  }
}
