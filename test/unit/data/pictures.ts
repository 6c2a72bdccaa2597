/** Picture files for the tests, made when they run: small ones by sharp, huge ones by streaming zeros through zlib. */
import { mkdtempSync, rmSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, createDeflate } from "node:zlib";
import { createRequire } from "node:module";
import type SharpModule from "sharp";
import { afterAll } from "vitest";

// sharp belongs to the library's workspace, not to the tests'.
const require = createRequire(new URL("../../../src/kernel-lib/package.json", import.meta.url));
export const sharp = require("sharp") as typeof SharpModule;

/** A folder that is gone after the tests, readable for every user. */
export async function temporaryFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-test-"));
  await chmod(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function put(path: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** Seeded, so that a JPEG of it has something to truncate. */
export function noise(width: number, height: number, channels: 1 | 2 | 3 | 4 = 3, seed = 1): Buffer {
  const data = Buffer.alloc(width * height * channels);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return data;
}

export function noiseImage(width = 40, height = 30, seed = 1) {
  return sharp(noise(width, height, 3, seed), { raw: { width, height, channels: 3 } });
}

/** A PNG of zeros: `depth` bits of grey a pixel. */
export async function zeroPng(width: number, height: number, depth: 1 | 8): Promise<Buffer> {
  const row = Buffer.alloc(1 + Math.ceil((width * depth) / 8));
  const deflate = createDeflate({ level: 9 });
  const parts: Buffer[] = [];
  deflate.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => deflate.once("end", resolve));
  for (let y = 0; y < height; y++) {
    if (!deflate.write(row)) await new Promise((resolve) => deflate.once("drain", resolve));
  }
  deflate.end();
  await ended;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  const chunks = [chunk("IHDR", header), chunk("IDAT", Buffer.concat(parts)), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
