/**
 * A model on its way to a service: a folder a version, with the hash of each file. It holds numbers and JSON, and code only where
 * its owner deploys an entry script; what was changed afterwards is not loaded.
 */
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { checkFiles, hashFiles } from "./file-hashes.js";

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
 * Saves a model as the next version, or as that of a number that is free: under a hidden name, hashed, flushed to the disk, then renamed.
 * @throws CannotWrite, and what the model's own `save` does
 */
export async function addVersion(versions: string, model: DeployableModel, asNumber?: number): Promise<ModelManifest> {
  const number = asNumber ?? ((await listVersions(versions)).at(-1) ?? 0) + 1;
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
  await checkFiles(modelFolder(versions, number), files);
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
