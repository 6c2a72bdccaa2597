/** A folder as Pascal VOC lays it out: pictures in one sub-folder, an XML file for each in another. */
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { VitrineError } from "../../structures/errors.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { inNaturalOrder } from "../natural-order.js";
import { systemReason } from "../picture-file.js";
import type { BoxedPicture } from "./boxed-picture.js";
import { readVoc, type VocAnnotation, type VocOrigin } from "./voc-annotation.js";
import { MAX_XML_BYTES, parseXml, XmlRefusal } from "./xml.js";

export interface VocFolder {
  /** In natural order of the pictures' names; those without an XML file too. */
  readonly pictures: readonly BoxedPicture[];
  readonly problems: readonly DatasetProblem[];
}

export interface VocOptions {
  annotationsDir: string;
  imageSubdirectory: string;
  origin?: VocOrigin | undefined;
  signal?: AbortSignal | undefined;
  /** Whether there may be no folder of annotations yet. */
  mayLackAnnotations?: boolean;
}

/** @throws `MissingFile` where there is no folder of pictures, `Stopped` */
export async function readVocFolder(root: string, options: VocOptions): Promise<VocFolder> {
  const images = join(root, options.imageSubdirectory);
  const names = inNaturalOrder(await listed(images, "a folder of pictures"));
  const annotations = join(root, options.annotationsDir);
  const files = inNaturalOrder(await annotationFiles(annotations, options.mayLackAnnotations === true));
  const { read, problems } = await readVocFiles(
    files.map((name) => join(annotations, name)),
    options,
  );
  const bySource = matched(names, read, images, problems);
  const pictures = names.map((name): BoxedPicture => {
    const found = bySource.get(name);
    return { path: join(images, name), source: found?.path, size: found?.size, boxes: found?.boxes ?? [] };
  });
  return { pictures, problems };
}

interface FoundAnnotation extends VocAnnotation {
  path: string;
}

/** Each file's annotation; one that can't be read is a problem. */
export async function readVocFiles(
  paths: readonly string[],
  options: Pick<VocOptions, "origin" | "signal"> = {},
): Promise<{ read: FoundAnnotation[]; problems: DatasetProblem[] }> {
  const read: FoundAnnotation[] = [];
  const problems: DatasetProblem[] = [];
  for (const [index, path] of paths.entries()) {
    // Reading small files synchronously takes a fraction of the time; others get their turn in between.
    if (index % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
    if (options.signal?.aborted) {
      throw new VitrineError("Stopped", { operation: "Reading the annotations", kept: "nothing is kept" });
    }
    try {
      const annotation = readVoc(parseXml(fileBytes(path)), options.origin);
      read.push({ ...annotation, path });
      problems.push(...annotation.problems.map((reason) => ({ path, reason })));
    } catch (error) {
      problems.push({ path, reason: error instanceof XmlRefusal ? error.message : systemReason(error) });
    }
  }
  return { read, problems };
}

/** Which picture an annotation is about: the one with its own name, else the one that it names. People rename both files and forget
 *  what is written inside. */
function matched(
  names: readonly string[],
  read: readonly FoundAnnotation[],
  images: string,
  problems: DatasetProblem[],
): Map<string, FoundAnnotation> {
  const byStem = new Map<string, string[]>();
  for (const name of names) byStem.set(parse(name).name, [...(byStem.get(parse(name).name) ?? []), name]);
  const all = new Set(names);
  const found = new Map<string, FoundAnnotation>();
  for (const annotation of read) {
    const { path, filename } = annotation;
    const own = byStem.get(parse(path).name) ?? [];
    const name = own.includes(filename) ? filename : (own[0] ?? (all.has(filename) ? filename : undefined));
    const other = name === undefined ? undefined : found.get(name);
    if (name === undefined) {
      const wanted = filename === "" ? parse(path).name : filename;
      problems.push({ path, reason: `its picture ${JSON.stringify(wanted)} is not in ${images}` });
    } else if (other) problems.push({ path, reason: `${name} has an annotation already: ${other.path}` });
    else found.set(name, annotation);
  }
  return found;
}

async function annotationFiles(folder: string, mayLack: boolean): Promise<string[]> {
  if (mayLack && !existsSync(folder)) return [];
  return (await listed(folder, "a folder of Pascal VOC's XML files")).filter((name) => /\.xml$/i.test(name));
}

async function listed(folder: string, what: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith(".") && !entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === "ENOTDIR";
    const reason = isFile ? "it is a file" : systemReason(cause).replace("such file", "such folder");
    throw new VitrineError("MissingFile", { path: folder, what, reason }, { cause });
  }
}

function fileBytes(path: string): Uint8Array {
  // Non-blocking, or a named pipe that nobody writes to would stop everything.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new XmlRefusal("it is not a regular file");
    if (stat.size > MAX_XML_BYTES) throw new XmlRefusal(`its ${stat.size} bytes are more than an annotation has`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
