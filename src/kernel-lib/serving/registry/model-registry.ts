/**
 * A workspace's models on disk: `models/NAME/VERSION/`, each whole from the moment that it has its name, and never changed; beside the
 * files their hashes, and apart from both the tags, which may change. A version's number is never given twice.
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";

import { z } from "zod";

import { writeFileAtomic } from "../../structures/atomic-file.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { hashFiles } from "../file-hashes.js";
import { refusePickles } from "./refuse-pickles.js";

const record = z.object({
  format: z.literal("vitrine.registered-model"),
  version: z.literal(1),
  name: z.string(),
  number: z.number().int().min(1),
  createdAt: z.string(),
  description: z.string(),
  /** The name of the file or folder that was registered; it lies in `files`. */
  base: z.string(),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number().int() })),
});

export type ModelRecord = z.infer<typeof record>;
export type Tags = Readonly<Record<string, string>>;

const RECORD = "record.json";
const TAGS = "tags.json";
const FILES = "files";
/** Milliseconds. */
const ABANDONED = 24 * 3_600_000;
const tagsSchema = z.record(z.string(), z.string());

/** Letters, digits, dots, hyphens and underscores: a name is a folder's. */
export const isModelName = (name: string): boolean => /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);

export const versionFolder = (registry: string, name: string, number: number): string =>
  join(registry, "models", name, String(number));

/** Where the files of a version lie. */
export const filesFolder = (registry: string, name: string, number: number): string =>
  join(versionFolder(registry, name, number), FILES);

/** Of which there is a version: neither of models that were deleted nor of those that were refused. */
export function modelNames(registry: string): string[] {
  const names = readNames(join(registry, "models")).filter(isModelName);
  return names.filter((name) => modelVersions(registry, name).length > 0).sort();
}

/** Rising. */
export function modelVersions(registry: string, name: string): number[] {
  return numbersIn(readNames(join(registry, "models", name)), /^([1-9]\d*)$/);
}

/** @throws MissingFile, InvalidFile */
export function readRecord(registry: string, name: string, number: number): ModelRecord {
  return readDocument(join(versionFolder(registry, name, number), RECORD), record);
}

/** @throws MissingFile, InvalidFile */
export function readTags(registry: string, name: string, number: number): Tags {
  return readDocument(join(versionFolder(registry, name, number), TAGS), tagsSchema);
}

export async function writeTags(registry: string, { name, number }: ModelRecord, tags: Tags): Promise<void> {
  const path = join(versionFolder(registry, name, number), TAGS);
  await writeFileAtomic(path, `${JSON.stringify(tags, null, 2)}\n`, "a model's tags");
}

export interface NewModel {
  name: string;
  /** Of a file or a folder. */
  path: string;
  tags: Tags;
  description: string;
}

/**
 * Copies, hashes, flushes to the disk, then gives it the next free number.
 * @throws MissingFile, CannotWrite; InvalidFile where a file is a pickle; InvalidOption where the registry lies in the folder
 */
export async function addModel(registry: string, { name, path, tags, description }: NewModel): Promise<ModelRecord> {
  const source = resolve(path);
  const folder = join(registry, "models", name);
  const hidden = join(folder, `.${randomUUID()}`);
  const kind = await stat(source).catch((cause: unknown) => {
    throw new VitrineError(
      "MissingFile",
      { path: source, what: "a model's file or folder", reason: codeOf(cause) },
      { cause },
    );
  });
  try {
    await sweep(folder);
    const base = basename(source);
    await mkdir(join(hidden, FILES), { recursive: true });
    await refuseItself(source, hidden);
    // A download cache has links in place of files.
    await cp(source, join(hidden, FILES, base), { recursive: kind.isDirectory(), dereference: true });
    await refusePickles(join(hidden, FILES), source);
    const files = await hashFiles(join(hidden, FILES));
    if (Object.keys(files).length === 0) {
      throw new VitrineError("MissingFile", { path: source, what: "a model's files", reason: "the folder is empty" });
    }
    await writeFileAtomic(join(hidden, TAGS), `${JSON.stringify(tags, null, 2)}\n`, "a model's tags");
    const createdAt = new Date().toISOString();
    const document = {
      format: "vitrine.registered-model",
      version: 1,
      name,
      createdAt,
      description,
      base,
      files,
    } as const;
    return await place(folder, hidden, document);
  } catch (cause) {
    await rm(hidden, { recursive: true, force: true }).catch(() => undefined);
    if (cause instanceof VitrineError) throw cause;
    throw new VitrineError(
      "CannotWrite",
      { path: folder, what: `the model ${quote(name)}`, reason: codeOf(cause) },
      { cause },
    );
  }
}

/** A copy that holds itself has no end. */
async function refuseItself(source: string, copy: string): Promise<void> {
  const way = relative(await realpath(source), await realpath(copy));
  if (way.startsWith("..") || isAbsolute(way)) return;
  const expected = "a file, or a folder that the workspace's registry is not in,";
  throw new VitrineError("InvalidOption", { option: "modelPath", expected, received: quote(source) });
}

/** Removes what registrations have left that were killed, once none can be at it any more. */
async function sweep(folder: string): Promise<void> {
  for (const name of readNames(folder).filter((one) => /^\.[0-9a-f-]{36}$/.test(one))) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > ABANDONED) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Under the next number; where another process was quicker, the one after. */
async function place(folder: string, hidden: string, document: Omit<ModelRecord, "number">): Promise<ModelRecord> {
  for (;;) {
    const number = nextNumber(folder);
    const whole: ModelRecord = { ...document, number };
    await writeFileAtomic(join(hidden, RECORD), `${JSON.stringify(whole, null, 2)}\n`, "a model's record");
    const taken = await rename(hidden, join(folder, String(number))).then(() => false, isTaken);
    if (!taken) return whole;
  }
}

function nextNumber(folder: string): number {
  return 1 + Math.max(0, ...numbersIn(readNames(folder), /^(?:([1-9]\d*)|\.deleted-([1-9]\d*))$/));
}

/** Gone at once, whatever becomes of the rest; its number stays taken. @throws UnknownModel where it is gone already, CannotWrite */
export async function removeModel(registry: string, { name, number }: ModelRecord): Promise<void> {
  const folder = join(registry, "models", name);
  const aside = join(folder, `.${randomUUID()}`);
  try {
    await writeFile(join(folder, `.deleted-${number}`), "");
    await rename(join(folder, String(number)), aside);
    await rm(aside, { recursive: true, force: true });
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") throw unknownModel(registry, name, number, {});
    const what = `the deletion of version ${number} of ${quote(name)}`;
    throw new VitrineError("CannotWrite", { path: folder, what, reason: codeOf(cause) }, { cause });
  }
}

/** With what there is in its place. */
export const unknownModel = (registry: string, name: string, version: number | undefined, tags: Tags): VitrineError =>
  new VitrineError("UnknownModel", {
    name,
    version,
    tags,
    versions: modelVersions(registry, name),
    known: modelNames(registry),
  });

function isTaken(error: unknown): true {
  if (["EEXIST", "ENOTEMPTY"].includes(codeOf(error))) return true;
  throw error;
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

function numbersIn(names: readonly string[], pattern: RegExp): number[] {
  const matches = names.map((name) => pattern.exec(name)).filter((match) => match !== null);
  return matches.map((match) => Number(match[1] ?? match[2])).sort((a, b) => a - b);
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readDocument<T>(path: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new VitrineError("MissingFile", { path, what: "a registered model", reason: codeOf(cause) }, { cause });
  }
  const checked = schema.safeParse(parse(text));
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.map(String).join(".") ?? "";
  const details = { path, where: where === "" ? "the whole" : where, expected: "a registered model's" };
  throw new VitrineError("InvalidFile", { ...details, received: quote(text) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
