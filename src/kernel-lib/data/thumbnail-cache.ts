/**
 * Thumbnails on disk: a folder of 100,000 pictures is made small once. The cache lies in the context's temporary folder and may be deleted
 * at any time; what can't be read or written is made again. A picture that was replaced under its name is another one.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { Context } from "../structures/context.js";
import { thumbnail, type EncodedPicture } from "./thumbnail.js";

/** Larger ones are looked at one by one: they are made when they are asked for. */
const LARGEST = 512;
/** The oldest go when there are more bytes than that. */
const MOST_BYTES = 1024 ** 3;
/** Bytes written between two looks at how much there is. */
const LOOK_AFTER = 64 * 1024 ** 2;

let written = 0;

/** As `thumbnail` makes it, from disk where it was made before. @throws as `thumbnail` */
export async function cachedThumbnail(path: string, side: number): Promise<EncodedPicture> {
  if (side > LARGEST) return thumbnail(path, side);
  const file = await fileOf(path, side);
  const kept = file && (await readFile(file).catch(() => undefined));
  const size = kept && sizeOf(kept);
  if (size) return { bytes: new Uint8Array(kept.buffer, kept.byteOffset, kept.length), ...size };
  const made = await thumbnail(path, side);
  if (file) void keep(file, made.bytes);
  return made;
}

async function fileOf(path: string, side: number): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) return undefined;
  const key = createHash("sha256").update(`${side} ${facts.mtimeMs} ${facts.size} ${path}`).digest("hex");
  return join(folder(), key.slice(0, 2), `${key.slice(2, 40)}.jpg`);
}

const folder = (): string => join(Context.global().tempPath, "thumbnails");

/** Under another name first: nobody reads half a picture. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
    const beside = `${file}.${randomUUID()}`;
    await writeFile(beside, bytes);
    await rename(beside, file);
    written += bytes.byteLength;
    if (written > LOOK_AFTER) {
      written = 0;
      await prune();
    }
  } catch {
    // A full disk: the picture is made again the next time.
  }
}

async function prune(): Promise<void> {
  const names = await readdir(folder(), { recursive: true });
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder(), name);
      const facts = await stat(path).catch(() => undefined);
      return facts?.isFile() === true ? [{ path, size: facts.size, age: facts.mtimeMs }] : [];
    }),
  );
  const oldest = files.flat().sort((a, b) => a.age - b.age);
  let bytes = oldest.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of oldest) {
    if (bytes <= MOST_BYTES) return;
    bytes -= size;
    await rm(path, { force: true });
  }
}

/** Width and height of a JPEG, from its frame header (ITU-T T.81, B.2.2). */
function sizeOf(jpeg: Buffer): { mime: string; width: number; height: number } | undefined {
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff;) {
    const marker = jpeg[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { mime: "image/jpeg", width: jpeg.readUInt16BE(at + 7), height: jpeg.readUInt16BE(at + 5) };
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return undefined;
}
