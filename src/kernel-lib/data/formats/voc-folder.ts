/** A folder as Pascal VOC lays it out: pictures in one sub-folder, an XML file for each in another. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { VitrineError } from "../../structures/errors.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { inNaturalOrder } from "../natural-order.js";
import { systemReason } from "../picture-file.js";
import { sameForm } from "./letter-forms.js";
import { rightWay } from "./other-reader.js";
import { UNSAID, type BoxedPicture, type SaidBoxes } from "./boxed-picture.js";
import type { VocAnnotation } from "./voc-annotation.js";
import type { VocIndex } from "./voc-index.js";

export interface VocFolder {
  /** In natural order of the pictures' names; those without an XML file too. */
  readonly pictures: readonly BoxedPicture[];
  readonly problems: readonly DatasetProblem[];
}

export interface VocOptions {
  annotationsDir: string;
  imageSubdirectory: string;
  signal?: AbortSignal | undefined;
  /** Whether there may be no folder of annotations yet. */
  mayLackAnnotations?: boolean;
}

/**
 * Which XML file is about which picture. Only those whose names don't tell are read for that. Where there are many, the index is put off.
 * @throws `MissingFile` where there is no folder of pictures, `Stopped`
 */
export async function readVocFolder(root: string, index: VocIndex, options: VocOptions): Promise<VocFolder> {
  const images = resolve(join(root, options.imageSubdirectory));
  const beside = await listed(images, "a folder of pictures", root);
  const names = inNaturalOrder(beside.filter((name) => !isXml(name)));
  const annotations = resolve(join(root, options.annotationsDir));
  const files = await annotationFiles(annotations, root, options.mayLackAnnotations === true);
  index.isPutOff = files.length > MANY;
  const { pairs, unclear } = pairedAtOnce(names, files) ?? pairedByName(names, files);
  const problems: DatasetProblem[] = [];
  await pairByContent(unclear, { pairs, names, images, annotations, index, problems }, options.signal);
  const pictures = names.map((name): BoxedPicture => {
    const file = pairs.get(name);
    // To join each anew would clean the folder's path a hundred thousand times.
    const path = `${images}${sep}${name}`;
    if (file === undefined) return { path, source: undefined, said: UNSAID };
    const source = `${annotations}${sep}${file}`;
    return { path, source, said: () => saidIn(index.known(source) ?? index.read(source)) };
  });
  return { pictures, problems };
}

function saidIn(said: VocAnnotation | string): SaidBoxes {
  return typeof said === "string" ? { ...UNSAID, unreadable: said } : said;
}

/** More than that are not read before the data set is there, but for a few. */
const MANY = 2000;

interface Paired {
  /** Files by the names of their pictures. */
  pairs: Map<string, string>;
  unclear: string[];
}

/** Where each file has the name of one picture, as nearly everywhere; undefined where that is not so. */
function pairedAtOnce(names: readonly string[], files: readonly string[]): Paired | undefined {
  const left = new Set(files);
  const pairs = new Map<string, string>();
  const alone: string[] = [];
  for (const name of names) {
    const file = `${stemOf(name)}.xml`;
    if (left.delete(file)) pairs.set(name, file);
    else alone.push(file);
  }
  if (left.size > 0) return undefined;
  const all = alone.length > 0 ? new Set(files) : left;
  return alone.some((file) => all.has(file)) ? undefined : { pairs, unclear: [] };
}

/** Files by the name of the picture that they are about; and those that may be about another than their own name says. */
function pairedByName(names: readonly string[], files: readonly string[]): Paired {
  const { single, several } = byStem(names);
  const own = byStem(files);
  const pairs = new Map<string, string>();
  const unclear = [...own.several.values()].flat();
  for (const [stem, file] of own.single) {
    const name = single.get(stem);
    if (own.several.has(stem)) continue;
    if (name === undefined || several.has(stem)) unclear.push(file);
    else pairs.set(name, file);
  }
  return { pairs, unclear: inNaturalOrder(unclear) };
}

interface Stems {
  /** The first name with each stem. */
  single: Map<string, string>;
  /** All of those that share it: few do, and a list for each of 100,000 takes its time. */
  several: Map<string, string[]>;
}

function byStem(names: readonly string[]): Stems {
  const stems: Stems = { single: new Map(), several: new Map() };
  for (const name of names) {
    const stem = sameForm(stemOf(name));
    const first = stems.single.get(stem);
    const same = stems.several.get(stem);
    if (same) same.push(name);
    else if (first === undefined) stems.single.set(stem, name);
    else stems.several.set(stem, [first, name]);
  }
  return stems;
}

/** Without what follows the last dot. */
function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

interface Pairing {
  pairs: Map<string, string>;
  names: readonly string[];
  images: string;
  annotations: string;
  index: VocIndex;
  problems: DatasetProblem[];
}

/** The picture with the file's own name, else the one that it names: people rename both files and forget what is written inside. */
async function pairByContent(
  files: readonly string[],
  { pairs, names, images, annotations, index, problems }: Pairing,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (files.length === 0) return;
  const { single, several } = byStem(names);
  const all = new Map(names.map((name) => [sameForm(name), name]));
  for (const [at, file] of files.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await pause(signal);
    const path = join(annotations, file);
    const said = index.known(path) ?? index.read(path);
    if (typeof said === "string") {
      problems.push({ path, reason: said });
      continue;
    }
    const { filename } = said;
    const stem = sameForm(stemOf(file));
    const isOwn = several.get(stem)?.includes(filename) === true;
    const name = isOwn ? filename : (single.get(stem) ?? all.get(sameForm(filename)));
    const other = name === undefined ? undefined : pairs.get(name);
    if (name === undefined) {
      const wanted = filename === "" ? stemOf(file) : filename;
      problems.push({ path, reason: `its picture ${JSON.stringify(wanted)} is not in ${images}` });
    } else if (other === undefined) pairs.set(name, file);
    else problems.push({ path, reason: `${name} has an annotation already: ${join(annotations, other)}` });
  }
}

/** Reading small files synchronously takes a fraction of the time; others get their turn in between. */
const AT_ONCE = 64;

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted)
    throw new VitrineError("Stopped", { operation: "Reading the annotations", kept: "nothing is kept" });
}

async function annotationFiles(folder: string, root: string, mayLack: boolean): Promise<string[]> {
  if (mayLack && !existsSync(folder)) return [];
  return (await listed(folder, "a folder of Pascal VOC's XML files", root)).filter(isXml);
}

const isXml = (name: string) => /\.xml$/i.test(name);

/** @param root the data set's folder: another reader may be the one for it */
async function listed(folder: string, what: string, root: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith(".") && !entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === "ENOTDIR";
    const reason = isFile ? "it is a file" : systemReason(cause).replace("such file", "such folder");
    const other = await otherWay(root);
    const hint = other === undefined ? "" : `; ${other}`;
    throw new VitrineError("MissingFile", { path: folder, what, reason: `${reason}${hint}` }, { cause });
  }
}

/** How a folder can be read that is not laid out as asked. */
async function otherWay(root: string): Promise<string | undefined> {
  const names = await readdir(root).catch(() => []);
  if (names.some(isXml))
    return 'there are XML files in it; { annotationsDir: ".", imageSubdirectory: "." } reads those that lie beside their pictures';
  const folders = await readdir(root, { withFileTypes: true }).catch(() => []);
  const own = folders.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
  const other = rightWay(root, "ObjectDetectionDataset.createFromDir");
  if (other !== undefined || own.length === 0 || own.length > 8) return other;
  return `the folders in ${root} are ${own.sort().join(", ")} (see annotationsDir and imageSubdirectory)`;
}
