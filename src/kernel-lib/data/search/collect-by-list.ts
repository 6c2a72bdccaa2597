/** From a list of what is wanted to pictures in a folder, with a table of whose they are. */
import { basename, join, resolve } from "node:path";
import { Context } from "../../structures/context.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { booleanOption, integerOption, textOption } from "../../structures/options.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { writeAttribution } from "./attribution.js";
import { collectImages, type Collected } from "./collect-images.js";
import { DownloadJournal } from "./download-journal.js";
import type { ImageProvider } from "./image-provider.js";
import { Openverse } from "./openverse.js";
import { readWanted } from "./wanted.js";

export interface CreateFromJsonOptions {
  /** Its persistent folder is where the pictures go, in `search/<name>`; the global one by default. */
  context?: Context | undefined;
  /** Where the pictures go instead. */
  dir?: string;
  /** Who answers texts; Openverse by default. Not asked where the list has none. */
  provider?: ImageProvider;
  /** Pictures a text at most; 40 by default. */
  imagesPerQuery?: number;
  /** Bytes a picture at most; 20 MiB by default. */
  maxBytes?: number;
  /** Milliseconds a picture at most; 20,000 by default. */
  timeout?: number;
  /** Pictures fetched at the same time; 8 by default. */
  concurrency?: number;
  /** Pictures of more pixels are refused; 100 million by default. */
  maxPixels?: number;
  /** Fetched pictures of a shorter side than this are skipped; 64 by default. */
  minSide?: number;
  /** Bits of the perceptual hash that two pictures may differ in and yet be nearly the same: 0 to 64, 4 by default. */
  maxDistance?: number;
  /** Addresses of private networks too, for lists that you wrote yourself; false by default. */
  allowPrivate?: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

export const SEARCH_OPTIONS: readonly (keyof CreateFromJsonOptions)[] = [
  "dir",
  "provider",
  "imagesPerQuery",
  "maxBytes",
  "timeout",
  "minSide",
  "maxDistance",
  "allowPrivate",
];

export interface Collection {
  readonly folder: string;
  readonly labels: readonly string[];
  readonly images: readonly Collected[];
  readonly problems: readonly DatasetProblem[];
}

/** @throws `MissingFile`, `InvalidFile`, `CannotWrite`, `Stopped` */
export async function collectByList(name: string, file: string, options: CreateFromJsonOptions): Promise<Collection> {
  const { labels, wanted, problems } = await readWanted(file);
  const folder = folderOf(name, options);
  const journal = await DownloadJournal.open(join(folder, ".vitrine", "downloads.jsonl"));
  const collected = await collectImages(wanted, journal, {
    folder,
    provider: providerOption(options.provider),
    imagesPerQuery: integerOption("imagesPerQuery", options.imagesPerQuery ?? 40, 1, 10_000),
    maxBytes: integerOption("maxBytes", options.maxBytes ?? 20 << 20, 1),
    timeout: integerOption("timeout", options.timeout ?? 20_000, 1, 3_600_000),
    concurrency: integerOption("concurrency", options.concurrency ?? 8, 1, 64),
    minSide: integerOption("minSide", options.minSide ?? 64, 1),
    maxDistance: integerOption("maxDistance", options.maxDistance ?? 4, 0, 64),
    allowPrivate: booleanOption("allowPrivate", options.allowPrivate ?? false),
    maxPixels: options.maxPixels,
    signal: effectiveSignal(options.signal),
    onProgress: options.onProgress,
  });
  const rows = collected.images.flatMap(({ facts, label, attribution }) => {
    return attribution ? [{ file: facts.storagePath.slice(folder.length + 1), label, attribution }] : [];
  });
  if (rows.length > 0) await writeAttribution(folder, rows);
  return { folder, labels, images: collected.images, problems: [...problems, ...collected.problems] };
}

function folderOf(name: string, { dir, context }: CreateFromJsonOptions): string {
  if (dir !== undefined) return resolve(textOption("dir", dir));
  const plain = basename(name.replace(/[^\p{L}\p{N}._ -]/gu, "_")).replace(/^\.+/, "_");
  return join((context ?? Context.global()).persistentPath, "search", plain);
}

function providerOption(provider: ImageProvider | undefined): ImageProvider {
  if (provider === undefined) return new Openverse();
  // From a notebook anything may come.
  const { name, search } = provider as Partial<ImageProvider>;
  if (typeof name === "string" && typeof search === "function") return provider;
  const expected = "a provider { name, search(query, { count, signal }) }";
  throw new VitrineError("InvalidOption", { option: "provider", expected, received: quote(provider) });
}
