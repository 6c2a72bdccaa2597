/**
 * A model on its way to a service: a folder a version, with the hash of each file. It holds numbers and JSON, nothing that is run;
 * and what was changed afterwards is not loaded.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

import { z } from "zod";

import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";

/** What can be deployed: a model that writes itself as a folder. */
export interface DeployableModel {
  readonly labels: readonly string[];
  save(path: string): Promise<void>;
}

const manifest = z.object({
  format: z.literal("vitrine.model-version"),
  version: z.literal(1),
  number: z.number().int().min(1),
  createdAt: z.string(),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number().int() })),
});

export type ModelManifest = z.infer<typeof manifest>;

const MANIFEST = "manifest.json";

/** Where the model of a version lies. */
export const modelFolder = (versions: string, number: number): string => join(versions, String(number), "model");

/** The numbers of the versions that are whole, ascending. */
export async function listVersions(versions: string): Promise<number[]> {
  const names = await readdir(versions).catch(() => []);
  return names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * Saves a model as the next version: under a hidden name, hashed, flushed to the disk, then renamed.
 * @throws CannotWrite, and what the model's own `save` does
 */
export async function addVersion(versions: string, model: DeployableModel): Promise<ModelManifest> {
  const number = ((await listVersions(versions)).at(-1) ?? 0) + 1;
  const hidden = join(versions, `.${number}-${process.pid}-${Date.now()}`);
  try {
    await mkdir(hidden, { recursive: true });
    await model.save(join(hidden, "model"));
    const files = await hashFiles(join(hidden, "model"));
    const createdAt = new Date().toISOString();
    const written: ModelManifest = { format: "vitrine.model-version", version: 1, number, createdAt, files };
    await writeFileAtomic(join(hidden, MANIFEST), `${JSON.stringify(written, null, 2)}\n`, "a version's manifest");
    await rename(hidden, join(versions, String(number)));
    return written;
  } catch (cause) {
    await rm(hidden, { recursive: true, force: true }).catch(() => undefined);
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof VitrineError || code === undefined) throw cause;
    throw new VitrineError("CannotWrite", { path: versions, what: `version ${number}`, reason: code }, { cause });
  }
}

/** Whether the files are those that were written. @throws MissingFile, InvalidFile that names the file */
export async function checkVersion(versions: string, number: number): Promise<void> {
  const path = join(versions, String(number), MANIFEST);
  const { files } = await readManifest(path);
  const found = await hashFiles(modelFolder(versions, number));
  for (const name of new Set([...Object.keys(files), ...Object.keys(found)])) {
    const [expected, received] = [files[name]?.sha256, found[name]?.sha256];
    if (expected === received) continue;
    const details = { path: join(modelFolder(versions, number), name), where: "SHA-256" };
    throw new VitrineError("InvalidFile", {
      ...details,
      expected: expected ?? "no such file",
      received: received ?? "no such file",
    });
  }
}

/** Removes all but the newest few, and never one of `kept`. */
export async function pruneVersions(versions: string, kept: readonly number[], count: number): Promise<void> {
  const numbers = await listVersions(versions);
  for (const number of numbers.slice(0, -count)) {
    if (!kept.includes(number)) await rm(join(versions, String(number)), { recursive: true, force: true });
  }
}

export async function readManifest(path: string): Promise<ModelManifest> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VitrineError("MissingFile", { path, what: "a version's manifest", reason }, { cause });
  });
  const parsed = manifest.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  const details = { path, where: parsed.error.issues[0]?.path.join(".") ?? "the whole", expected: "a manifest" };
  throw new VitrineError("InvalidFile", { ...details, received: quote(text.slice(0, 40)) });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function hashFiles(folder: string): Promise<ModelManifest["files"]> {
  const files: ModelManifest["files"] = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = await hashFile(path);
  }
  return files;
}

async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}
