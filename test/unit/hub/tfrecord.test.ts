/** TensorFlow's record files: its own reader reads ours, we read its, and what is damaged is refused by number. */
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { tfExamples } from "../../../src/kernel-lib/data/tf-examples.js";
import { readTfRecord, writeTfRecord } from "../../../src/kernel-lib/hub/tfrecord.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { TfExample } from "../../../src/kernel-lib/structures/tf-example.js";

const fixture = JSON.parse(readFileSync("test/fixtures/tfrecord/tfrecord.json", "utf8")) as {
  ours: string;
  read: Record<string, [string, (string | number)[]]>[];
  written: string;
};
const text = (value: string) => new TextEncoder().encode(value);
/** As test/fixtures/tfrecord/write.mjs has them. */
const examples: TfExample[] = [
  {
    name: [text("Tasse ☕"), text("")],
    scores: Float32Array.of(0.5, -1e-30, 3e38),
    ids: BigInt64Array.of(0n, -1n, 2n ** 62n),
  },
  { none: [], noFloats: new Float32Array(), noIds: new BigInt64Array() },
  { picture: [Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256)] },
];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tfrecord-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function all(path: string): Promise<TfExample[]> {
  const found: TfExample[] = [];
  for await (const example of readTfRecord(path)) found.push(example);
  return found;
}

/** As the fixture's script tells what TensorFlow has read. */
function plain(example: TfExample): Record<string, [string, (string | number)[]]> {
  return Object.fromEntries(
    Object.entries(example).map(([name, feature]): [string, [string, (string | number)[]]] => {
      if (feature instanceof Float32Array) return [name, ["float_list", [...feature]]];
      if (feature instanceof BigInt64Array) return [name, ["int64_list", [...feature].map(String)]];
      return [name, ["bytes_list", feature.map((bytes) => Buffer.from(bytes).toString("base64"))]];
    }),
  );
}

describe("TensorFlow 2.21.0", () => {
  test("reads our file as it was meant, checksums and all", async () => {
    const path = join(folder, "ours");
    expect(await writeTfRecord(path, examples)).toBe(3);
    expect((await readFile(path)).toString("base64")).toBe(fixture.ours);
    expect(fixture.read).toEqual(examples.map(plain));
  });

  test("writes what we read", async () => {
    const path = join(folder, "theirs");
    await writeFile(path, Buffer.from(fixture.written, "base64"));
    expect((await all(path)).map(plain)).toEqual(
      [0, 1, 2].map((number) => ({
        name: [
          "bytes_list",
          [text("Löffel"), Uint8Array.of(0, 255)].map((bytes) => Buffer.from(bytes).toString("base64")),
        ],
        scores: ["float_list", [number + 0.25, -2.5]],
        ids: ["int64_list", [String(-number), String(2n ** 53n + 1n)]],
        empty: ["float_list", []],
      })),
    );
  });
});

test("any examples come back", async () => {
  const path = join(folder, "any");
  const feature = fc.oneof(fc.array(fc.uint8Array()), fc.float32Array({ noNaN: true }), fc.bigInt64Array());
  const example = fc.dictionary(fc.string({ unit: "grapheme" }), feature, { noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(fc.array(example, { maxLength: 4 }), async (given) => {
      await writeTfRecord(path, given);
      expect((await all(path)).map(plain)).toEqual(given.map(plain));
    }),
    { numRuns: 40 },
  );
});

describe("a file that is damaged", () => {
  test("in any bit is refused with its name and the record's number; the records before it are given", async () => {
    const whole = Buffer.from(fixture.written, "base64");
    const length = Number(whole.readBigUInt64LE(0)) + 16;
    const path = join(folder, "damaged");
    for (let at = 0; at < whole.length; at += 5) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at);
      await writeFile(path, bytes);
      const number = at < length ? 0 : at < length + (whole.length - length) / 2 ? 1 : 2;
      let given = 0;
      const reading = (async () => {
        for await (const record of readTfRecord(path)) given += Number(typeof record === "object");
      })();
      await expect(reading).rejects.toThrow(
        new RegExp(`damaged, record ${number}: expected checksum 0x[0-9a-f]{8} of its (length|bytes)`),
      );
      expect(given).toBe(number);
    }
  });

  test("cut short anywhere, or with a length beyond its end", async () => {
    const whole = Buffer.from(fixture.ours, "base64");
    const path = join(folder, "cut");
    for (const length of [1, 11, 12, 40, 103, 110, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      await expect(all(path)).rejects.toSatisfy((error) => isVitrineError(error, "InvalidFile"));
    }
    await writeFile(path, "");
    expect(await all(path)).toEqual([]);
  });

  test("or isn't there, or is a folder", async () => {
    await expect(all(join(folder, "gone"))).rejects.toThrow("expected a file of records, but there is no such file");
    await expect(all(folder)).rejects.toSatisfy((error) => isVitrineError(error, "MissingFile"));
  });
});

describe("data sets as examples", () => {
  test("boxes as shares, classes from 1, the picture's own bytes", async () => {
    const set = await ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/test");
    const path = join(folder, "fridge");
    expect(await writeTfRecord(path, tfExamples(set))).toBe(5);
    const [first = {}] = await all(path);
    const image = set.images[0];
    expect(first["image/encoded"]).toEqual([new Uint8Array(await readFile(image?.storagePath ?? ""))]);
    expect(first["image/width"]).toEqual(BigInt64Array.of(480n));
    expect(first["image/object/bbox/xmax"]).toEqual(Float32Array.from(image?.boxes ?? [], ({ xmax }) => xmax / 480));
    expect(first["image/object/class/text"]).toEqual(image?.boxes.map(({ label }) => text(label)));
    expect(first["image/object/class/label"]).toEqual(
      BigInt64Array.from(image?.boxes ?? [], ({ label }) => BigInt(set.labels.indexOf(label) + 1)),
    );
  });

  test("labels, several too", async () => {
    const set = ClassificationDataset.create("set");
    await set.addImage("sample_data/fridge/test/JPEGImages/fridge-26.jpg", ["b", "a"]);
    const path = join(folder, "labels");
    await writeTfRecord(path, tfExamples(set));
    const [first = {}] = await all(path);
    expect([first["image/class/text"], first["image/class/label"]]).toEqual([
      [text("b"), text("a")],
      BigInt64Array.of(1n, 2n),
    ]);
  });
});

test("a source that fails, or a signal, leaves nothing", async () => {
  const path = join(folder, "nothing");
  const failing = function* (): Generator<TfExample> {
    yield {};
    throw new Error("no more");
  };
  await expect(writeTfRecord(path, failing())).rejects.toThrow("no more");
  await expect(writeTfRecord(path, examples, { signal: AbortSignal.abort() })).rejects.toThrow("stopped");
  expect(readdirSync(folder).filter((name) => name.includes("nothing"))).toEqual([]);
});
