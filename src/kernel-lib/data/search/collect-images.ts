/**
 * Fetches what a list of wants asks for: searches, addresses, folders. Many at once, with caps of size and time; what is fetched is told by
 * its content; the same picture twice, or nearly, is taken once.
 *
 * What strangers' lists name is fetched from the public internet alone, unless the caller allows more (see `fetchPublic`).
 */
import { copyFile, link, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isVitrineError, VitrineError } from "../../structures/errors.js";
import { fetchPublic } from "../../structures/fetch-public.js";
import type { ImageFacts } from "../image-facts.js";
import { writeFileAtomic } from "../atomic-file.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { filesWithin } from "../image-folder.js";
import { imageFacts, loadOne, reasonOf } from "../load-images.js";
import { hashDistance, perceptualHash, type PerceptualHash } from "../perceptual-hash.js";
import { readPicture } from "../picture-file.js";
import { storageIdOf } from "../storage-id.js";
import type { Attribution } from "./attribution.js";
import type { DownloadJournal } from "./download-journal.js";
import type { ImageProvider } from "./image-provider.js";
import type { Wanted } from "./wanted.js";

export interface CollectOptions {
  folder: string;
  provider: ImageProvider;
  imagesPerQuery: number;
  maxBytes: number;
  timeout: number;
  concurrency: number;
  maxPixels: number | undefined;
  minSide: number;
  maxDistance: number;
  allowPrivate: boolean;
  signal: AbortSignal | undefined;
  onProgress: ((progress: { done: number; total: number }) => void) | undefined;
}

/** A picture that is to be had, before anything is fetched. */
type Candidate = { label: string } & ({ attribution: Attribution } | { path: string });

export interface Collected {
  readonly facts: ImageFacts;
  readonly label: string;
  readonly attribution: Attribution | undefined;
}

export async function collectImages(
  wanted: readonly Wanted[],
  journal: DownloadJournal,
  options: CollectOptions,
): Promise<{ images: Collected[]; problems: DatasetProblem[] }> {
  const problems: DatasetProblem[] = [];
  const candidates: Candidate[] = [];
  for (const want of wanted) candidates.push(...(await candidatesOf(want, journal, options, problems)));
  const loaded: (ImageFacts | string)[] = candidates.map(() => "");
  const queue = candidates.entries();
  let done = 0;
  const work = async () => {
    for (const [index, candidate] of queue) {
      if (options.signal?.aborted) throw new VitrineError("Stopped", STOPPED);
      loaded[index] = await load(candidate, journal, options);
      options.onProgress?.({ done: ++done, total: candidates.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency, candidates.length) }, work));
  return distinct(candidates, loaded, problems, options);
}

/** Every picture that was fetched, used or not; hidden, so that reading the folder passes over it. */
const FETCHED = join(".vitrine", "fetched");

const STOPPED = {
  operation: "Collecting pictures",
  kept: "what was fetched is kept, and the same call goes on from there",
};

async function candidatesOf(
  { label, kind, value }: Wanted,
  journal: DownloadJournal,
  options: CollectOptions,
  problems: DatasetProblem[],
): Promise<Candidate[]> {
  if (kind === "url") return [{ label, attribution: { url: value, provider: "address", query: "" } }];
  if (kind === "file") return [{ label, path: value }];
  if (kind === "folder") return (await filesWithin(value, problems)).map((path) => ({ label, path }));
  const { provider, imagesPerQuery: count, signal } = options;
  try {
    let found = journal.search(provider.name, value, count);
    if (!found) {
      found = [...(await provider.search(value, { count, signal }))].slice(0, count);
      await journal.note({ provider: provider.name, query: value, count, found });
    }
    if (found.length === 0) problems.push({ path: value, reason: `${provider.name} has found nothing` });
    return found.map((image) => ({ label, attribution: { ...image, provider: provider.name, query: value } }));
  } catch (error) {
    if (isVitrineError(error, "Stopped")) throw error;
    problems.push({
      path: value,
      reason: `the search failed: ${error instanceof Error ? error.message : String(error)}`,
    });
    return [];
  }
}

/** A picture's facts, or why it is none. */
async function load(
  candidate: Candidate,
  journal: DownloadJournal,
  options: CollectOptions,
): Promise<ImageFacts | string> {
  if ("attribution" in candidate) return fetched(candidate.attribution.url, journal, options);
  const { facts, problem } = await loadOne(candidate.path, limits(options));
  return facts ?? problem?.reason ?? "it can't be read";
}

const limits = ({ maxPixels }: CollectOptions) => (maxPixels === undefined ? {} : { maxPixels });

async function fetched(url: string, journal: DownloadJournal, options: CollectOptions): Promise<ImageFacts | string> {
  const before = journal.outcome(url);
  if (before && "refused" in before) return before.refused;
  const file = before?.file;
  if (file !== undefined && (await stat(join(options.folder, file)).catch(() => undefined))) {
    const { facts } = await loadOne(join(options.folder, file), limits(options));
    if (facts) return facts;
  }
  try {
    const { maxBytes, timeout, allowPrivate, signal } = options;
    const { bytes } = await fetchPublic(url, { maxBytes, timeout, allowPrivate, signal });
    return await kept(bytes, url, journal, options);
  } catch (error) {
    if (!isVitrineError(error) || error.code === "Stopped" || error.code === "CannotWrite") throw error;
    // The network may be better the next time; what the address is, or what it leads to, will not.
    if (isVitrineError(error, "AddressRefused") || isVitrineError(error, "FetchFailed")) return error.details.reason;
    const reason = reasonOf(error);
    await journal.note({ url, refused: reason });
    return reason;
  }
}

/** Puts a picture beside the journal under the hash of its content, with the ending of what it is. */
async function kept(
  bytes: Uint8Array,
  url: string,
  journal: DownloadJournal,
  options: CollectOptions,
): Promise<ImageFacts | string> {
  const picture = await readPicture(bytes, limits(options));
  const name = `${storageIdOf(bytes)}.${picture.format === "jpeg" ? "jpg" : picture.format}`;
  const file = join(FETCHED, name);
  const path = join(options.folder, file);
  const facts = await imageFacts({ ...picture, path: url }, path);
  if (Math.min(facts.width, facts.height) < options.minSide) {
    const reason = `${facts.width} × ${facts.height} pixels are fewer than the ${options.minSide} a side that were asked for`;
    await journal.note({ url, refused: reason });
    return reason;
  }
  await writeFileAtomic(path, bytes, "a picture");
  await journal.note({ url, file });
  return facts;
}

/** Shows a fetched picture in its label's folder too, without a second copy where the file system can do that. */
async function placed(facts: ImageFacts, label: string, folder: string): Promise<ImageFacts> {
  const storagePath = join(folder, folderName(label), facts.name);
  await mkdir(dirname(storagePath), { recursive: true });
  try {
    await link(facts.storagePath, storagePath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") await copyFile(facts.storagePath, storagePath);
  }
  return { ...facts, storagePath };
}

/** A label as a folder's name on every system. */
function folderName(label: string): string {
  const plain = label.replace(/[/\\:*?"<>|\p{Cc}]/gu, "_").replace(/^\.+/, "_");
  return Array.from(plain).slice(0, 60).join("");
}

/** The first of those that are alike stays, in the list's order, however fast each came. */
async function distinct(
  candidates: readonly Candidate[],
  loaded: readonly (ImageFacts | string)[],
  problems: DatasetProblem[],
  { maxDistance, folder }: CollectOptions,
): Promise<{ images: Collected[]; problems: DatasetProblem[] }> {
  const images: Collected[] = [];
  const hashes: PerceptualHash[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const facts = loaded[index] ?? "";
    const origin = "attribution" in candidate ? candidate.attribution.url : candidate.path;
    if (typeof facts === "string") {
      problems.push({ path: origin, reason: facts });
      continue;
    }
    const hash = await perceptualHash(facts.storagePath);
    const twin = images.findIndex(({ facts: other }, i) => {
      const near = hashes[i] ? hashDistance(hashes[i], hash) <= maxDistance : false;
      return other.storageId === facts.storageId || near;
    });
    const other = images[twin];
    if (other) {
      const manner = other.facts.storageId === facts.storageId ? "the same picture as" : "nearly the same picture as";
      problems.push({ path: origin, reason: `it is ${manner} ${other.facts.storagePath}, of ${other.label}` });
      continue;
    }
    hashes.push(hash);
    const { label } = candidate;
    if (!("attribution" in candidate)) images.push({ facts, label, attribution: undefined });
    else images.push({ facts: await placed(facts, label, folder), label, attribution: candidate.attribution });
  }
  return { images, problems };
}
