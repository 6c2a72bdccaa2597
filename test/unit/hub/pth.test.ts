import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPth } from "../../../src/kernel-lib/hub/pth.js";
import { readWeights } from "../../../src/kernel-lib/hub/read-weights.js";
import { unpickle } from "../../../src/kernel-lib/hub/unpickler.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { expectTensors, files, fixturePath, oracle } from "./fixture.js";

const errorOf = async (promise: Promise<unknown>): Promise<VitrineError> =>
  (await promise.catch((reason: unknown) => reason)) as VitrineError;

describe(".pth files match torch 2.9.1", () => {
  const names = Object.keys(files).filter((name) => name.endsWith(".pth"));

  it("on fixtures of its own making", () => {
    expect(oracle).toContain("torch 2.9.1");
    expect(names.length).toBe(9);
  });

  it.each(names)("%s", async (name) => {
    const expected = files[name] ?? {};
    expectTensors(await readPth(fixturePath(name)), expected);
    expectTensors(await readPth(await readFile(fixturePath(name))), expected);
    expectTensors(await readWeights(fixturePath(name)), expected);
  });

  it("and give the same tensors as safetensors, found by content", async () => {
    const found = await readWeights(fixturePath("every-type.safetensors"));
    expectTensors(found, files["every-type.pth"] ?? {});
  });
});

describe(".pth files that would run something are refused by name, and nothing is run", () => {
  it.each([
    // Where os.system really lives, which is what Python's pickle names.
    ["malicious.pth", "posix.system"],
    ["malicious-legacy.pth", "posix.system"],
    ["malicious-pickle.pth", "builtins.eval"],
    ["malicious-inst.pth", "os.system"],
    ["whole-module.pth", "torch.nn.modules.container.Sequential"],
  ])("%s asks for %s", async (name, global) => {
    for (const read of [readPth, readWeights]) {
      const error = await errorOf(read(fixturePath(name)));
      expect(isVitrineError(error, "UnsafePickle") && error.details.global).toBe(global);
      expect(error.message).toContain(name);
      expect(error.message).toContain("it was refused and nothing was run");
    }
    expect(existsSync("this-must-not-exist")).toBe(false);
  });

  const text = (value: string) => `\x8c${String.fromCharCode(value.length)}${value}`;
  it.each([
    ["GLOBAL", "\x80\x02cos\nsystem\n.", "os.system"],
    ["STACK_GLOBAL", `\x80\x04${text("os")}${text("system")}\x93.`, "os.system"],
    ["EXT1", "\x80\x02\x82\x07.", "extension 7"],
    ["a name beside an allowed one", "\x80\x02ctorch._utils\n_rebuild_qtensor\n.", "torch._utils._rebuild_qtensor"],
    ["a dotted way round", "\x80\x02ctorch\nstorage.os.system\n.", "torch.storage.os.system"],
    ["a name of Object.prototype", "\x80\x02cconstructor\n__proto__\n.", "constructor.__proto__"],
  ])("by %s", (_, program, global) => {
    const run = () => unpickle("x.pth", Buffer.from(program, "latin1"));
    expect(run).toThrow(expect.objectContaining({ code: "UnsafePickle", details: { path: "x.pth", global } }));
  });
});

describe(".pth files refuse", () => {
  it.each([
    ["torchscript.pt", "archive: expected weights by torch.save(model.state_dict()) but found a TorchScript program"],
    ["compressed.pth", "expected an entry that is stored as it is but found a compressed or encrypted one"],
  ])("%s", async (name, message) => {
    const error = await errorOf(readPth(fixturePath(name)));
    expect(isVitrineError(error, "InvalidFile")).toBe(true);
    expect(error.message).toContain(message);
  });

  it.each([
    ["a call of no function", "\x80\x02K\x01)R.", "expected a function to call but found 1"],
    [
      "a call of a type",
      "\x80\x02ctorch\nFloatStorage\n)R.",
      "expected a function that rebuilds a tensor but found torch.Float",
    ],
    ["an empty stack", "\x80\x020.", "expected a value on the stack but found an empty stack"],
    ["no mark", "\x80\x02t.", "expected a mark on the stack but found none"],
    ["a value never remembered", "\x80\x02h\x05.", "expected a value remembered as 5 but found none"],
    ["the end", "\x80\x02X\xff\xff\xff\xff", "more bytes but found the end of the file"],
    ["an unknown instruction", "\x80\x02\xff", "expected an instruction that builds weights but found 0xff"],
    ["a tensor without storage", "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.", "expected a storage for a tensor"],
    ["a foreign persistent id", "\x80\x02)Q.", "expected a storage but found a list or tuple"],
    ["appending to a number", "\x80\x02K\x01K\x02a.", "expected a list to append to but found 1"],
  ])("%s", (_, program, message) => {
    expect(() => unpickle("x.pth", Buffer.from(program, "latin1"))).toThrow(message);
  });

  it("a dict without tensors, saying what it has", async () => {
    // torch.save({"epoch": 1}), by hand in the old format's five pickles.
    const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
    const rest =
      "\x80\x02M\xe9\x03.\x80\x02}X\x0d\x00\x00\x00little_endian\x88s.\x80\x02}X\x05\x00\x00\x00epochK\x01s.\x80\x02].";
    const error = await errorOf(readPth(Buffer.concat([magic, Buffer.from(rest, "latin1")])));
    expect(error.message).toContain("pickle: expected a dict of names and tensors, or one under state_dict, ");
    expect(error.message).toContain('but found a dict with the keys "epoch"');
  });

  it.each(["views.pth", "views-legacy.pth", "checkpoint-legacy.pth"])("%s cut short anywhere", async (name) => {
    const whole = await readFile(fixturePath(name));
    for (let end = 0; end < whole.length - 1; end++) {
      const error = await errorOf(readPth(whole.subarray(0, end)));
      expect([end, isVitrineError(error, "InvalidFile")]).toEqual([end, true]);
    }
  });

  it("views beyond their storage", async () => {
    const whole = await readFile(fixturePath("views-legacy.pth"));
    const patch = (find: string, replace: string) => {
      const at = whole.indexOf(Buffer.from(find, "latin1"));
      expect(at).toBeGreaterThan(0);
      const copy = Buffer.from(whole);
      copy.write(replace, at, "latin1");
      return copy;
    };
    // (4, 2, 3) of "transposed" becomes (200, 2, 3).
    const beyond = await errorOf(readPth(patch("K\x04K\x02K\x03", "K\xc8K\x02K\x03")));
    expect(isVitrineError(beyond, "InvalidWeights")).toBe(true);
    expect(beyond.message).toContain('expected a view within its storage of 24 numbers for "transposed"');
  });

  it("any bytes changed in a good file, always by a typed error", async () => {
    const originals = await Promise.all(
      ["views.pth", "views-legacy.pth", "parameters.pth"].map((n) => readFile(fixturePath(n))),
    );
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...originals),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (file, changes) => {
          const bytes = Buffer.from(file);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const outcome: unknown = await readPth(bytes).catch((error: unknown) => error);
          if (!(outcome instanceof Map) && !isVitrineError(outcome)) throw outcome as Error;
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("readWeights", () => {
  it.each([
    [
      "make.py",
      "expected a safetensors file, an index of them, a .pth as torch.save writes it, a Keras .h5 or an archive of a checkpoint, but found another kind",
    ],
    ["tensors.json", "expected JSON with a weight_map but found another text"],
    ["none.pth", "expected a weights file, but there is none"],
  ])("refuses %s", async (name, message) => {
    await expect(readWeights(fixturePath(name))).rejects.toThrow(message);
  });
});
