/** Pictures that are nearly the same, by their perceptual hash and by features. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { findLeaks, findNearDuplicates } from "../../../src/kernel-lib/data/duplicates/find-duplicates.js";
import { featurePairs } from "../../../src/kernel-lib/data/duplicates/feature-pairs.js";
import { hashPairs } from "../../../src/kernel-lib/data/duplicates/hash-pairs.js";
import { hashDistance, perceptualHash, type PerceptualHash } from "../../../src/kernel-lib/data/perceptual-hash.js";
import { noiseImage, put, sharp, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const shapes = (seed: number) => noiseImage(6, 5, seed * 7919).resize(120, 90, { kernel: "cubic" });
const originals = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => shapes(seed).png().toBuffer()));

const ofHex = (hex: string): PerceptualHash => ({
  high: parseInt(hex.slice(0, 8), 16),
  low: parseInt(hex.slice(8), 16),
});

async function load(name: string, files: Record<string, Uint8Array>) {
  for (const [file, bytes] of Object.entries(files)) await put(join(folder, name, "label", file), bytes);
  return ClassificationDataset.createFromDir(name, join(folder, name));
}

describe("the perceptual hash", () => {
  test("is imagehash 4.3.2's to a few bits: decoders and resizers differ in the last one", async () => {
    const hashes = JSON.parse(readFileSync("test/fixtures/perceptual-hash/hashes.json", "utf8")) as Record<
      string,
      string
    >;
    expect(Object.keys(hashes).length).toBeGreaterThan(12);
    const own = await Promise.all(Object.keys(hashes).map((path) => perceptualHash(join("sample_data", path))));
    const theirs = Object.values(hashes).map(ofHex);
    const distances = own.map((hash, i) => hashDistance(hash, theirs[i] ?? { high: 0, low: 0 }));
    expect(Math.max(...distances)).toBeLessThanOrEqual(2);
    // Two different pictures are far apart, so the above is no accident.
    const strangers = own.slice(1).map((hash, i) => hashDistance(hash, theirs[i] ?? { high: 0, low: 0 }));
    expect(Math.min(...strangers)).toBeGreaterThan(6);
  });

  test("hardly changes with size, format, quality, brightness and turning by EXIF; a mirror image is another", async () => {
    const [picture = Buffer.alloc(0)] = originals;
    const hash = await perceptualHash(picture);
    const changed = {
      small: await sharp(picture).resize(60).toBuffer(),
      jpeg: await sharp(picture).jpeg({ quality: 30 }).toBuffer(),
      bright: await sharp(picture).modulate({ brightness: 1.15 }).toBuffer(),
      turned: await sharp(await sharp(picture).rotate(-90).toBuffer())
        .withMetadata({ orientation: 6 })
        .toBuffer(),
    };
    for (const [name, bytes] of Object.entries(changed)) {
      expect(hashDistance(hash, await perceptualHash(bytes)), name).toBeLessThanOrEqual(6);
    }
    expect(hashDistance(hash, await perceptualHash(await sharp(picture).flop().toBuffer()))).toBeGreaterThan(12);
  });

  test("distances count bits", () => {
    const half = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(half, half, half, half, (a, b, c, d) => {
        const bits = (n: number) => n.toString(2).replaceAll("0", "").length;
        expect(hashDistance({ high: a, low: b }, { high: c, low: d })).toBe(bits((a ^ c) >>> 0) + bits((b ^ d) >>> 0));
      }),
    );
  });
});

describe("pairs", () => {
  test("by bands are those that comparing all with all finds", () => {
    const bits = fc.array(fc.tuple(fc.nat(3), fc.nat(63)), { maxLength: 9 });
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 25 }), fc.nat(12), (flips, maxDistance) => {
        const bases: PerceptualHash[] = [0, 0xffffffff, 0x0f0f0f0f, 0x12345678].map((n) => ({
          high: n,
          low: n ^ 0xff,
        }));
        const hashes = flips.map((list) => {
          let { high, low } = bases[list[0]?.[0] ?? 0] ?? { high: 0, low: 0 };
          for (const [, bit] of list) {
            if (bit < 32) high = (high ^ (1 << bit)) >>> 0;
            else low = (low ^ (1 << (bit - 32))) >>> 0;
          }
          return { high, low: low >>> 0 };
        });
        const all = hashes.flatMap((x, a) =>
          hashes
            .map((y, b) => ({ a, b, distance: hashDistance(x, y) }))
            .filter(({ b, distance }) => b > a && distance <= maxDistance),
        );
        all.sort((p, q) => p.distance - q.distance || p.a - q.a || p.b - q.b);
        expect(hashPairs(hashes, maxDistance)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  test("of features are by angle; a row of zeros is near to none", async () => {
    const data = Float32Array.of(1, 0, 2, 0.02, 0, 1, 0, 0, 0, 0);
    const pairs = await featurePairs({ rows: 5, columns: 2, data }, 0.01);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([[0, 1]]);
    expect(pairs[0]?.distance).toBeCloseTo(1 - 1 / Math.hypot(1, 0.01), 6);
  });
});

describe("a data set", () => {
  test("with copies: pairs, groups, and a cell that shows them", async () => {
    const [one = Buffer.alloc(0), two = Buffer.alloc(0), three = Buffer.alloc(0)] = originals;
    const set = await load("copies", {
      "one.png": one,
      "one-small.jpg": await sharp(one).resize(70).jpeg().toBuffer(),
      "one-bright.png": await sharp(one).modulate({ brightness: 1.05 }).png().toBuffer(),
      "two.png": two,
      "two-again.png": await sharp(two).png({ compressionLevel: 1 }).toBuffer(),
      "three.png": three,
    });
    const seen: number[] = [];
    const report = await findNearDuplicates(set, { onProgress: ({ done }) => seen.push(done) });
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(report.groups.map((group) => group.map(({ name }) => name).sort())).toEqual([
      ["one-bright.png", "one-small.jpg", "one.png"],
      ["two-again.png", "two.png"],
    ]);
    expect(report.pairs).toHaveLength(4);
    const bundle = (report as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]?.();
    expect(bundle?.["text/plain"]).toContain("Near duplicates: 4 pairs in 2 groups among 6 pictures.");
    const encoded = /base64,([^"]+)"/.exec(bundle?.["text/html"] ?? "")?.[1] ?? "";
    expect((await sharp(Buffer.from(encoded, "base64")).metadata()).format).toBe("jpeg");
  });

  test("without: says so", async () => {
    const files = Object.fromEntries(originals.map((bytes, i) => [`${i}.png`, bytes]));
    const report = await findNearDuplicates(await load("distinct", files));
    expect([report.pairs, report.groups]).toEqual([[], []]);
    expect(
      String((report as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]?.()),
    ).toBe("Near duplicates: none among 6 pictures.");
  });

  test("leaks lead from train to test, and pairs within either are none", async () => {
    const [one = Buffer.alloc(0), two = Buffer.alloc(0), three = Buffer.alloc(0)] = originals;
    const copy = (bytes: Uint8Array) => sharp(bytes).jpeg({ quality: 80 }).toBuffer();
    const train = await load("train", { "a.png": one, "a-again.jpg": await copy(one), "b.png": two });
    const other = await load("test", {
      "b-copy.jpg": await copy(two),
      "c.png": three,
      "c-again.jpg": await copy(three),
    });
    const report = await findLeaks(train, other);
    expect(report.pairs.map(({ a, b }) => [a.name, b.name])).toEqual([["b.png", "b-copy.jpg"]]);
  });

  test("by a model's features", async () => {
    const set = await load("features", {
      "a.png": originals[0] ?? Buffer.alloc(0),
      "b.png": originals[1] ?? Buffer.alloc(0),
    });
    const model = { features: () => Promise.resolve({ rows: 2, columns: 2, data: Float32Array.of(1, 1, 2, 2.1) }) };
    const report = await findNearDuplicates(set, { model });
    expect(report.pairs.map(({ a, b }) => [a.name, b.name])).toEqual([["a.png", "b.png"]]);
    expect((await findNearDuplicates(set, { model, maxDistance: 1e-6 })).pairs).toEqual([]);
    const wrong = { features: () => Promise.resolve({ rows: 1, columns: 2, data: Float32Array.of(1, 1) }) };
    await expect(findNearDuplicates(set, { model: wrong })).rejects.toThrow("Expected features with 2 rows");
    await expect(findNearDuplicates(set, { maxDistance: 65 })).rejects.toThrow("maxDistance");
    await expect(findNearDuplicates(set, { signal: AbortSignal.abort() })).rejects.toThrow("stopped");
  });
});
