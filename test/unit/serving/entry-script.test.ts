/** An entry script on its way to a service: compiled, its packages found, what it returns as JSON. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { compileScript } from "../../../src/kernel-lib/serving/scripts/compile-script.js";
import { findPackages } from "../../../src/kernel-lib/serving/scripts/installed-packages.js";
import { scriptDocument, type ScriptDocument } from "../../../src/kernel-lib/serving/scripts/script-document.js";
import { scriptJson } from "../../../src/kernel-lib/serving/scripts/script-json.js";
import { placeOf } from "../../../src/kernel-lib/serving/scripts/script-place.js";
import { scriptVariables } from "../../../src/kernel-lib/serving/scripts/script-variables.js";
import { ScriptedModel } from "../../../src/kernel-lib/serving/scripts/scripted-model.js";
import { OutputLines } from "../../../src/kernel-lib/serving/supervisor/output-lines.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-script-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe("compileScript", () => {
  it("takes TypeScript with what it imports beside it, and names the packages", async () => {
    await write("parts/add.ts", "export const add = (a: number, b: number): number => a + b;");
    const path = await write(
      "score.ts",
      `import { readFile } from "node:fs/promises";\nimport deep from "@scope/pkg/deep";\nimport { Model } from "vitrine";\nimport { add } from "./parts/add.js";\nexport async function run(): Promise<unknown> { return [add(1, 2), readFile, deep, Model, await import("other")]; }`,
    );
    const { entry, code, packages } = await compileScript(path);
    expect(entry).toBe("score.ts");
    expect(packages).toEqual(["@scope/pkg", "other", "vitrine"]);
    expect(code).toMatch(/a \+ b/);
    expect(code).not.toMatch(/: number/);
  });

  it.each(["score.js", "score.mjs", "score.cjs"])("takes %s", async (name) => {
    const text = name.endsWith("cjs") ? "exports.run = () => 1;" : "export const run = () => 1;";
    expect((await compileScript(await write(name, text))).packages).toEqual([]);
  });

  it.each([
    ["score.ts", "export function run() {\n  const a = ;\n}", "line 2, column 13", /Unexpected ";"/],
    ["score.mjs", "await 1;\nexport function run() {}", "line 1, column 1", /Top-level await/],
    ["score.ts", 'import "./missing.js";\nexport function run() {}', "line 1, column 8", /Could not resolve/],
  ])("names the line of a fault in %s: %s", async (name, text, where, received) => {
    const path = await write(name, text);
    await expect(compileScript(path)).rejects.toMatchObject({
      code: "InvalidFile",
      details: { path, where, received: expect.stringMatching(received) as string },
    });
  });

  it("names the imported file where the fault is there", async () => {
    const faulty = await write("part.ts", "export const a: = 1;");
    const path = await write("score.ts", 'export { a as run } from "./part.js";');
    await expect(compileScript(path)).rejects.toMatchObject({ details: { path: faulty } });
  });

  it("names what is no script, and one that is not there", async () => {
    await expect(compileScript(join(folder, "score.py"))).rejects.toMatchObject({ code: "InvalidOption" });
    await expect(compileScript(join(folder, "score.ts"))).rejects.toMatchObject({ code: "MissingFile" });
  });
});

describe("findPackages", () => {
  beforeEach(() => write("node_modules/left/package.json", '{"name":"left","version":"1.4.2"}'));
  const compiled = async (text: string) => compileScript(await write("app/score.ts", text));
  const importing = 'import left from "left";\nexport const run = () => left;';

  it("finds them above the script, with their versions", async () => {
    const { versions, folders } = findPackages(await compiled(importing), { left: "^1.4.0" });
    expect(versions).toEqual({ left: "1.4.2" });
    expect(folders).toContain(join(folder, "node_modules"));
  });

  it("refuses what is not listed, not installed, or of another version", async () => {
    const script = await compiled(importing);
    expect(() => findPackages(script, {})).toThrow(/packages that its environment lists but found "left"/);
    expect(() => findPackages(script, { left: "^2.0.0" })).toThrow(/version \^2\.0\.0 .* received 1\.4\.2/);
    expect(() => findPackages(script, { left: "1", right: "^1" })).toThrow(/npm install right@"\^1"/);
  });
});

describe("an entry script as a model", () => {
  it("is a folder with the script, its models and what it needs", async () => {
    const weights = await write("weights.json", "[1]");
    const script = await compileScript(await write("score.ts", "export const run = () => 1;"));
    const environment = { name: "e", node: null, packages: {}, variables: { A: "1" } };
    const parts = { script, environment, installed: { versions: {}, folders: ["/modules"] } };
    const model = { name: "digits", version: 3, path: weights, base: "weights.json" };
    const limits = { initTimeout: 1000, runTimeout: 1000, memory: 128 };
    const saved = async (models: (typeof model)[]): Promise<ScriptDocument> => {
      const target = join(folder, `saved-${models.length}`);
      await new ScriptedModel({ ...parts, models }, limits).save(target);
      const document = scriptDocument.parse(JSON.parse(await readFile(join(target, "model.json"), "utf8")));
      await readFile(join(target, document.file));
      return document;
    };
    const one = await saved([model]);
    expect(one).toMatchObject({
      entry: "score.ts",
      modelDir: "models/digits/3",
      models: [{ path: "models/digits/3/weights.json" }],
    });
    expect((await saved([model, { ...model, version: 4 }])).modelDir).toBe("models");
    expect((await saved([])).models).toEqual([]);
    process.env["A_SECRET_OF_THE_SHELL"] = "secret";
    const variables = scriptVariables(one, "/m");
    delete process.env["A_SECRET_OF_THE_SHELL"];
    expect(variables).toMatchObject({ A: "1", VITRINE_MODEL_DIR: "/m", PATH: process.env["PATH"] });
    expect(variables["NODE_PATH"]).toMatch(/^\/modules/);
    expect(variables).not.toHaveProperty("A_SECRET_OF_THE_SHELL");
  });
});

describe("scriptJson", () => {
  it.each([
    [{ a: [1, "b", null, true] }, '{"a":[1,"b",null,true]}'],
    [Float32Array.of(1, 0.5), "[1,0.5]"],
    [{ digits: Uint8Array.of(7, 2) }, '{"digits":[7,2]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [null, "null"],
  ])("writes %j", (value, json) => {
    expect(scriptJson(value)).toBe(json);
  });

  it.each([
    [undefined, /undefined, which is no JSON/],
    [() => 1, /a function/],
    [Symbol("a"), /a symbol/],
    [{ a: 1n }, /a bigint in "a"/],
    [{ a: new Map() }, /a Map in "a"/],
    [[new Set()], /a Set/],
    [{ a: NaN }, /NaN in "a"/],
    [[Infinity], /Infinity/],
    [Float64Array.of(NaN), /NaN in a typed array/],
    [{ a: Promise.resolve(1) }, /a Promise \(await it\)/],
  ])("refuses %s, which JSON would lose", (value, message) => {
    expect(() => scriptJson(value)).toThrow(message);
  });

  it("refuses what goes in circles", () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => scriptJson(loop)).toThrow(/circular/);
  });
});

it("finds an error's place in the script's own lines", () => {
  const error = new Error("no");
  error.stack =
    "Error: no\n    at f (node:fs:1:2)\n    at run (/v/1/script/parts/add.ts:5:9)\n    at g (/v/1/script/score.ts:2:1)";
  expect(placeOf(error, "/v/1/script")).toBe(" (parts/add.ts:5:9)");
  expect(placeOf(error, "/elsewhere")).toBe("");
  expect(placeOf("no error", "/v")).toBe("");
});

describe("OutputLines", () => {
  it("puts lines together that come in pieces, and tells how many it leaves out", () => {
    const told: string[] = [];
    const lines = new OutputLines((line) => void told.push(line));
    lines.add("first\nsec");
    lines.add("ond\n\nthird");
    expect(told).toEqual(["first", "second"]);
    lines.end();
    expect(told).toEqual(["first", "second", "third"]);
    const flood: string[] = [];
    const many = new OutputLines((line) => void flood.push(line));
    many.add("x\n".repeat(100_000));
    many.end();
    expect(flood.length).toBeLessThan(3000);
    const left = flood.filter((line) => line.startsWith("…")).map((line) => Number(/\d+/.exec(line)?.[0]));
    const kept = flood.filter((line) => line === "x").length;
    expect(left.reduce((sum, count) => sum + count, kept)).toBe(100_000);
    expect(flood.every((line) => line.length <= 4000)).toBe(true);
  });
});
