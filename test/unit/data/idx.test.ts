/** MNIST's files, good ones and bad ones. */
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { readIdx } from "../../../src/kernel-lib/data/idx.js";
import { IdxDataset } from "../../../src/kernel-lib/data/idx-dataset.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";

const fixtures = inRoot("test", "fixtures", "idx");
const digits = inRoot("sample_data", "digits");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-idx-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An idx file of bytes. */
function idx(shape: readonly number[], body: Uint8Array, type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, type, shape.length]);
  shape.forEach((length, i) => head.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([head, body]);
}

async function refusal(source: string | Uint8Array, options = {}): Promise<unknown> {
  return readIdx(source, options).then(
    () => expect.unreachable("it was read"),
    (error: unknown) => error,
  );
}

describe("readIdx", () => {
  it("reads every type as torchvision 0.24.1 does, compressed or not", async () => {
    interface Fixture {
      files: Record<string, { shape: number[]; values: number[] }>;
    }
    const { files } = JSON.parse(await readFile(join(fixtures, "idx.json"), "utf8")) as Fixture;
    expect(Object.keys(files)).toHaveLength(6);
    for (const [name, { shape, values }] of Object.entries(files)) {
      const read = await readIdx(join(fixtures, name));
      expect(read.shape, name).toEqual(shape);
      expect(Array.from(read.data), name).toEqual(values);
    }
  });

  it("reads what comes in pieces of any size", async () => {
    const body = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 256);
    const path = join(folder, "large.idx.gz");
    await writeFile(path, gzipSync(idx([200, 1000], body)));
    expect(Buffer.compare(Buffer.from((await readIdx(path)).data as Uint8Array), Buffer.from(body))).toBe(0);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "its header"],
    ["another magic number", Buffer.from([1, 0, 8, 1, 0, 0, 0, 0]), "its magic number"],
    ["an unknown type", idx([1], Buffer.alloc(1), 7), "its magic number"],
    ["no dimension", Buffer.from([0, 0, 8, 0]), "its magic number"],
    ["a picture", Buffer.from("\x89PNG\r\n\x1a\n"), "its magic number"],
    ["a header cut short", idx([3, 2], Buffer.alloc(6)).subarray(0, 9), "its header"],
    ["a body cut short", idx([3, 2], Buffer.alloc(5)), "its end"],
    ["a body that goes on", idx([3, 2], Buffer.alloc(7)), "its end"],
    ["gzip cut short", gzipSync(idx([3, 2], Buffer.alloc(6))).subarray(0, 20), "its compression"],
    ["gzip with a wrong check", flipped(gzipSync(idx([3, 2], Buffer.alloc(6))), -6), "its compression"],
  ])("refuses %s", async (_what, bytes, where) => {
    expect(await refusal(bytes)).toMatchObject({ code: "InvalidFile", details: { where } });
    const path = join(folder, "bad.idx");
    await writeFile(path, bytes);
    expect(await refusal(path)).toMatchObject({ code: "InvalidFile", details: { path, where } });
  });

  it("refuses a bomb before it has unfolded", async () => {
    // 64 MiB of zeros behind a header that announces six bytes, and one that announces more than anybody has.
    const bomb = gzipSync(idx([3, 2], Buffer.alloc(64 * 2 ** 20)));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await refusal(bomb)).toMatchObject({ details: { where: "its end" } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
    const giant = gzipSync(idx([60_000, 60_000], Buffer.alloc(10)));
    expect(await refusal(giant)).toMatchObject({ details: { where: "its dimensions" } });
    expect(await refusal(idx([3, 2], Buffer.alloc(6)), { maxBytes: 5 })).toMatchObject({
      details: { where: "its dimensions" },
    });
  });

  it("names a file that is not there, and a folder", async () => {
    expect(await refusal(join(folder, "none"))).toMatchObject({ code: "MissingFile" });
    expect(await refusal(folder)).toMatchObject({ code: "MissingFile" });
  });

  it("either reads any bytes at all or says in one sentence why not", async () => {
    const start = fc.constantFrom([], [0, 0, 8, 1], [0, 0, 13, 2, 0, 0, 0], [0x1f, 0x8b, 8, 0]);
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 64 }), async (head, tail) => {
        const outcome = await readIdx(Uint8Array.from([...head, ...tail])).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(isVitrineError(outcome, "InvalidFile")).toBe(true);
        else expect(outcome).toHaveProperty("shape");
      }),
      { numRuns: 300 },
    );
  });
});

describe("IdxDataset", () => {
  it("has pictures, labels and features of the digits", async () => {
    const test = await IdxDataset.fromFolder(digits, "test");
    expect([test.size(), test.width, test.height, test.classes]).toEqual([
      1000,
      28,
      28,
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ]);
    const { rows, columns, data } = test.features([7, 3]);
    expect([rows, columns]).toEqual([2, 784]);
    const { data: pixels } = test.image(3);
    expect(data.subarray(784)).toEqual(Float32Array.from(pixels, (value) => value / 255));
    expect(Math.max(...pixels)).toBeGreaterThan(150);
    expect(() => test.image(1000)).toThrow(/between 0 and 999/);
  });

  it("finds the files by the names of the documents, too", async () => {
    await writeFile(join(folder, "test-images.gz"), gzipSync(idx([2, 1, 2], Uint8Array.of(1, 2, 3, 4))));
    await writeFile(join(folder, "test-labels.gz"), gzipSync(idx([2], Uint8Array.of(5, 6))));
    expect((await IdxDataset.fromFolder(folder, "test")).labels).toEqual([5, 6]);
    await expect(IdxDataset.fromFolder(folder, "train")).rejects.toMatchObject({
      code: "MissingFile",
      message: expect.stringMatching(/train-images-idx3-ubyte\.gz and train-labels/) as string,
    });
  });

  it("refuses counts that differ and files that are mixed up", async () => {
    const [images, labels] = [join(folder, "images"), join(folder, "labels")];
    await writeFile(images, idx([2, 1, 1], Buffer.alloc(2)));
    await writeFile(labels, idx([3], Buffer.alloc(3)));
    await expect(IdxDataset.fromFiles(images, labels)).rejects.toMatchObject({
      code: "InvalidDataset",
      message: expect.stringMatching(/a label for each of the 2 pictures .* found 3/) as string,
    });
    await expect(IdxDataset.fromFiles(labels, images)).rejects.toMatchObject({ details: { where: "its header" } });
    await truncate(labels, 5);
    await expect(IdxDataset.fromFiles(images, labels)).rejects.toMatchObject({ code: "InvalidFile" });
  });

  it("has the digits that the script draws", async () => {
    const { drawDigits } = (await import(inRoot("sample_data", "render", "digits.mjs"))) as {
      drawDigits: (part: string, count: number) => { images: Uint8Array; labels: Uint8Array };
    };
    for (const part of ["train", "test"] as const) {
      const committed = await IdxDataset.fromFolder(digits, part);
      const drawn = drawDigits(part, 30);
      expect(committed.labels.slice(0, 30)).toEqual([...drawn.labels]);
      // Another processor's sine may differ in the last bit.
      const most = drawn.images.reduce(
        (worst, value, i) => Math.max(worst, Math.abs(value - (committed.pixels[i] ?? 0))),
        0,
      );
      expect(most).toBeLessThanOrEqual(1);
    }
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = copy.length + at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
