import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { encodeSafetensors, writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { expectTensors, files, fixturePath, oracle } from "./fixture.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-safetensors-"));
});
afterAll(() => rm(folder, { recursive: true }));

const path = fixturePath("every-type.safetensors");

describe("safetensors match the safetensors package 0.8.0", () => {
  it("in every type, subnormals, infinities, odd names, scalars and empty tensors", async () => {
    expect(oracle).toContain("safetensors 0.8.0");
    expectTensors(await readSafetensors(path), files["every-type.safetensors"] ?? {});
    expectTensors(await readSafetensors(await readFile(path)), files["every-type.safetensors"] ?? {});
  });

  it("byte for byte, when written again", async () => {
    const bytes = encodeSafetensors(await readSafetensors(path), { format: "pt" });
    expect(Buffer.from(bytes).equals(await readFile(path))).toBe(true);
  });
});

describe("safetensors are written", () => {
  const tensors = new Map<string, Tensor>([["w", { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) }]]);

  it("whole, with nothing left beside, over what was there", async () => {
    const target = join(folder, "kept", "model.safetensors");
    await writeSafetensors(target, tensors);
    await writeSafetensors(target, tensors, { note: "again" });
    expect(await readdir(join(folder, "kept"))).toEqual(["model.safetensors"]);
    expect(await readSafetensors(target)).toEqual(tensors);
  });

  it("alike whatever the order they came in", () => {
    const [a, b] = [{ dtype: "I8", shape: [1], data: Int8Array.of(1) } as const, tensors.get("w")] as [Tensor, Tensor];
    const one = encodeSafetensors(
      new Map([
        ["a", a],
        ["b", b],
      ]),
      { x: "1", y: "2" },
    );
    const two = encodeSafetensors(
      new Map([
        ["b", b],
        ["a", a],
      ]),
      { y: "2", x: "1" },
    );
    expect(one).toEqual(two);
  });

  it.each<[string, Tensor]>([
    ["a shape that contradicts the numbers", { dtype: "F32", shape: [3], data: Float32Array.of(1) }],
    ["numbers of another type", { dtype: "F64", shape: [1], data: Float32Array.of(1) }],
    ["a negative side", { dtype: "F32", shape: [-1, -1], data: Float32Array.of(1) }],
  ])("not with %s", (_, tensor) => {
    expect(() => encodeSafetensors(new Map([["w", tensor]]))).toThrow('for tensor "w"');
  });

  it("and read back as they were, whatever is in them", async () => {
    const tensor: fc.Arbitrary<Tensor> = fc.oneof(
      fc.float32Array().map((data) => ({ dtype: "F32" as const, shape: [data.length], data })),
      fc.float64Array().map((data) => ({ dtype: "F64" as const, shape: [1, data.length], data })),
      fc.bigInt64Array().map((data) => ({ dtype: "I64" as const, shape: [data.length], data })),
      fc.uint8Array().map((data) => ({ dtype: "U8" as const, shape: [data.length, 1], data })),
      fc.int16Array().map((data) => ({ dtype: "I16" as const, shape: [data.length], data })),
    );
    const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "__metadata__");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, tensor), { maxLength: 6 }), async (entries) => {
        const given = new Map(entries);
        const found = await readSafetensors(encodeSafetensors(given));
        expect([...found.keys()].sort()).toEqual([...given.keys()].sort());
        for (const [key, value] of given) expect(found.get(key)).toEqual(value);
      }),
    );
  });
});

/** A file with that header; `length` is what its first eight bytes claim. */
function file(header: unknown, body = 0, length?: number): Uint8Array {
  const json = typeof header === "string" ? header : JSON.stringify(header);
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(length ?? Buffer.byteLength(json)));
  return Buffer.concat([head, Buffer.from(json), Buffer.alloc(body)]);
}
const entry = (dtype: unknown, shape: unknown, offsets: unknown) => ({ dtype, shape, data_offsets: offsets });

describe("safetensors refuse, naming file, field, what was expected and what came", () => {
  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(), "header length (bytes 0 to 8): expected 8 bytes but found"],
    [
      "a header longer than the file",
      file("{}", 0, 1000),
      "expected at most 2, as the file has 10 bytes, but found 1000",
    ],
    [
      "a header over the format's limit",
      file("{}", 0, 2 ** 52),
      "expected at most 100000000 but found 4503599627370496",
    ],
    ["a header that is no JSON", file("{nope}"), "header: expected JSON in UTF-8 but found"],
    ["a header that begins otherwise", file(" {}"), "header (byte 8): expected { but found"],
    [
      "a header cut within a character",
      file(Buffer.from('{"é').subarray(0, 3).toString("latin1")),
      "header: expected JSON",
    ],
    ["an unknown type", file({ w: entry("F4", [2], [0, 1]) }, 1), 'tensor "w", dtype: expected one of F64, F32'],
    [
      "a type from Object.prototype",
      file({ w: entry("toString", [1], [0, 1]) }, 1),
      'tensor "w", dtype: expected one of',
    ],
    ["a wrong type", file({ w: entry("F16", [2], [0, 8]) }, 8), "expected 4 bytes for F16 of shape [2] but found 8"],
    [
      "a negative side",
      file({ w: entry("F32", [-1], [0, 4]) }, 4),
      'tensor "w", shape: expected a list of whole numbers',
    ],
    [
      "a shape beyond all numbers",
      file({ w: entry("F32", [2 ** 50, 2 ** 50], [0, 4]) }, 4),
      "of shape [1125899906842624",
    ],
    ["offsets turned round", file({ w: entry("F32", [1], [4, 0]) }, 4), 'tensor "w", data_offsets: expected 4 bytes'],
    ["one offset", file({ w: entry("F32", [1], [4]) }, 4), "data_offsets: expected two whole numbers but found [4]"],
    [
      "a range beyond the file",
      file({ w: entry("F32", [2], [0, 8]) }, 4),
      "an end of at most 4, where the file ends, but",
    ],
    [
      "overlapping ranges",
      file({ a: entry("F32", [2], [0, 8]), b: entry("F32", [2], [4, 12]) }, 12),
      'tensor "b", data_offsets: expected a begin of 8: ranges may not overlap, but found 4',
    ],
    [
      "a gap",
      file({ a: entry("F32", [1], [0, 4]), b: entry("F32", [1], [8, 12]) }, 12),
      'tensor "b", data_offsets: expected a begin of 4: ranges may not leave gaps, but found 8',
    ],
    [
      "bytes that belong to nothing",
      file({ w: entry("F32", [1], [0, 4]) }, 9),
      "data: expected 4 bytes after the header but found 9",
    ],
    [
      "an entry that is none",
      file({ w: 3 }),
      'tensor "w": expected an object with dtype, shape and data_offsets but found 3',
    ],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }), '__metadata__, "a": expected a text but found 1'],
  ])("%s", async (_, bytes, message) => {
    const target = join(folder, "broken.safetensors");
    await writeFile(target, bytes);
    for (const from of [bytes, target]) {
      const error = (await readSafetensors(from).catch((reason: unknown) => reason)) as VitrineError;
      expect(isVitrineError(error, "InvalidFile")).toBe(true);
      expect(error.message).toContain(message);
      expect(error.message.startsWith(`${typeof from === "string" ? target : "(bytes)"}, `)).toBe(true);
    }
  });

  it("a file that is not there, and a folder", async () => {
    await expect(readSafetensors(join(folder, "none"))).rejects.toThrow("expected a weights file, but there is none");
    await expect(readSafetensors(folder)).rejects.toThrow("it is not a file");
  });

  it("a file cut short at every byte", async () => {
    const whole = await readFile(path);
    for (let end = 0; end < whole.length; end++) {
      await expect(readSafetensors(whole.subarray(0, end))).rejects.toSatisfy((e) => isVitrineError(e, "InvalidFile"));
    }
  });

  it("foreign bytes, always by a typed error", async () => {
    const header = fc.dictionary(
      fc.string(),
      fc.record({
        dtype: fc.constantFrom("F32", "U8", "X"),
        shape: fc.array(fc.nat(4)),
        data_offsets: fc.array(fc.nat(20)),
      }),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.tuple(fc.jsonValue(), fc.nat(20)).map(([json, body]) => file(json, body)),
      fc.tuple(header, fc.nat(20)).map(([json, body]) => file(json, body)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        const outcome: unknown = await readSafetensors(input).catch((error: unknown) => error);
        expect(outcome instanceof Map || isVitrineError(outcome, "InvalidFile")).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
