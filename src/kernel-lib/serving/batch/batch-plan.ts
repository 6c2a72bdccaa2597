/**
 * Which pictures are in which shard: written once, before anybody scores, so that all workers mean the same by a number whatever comes
 * into the folder meanwhile.
 */
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { z } from "zod";

import { looksLikePicture } from "../../data/picture-file.js";
import { quote, VitrineError } from "../../structures/errors.js";

const batchPlan = z.object({
  format: z.literal("vitrine.batch"),
  version: z.literal(1),
  shards: z.number().int().min(1),
  /** Relative to the input, with forward slashes, sorted. */
  pictures: z.array(z.string()),
});

export type BatchPlan = z.infer<typeof batchPlan>;

const PLAN = "plan.json";
const HEAD = 16;

/** Of a shard: as many as of any other, but for one. */
export function picturesOf({ pictures, shards }: BatchPlan, shard: number): string[] {
  const bound = (index: number) => Math.floor((index * pictures.length) / shards);
  return pictures.slice(bound(shard), bound(shard + 1));
}

/** The plan that is there, else a new one; of several who make it at the same time, one wins. @throws InvalidDataset, InvalidFile */
export async function openPlan(input: string, output: string, shards: number): Promise<BatchPlan> {
  const path = join(output, PLAN);
  const known = await readPlan(path);
  if (known) return known;
  const pictures = await findPictures(input);
  if (pictures.length === 0)
    throw new VitrineError("InvalidDataset", { path: input, reason: "there is no picture in it" });
  const plan: BatchPlan = { format: "vitrine.batch", version: 1, shards: Math.min(shards, pictures.length), pictures };
  await publish(path, `${JSON.stringify(plan)}\n`);
  return (await readPlan(path)) ?? plan;
}

export async function readPlan(path: string): Promise<BatchPlan | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = batchPlan.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new VitrineError("InvalidFile", {
    path,
    where: "the whole",
    expected: "a plan",
    received: quote(text.slice(0, 40)),
  });
}

/** By what is in them, whatever their names; hidden ones are nobody's. */
async function findPictures(input: string): Promise<string[]> {
  const entries = await readdir(input, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const reason = { ENOENT: "there is none", ENOTDIR: "it is a file" }[code] ?? code;
    throw new VitrineError("MissingFile", { path: input, what: "a folder of pictures", reason }, { cause });
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(input, path).split(sep).join("/");
    if (entry.isFile() && !/(^|\/)\./.test(name) && (await isPicture(path))) found.push(name);
  }
  return found.sort();
}

async function isPicture(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD), 0, HEAD, 0);
    return looksLikePicture(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/**
 * Puts a file there whole, unless there is one. Who comes second is told so, and what they had is dropped: that is how each shard counts
 * once, whoever scored it how often.
 */
export async function publish(path: string, content: string): Promise<"first" | "second"> {
  await mkdir(join(path, ".."), { recursive: true });
  const beside = `${path}.${randomUUID()}.part`;
  const file = await open(beside, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(beside, path);
    return "first";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return "second";
    throw new VitrineError(
      "CannotWrite",
      { path, what: "a shard's results", reason: (error as NodeJS.ErrnoException).code ?? String(error) },
      { cause: error },
    );
  } finally {
    await rm(beside, { force: true });
  }
}
