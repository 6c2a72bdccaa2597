import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { beforeEach, expect, onTestFinished, test } from "vitest";

import { thumbnail } from "../../../src/kernel-lib/data/thumbnail.js";
import { cachedThumbnail } from "../../../src/kernel-lib/data/thumbnail-cache.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-thumbnails-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  Context.create({ tempPath: join(folder, "temp"), outputsPath: folder, persistentPath: folder });
});

async function picture(name: string, red: number): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { width: 300, height: 200, channels: 3, background: { r: red, g: 90, b: 90 } } })
    .jpeg()
    .toFile(path);
  return path;
}

const kept = async () => {
  const names = await readdir(join(folder, "temp", "thumbnails"), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".jpg"));
};

test("the second time it comes from disk, with the size that it was made with", async () => {
  const path = await picture("a.jpg", 10);
  const made = await thumbnail(path, 96);
  expect(await cachedThumbnail(path, 96)).toEqual(made);
  await expect.poll(kept).toHaveLength(1);
  const [name = ""] = await kept();
  const again = await cachedThumbnail(path, 96);
  expect([again.width, again.height, again.mime]).toEqual([96, 64, "image/jpeg"]);
  expect(Buffer.from(again.bytes).equals(Buffer.from(made.bytes))).toBe(true);
  // What is no picture any more is made again.
  await writeFile(join(folder, "temp", "thumbnails", name), "broken");
  expect((await cachedThumbnail(path, 96)).width).toBe(96);
});

test("a file that was replaced under its name is another picture; large ones are not kept", async () => {
  const path = await picture("a.jpg", 10);
  await cachedThumbnail(path, 96);
  await expect.poll(kept).toHaveLength(1);
  await picture("a.jpg", 250);
  await utimes(path, new Date(2_000_000_000_000), new Date(2_000_000_000_000));
  const now = await cachedThumbnail(path, 96);
  expect((await sharp(now.bytes).stats()).channels[0]?.mean).toBeGreaterThan(200);
  await expect.poll(kept).toHaveLength(2);
  await cachedThumbnail(path, 1024);
  expect(await kept()).toHaveLength(2);
});
