import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { maskedCrc32c } from "../../../src/kernel-lib/hub/crc32c.js";
import { readBundleIndex } from "../../../src/kernel-lib/hub/tensor-bundle.js";
import { readTensorflowCheckpoint } from "../../../src/kernel-lib/hub/tensorflow-checkpoint.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { expectTensors, type Described } from "./fixture.js";

const fixture = (...parts: string[]) =>
  join(fileURLToPath(new URL("../../fixtures/tensorflow", import.meta.url)), ...parts);
const { oracle, files } = JSON.parse(readFileSync(fixture("tensors.json"), "utf8")) as {
  oracle: string;
  files: Record<"detection" | "objects" | "saved-model" | "sharded", Record<string, Described>>;
};

const folder = mkdtempSync(join(tmpdir(), "vitrine-checkpoint-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the index's block of metadata begins, as its footer says. */
const METADATA = 1227;

const errorOf = async (promise: Promise<unknown>): Promise<VitrineError> =>
  (await promise.catch((reason: unknown) => reason)) as VitrineError;

/** A copy of a checkpoint whose bytes `change` may alter. */
function changed(part: "index" | "data-00000-of-00001", change: (bytes: Buffer) => Buffer): string {
  const home = mkdtempSync(join(folder, "changed-"));
  cpSync(fixture("detection"), home, { recursive: true });
  const path = join(home, `model.ckpt.${part}`);
  writeFileSync(path, change(readFileSync(path)));
  return home;
}

describe("checkpoints match tensorflow 2.21.0", () => {
  it("in fixtures of its own making", () => {
    expect(oracle).toBe("tensorflow 2.21.0");
    expect(Object.keys(files.detection)).toHaveLength(33);
  });

  it.each([
    ["a prefix", "detection", ["detection", "model.ckpt"]],
    ["its index", "detection", ["detection", "model.ckpt.index"]],
    ["its numbers", "detection", ["detection", "model.ckpt.data-00000-of-00001"]],
    ["a folder that says which is the latest, on another machine", "detection", ["detection"]],
    ["an object's variables", "objects", ["objects", "ckpt"]],
    ["a SavedModel's folder", "saved-model", ["saved-model"]],
    ["a SavedModel's variables", "saved-model", ["saved-model", "variables"]],
    ["numbers in two files", "sharded", ["sharded", "model.ckpt"]],
  ] as const)("%s", async (_, name, path) => {
    expectTensors(await readTensorflowCheckpoint(fixture(...path)), files[name]);
  });

  it("with the variables' own names, where there is one of that name", async () => {
    const found = await readTensorflowCheckpoint(fixture("objects", "ckpt"), { names: "variable" });
    const end = ".ATTRIBUTES/VARIABLE_VALUE";
    const counter = [...found.keys()].filter((name) => name.startsWith("save_counter"));
    const twins = [`net/twins/0/${end}`, `net/twins/1/${end}`];
    expect([...found.keys()].sort()).toEqual([...counter, "conv1/bias", "conv1/kernel", ...twins].sort());
    expect(found.get("conv1/kernel")?.shape).toEqual([2, 2, 3, 2]);
    // TensorFlow 1 says none: the keys are the names.
    expectTensors(await readTensorflowCheckpoint(fixture("detection"), { names: "variable" }), files.detection);
  });
});

describe("readTensorflowCheckpoint refuses", () => {
  it("what is not there, and an option that nobody knows", async () => {
    const missing = await errorOf(readTensorflowCheckpoint(join(folder, "none")));
    expect(isVitrineError(missing, "MissingFile")).toBe(true);
    const half = changed("index", (bytes) => bytes);
    rmSync(join(half, "model.ckpt.data-00000-of-00001"));
    expect((await errorOf(readTensorflowCheckpoint(half))).message).toContain(
      "data-00000-of-00001: expected a weights file",
    );
    await expect(readTensorflowCheckpoint(half, { name: "key" } as object)).rejects.toThrow('received "name"');
    await expect(readTensorflowCheckpoint(half, { names: "all" as "key" })).rejects.toThrow('one of "key", "variable"');
  });

  it.each([
    [
      "numbers that were changed",
      "data-00000-of-00001",
      (b: Buffer) => flip(b, 300),
      "bytes of the checksum in the index",
    ],
    [
      "numbers that end early",
      "data-00000-of-00001",
      (b: Buffer) => b.subarray(0, 500),
      "but found the end of the file",
    ],
    [
      "another file",
      "index",
      () => Buffer.alloc(200, 7),
      "the footer: expected the end of a TensorFlow checkpoint's index",
    ],
    ["an empty file", "index", () => Buffer.alloc(0), "the footer: expected at least 48 bytes"],
    [
      "a changed index",
      "index",
      (b: Buffer) => flip(b, 20),
      "expected a block of this checksum but found changed bytes",
    ],
  ] as const)("%s", async (_, part, change, message) => {
    const error = await errorOf(readTensorflowCheckpoint(changed(part, change)));
    expect(isVitrineError(error, "InvalidFile")).toBe(true);
    expect(error.message).toContain(message);
  });

  it("an index cut short anywhere", () => {
    const whole = readFileSync(fixture("detection", "model.ckpt.index"));
    for (let end = 0; end < whole.length; end++) {
      expect(() => readBundleIndex("x.index", whole.subarray(0, end))).toThrow(
        expect.objectContaining({ code: "InvalidFile" }),
      );
    }
  });

  it("any bytes changed, by a typed error, also behind a checksum that was made to fit", () => {
    const whole = readFileSync(fixture("detection", "model.ckpt.index"));
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean(), (changes, mended) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        if (mended) mend(bytes);
        try {
          readBundleIndex("x.index", bytes);
        } catch (error) {
          if (!isVitrineError(error, "InvalidFile")) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const flip = (bytes: Buffer, at: number) => {
  bytes[at] = bytes.readUInt8(at) ^ 1;
  return bytes;
};

/** Gives the block of all names the checksum of what is in it now. Eight bytes and a trailer of metadata lie behind it. */
function mend(bytes: Buffer): void {
  const end = METADATA - 5;
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, end + 1)), end + 1);
}
