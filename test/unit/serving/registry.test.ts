/** Workspaces, registered models and environments on disk. */
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { deployable } from "../../../src/kernel-lib/serving/registry/deployed-parts.js";
import { Environment } from "../../../src/kernel-lib/serving/registry/environment.js";
import { InferenceConfig } from "../../../src/kernel-lib/serving/registry/inference-config.js";
import { deployConfiguration } from "../../../src/kernel-lib/serving/registry/deploy-configuration.js";
import { Model } from "../../../src/kernel-lib/serving/registry/model.js";
import { Workspace } from "../../../src/kernel-lib/serving/registry/workspace.js";

let folder: string;
let workspace: Workspace;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-registry-"));
  workspace = await Workspace.create({ name: "digits", path: folder });
  file = join(folder, "weights.json");
  await writeFile(file, "[1,2,3]");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const register = (modelName = "digits", options = {}) =>
  Model.register({ workspace, modelPath: file, modelName, ...options });
const recordOf = (name: string, version: number) => join(workspace.registry, "models", name, String(version));

describe("Workspace", () => {
  it("is found by its config.json from anywhere below", async () => {
    const deep = join(folder, "a", "b");
    await mkdir(deep, { recursive: true });
    // Another program's, on the way up.
    await writeFile(join(folder, "a", "config.json"), '{"theme":"dark"}');
    for (const path of [deep, folder, join(folder, "config.json")]) {
      expect((await Workspace.fromConfig({ path })).toJSON()).toEqual(workspace.toJSON());
    }
    expect(JSON.parse(await readFile(join(folder, "config.json"), "utf8"))).toMatchObject({ workspace_name: "digits" });
  });

  it("says where it looked, and whose the files are that it found", async () => {
    const other = await mkdtemp(join(tmpdir(), "vitrine-no-workspace-"));
    await writeFile(join(other, "config.json"), '{"subscription_id":"1","workspace_name":"w"}');
    await expect(Workspace.fromConfig({ path: other })).rejects.toMatchObject({
      code: "MissingFile",
      message: expect.stringMatching(/it is of Azure.*Workspace\.create/) as string,
    });
    await writeFile(join(other, "config.json"), '{"format":"vitrine.workspace","version":1}');
    await expect(Workspace.fromConfig({ path: other })).rejects.toMatchObject({
      code: "InvalidFile",
      details: { where: "workspace_name" },
    });
    await rm(other, { recursive: true });
  });

  it("is not made over another one", async () => {
    await expect(Workspace.create({ name: "digits", path: folder })).rejects.toMatchObject({ code: "CannotWrite" });
    await expect(Workspace.create({ name: "other", path: folder, existOk: true })).rejects.toThrow(/"digits"/);
    expect((await Workspace.create({ name: "digits", path: folder, existOk: true })).registry).toBe(workspace.registry);
  });
});

describe("Model", () => {
  it("gets the next version, and is found by name, version and tags", async () => {
    const first = await register("digits", { tags: { data: "a" }, description: "the first" });
    const second = await register("digits", { tags: { data: "b" } });
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(new Model(workspace, "digits").version).toBe(2);
    const found = new Model(workspace, "digits", { tags: { data: "a" } });
    expect(found.toJSON()).toMatchObject({ version: 1, description: "the first", tags: { data: "a" }, bytes: 7 });
    expect(found.files["weights.json"]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(String(found)).toBe("digits, version 1: 0.0 KB, data=a, the first");
    await register("letters");
    expect(Model.list(workspace).map(({ name, version }) => `${name}:${version}`)).toEqual([
      "digits:2",
      "digits:1",
      "letters:1",
    ]);
    expect(Model.list(workspace, { latest: true }).map(({ version }) => version)).toEqual([2, 1]);
    expect(Model.list(workspace, { name: "digits", tags: { data: "a" } })).toHaveLength(1);
  });

  it("says what there is where one is not there", async () => {
    await register();
    expect(() => new Model(workspace, "nothing")).toThrow(/no registered model "nothing"; those there are: digits/);
    expect(() => new Model(workspace, "digits", { version: 7 })).toThrow(/"digits", version 7; its versions are 1/);
    expect(() => new Model(workspace, "digits", { tags: { a: "b" } })).toThrow(/with the tags \{"a":"b"\}/);
    expect(() => new Model(workspace, "../digits")).toThrow(/letters, digits/);
  });

  it("changes tags, and never the model", async () => {
    const model = await register("digits", { tags: { data: "a", old: "1" } });
    await model.setTags({ data: "b", old: null, fresh: "2" });
    expect(new Model(workspace, "digits").tags).toEqual({ data: "b", fresh: "2" });
  });

  it("gives every one of many at once a number of its own, and leaves nothing beside", async () => {
    const models = await Promise.all(Array.from({ length: 8 }, () => register()));
    expect(models.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const names = await readdir(join(workspace.registry, "models", "digits"));
    expect(names.filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("passes over what an interrupted registration has left, and removes it a day later", async () => {
    const models = join(workspace.registry, "models", "digits");
    const [old, recent] = [`.${randomUUID()}`, `.${randomUUID()}`];
    for (const name of [old, recent]) await mkdir(join(models, name, "files"), { recursive: true });
    const longAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
    await utimes(join(models, old), longAgo, longAgo);
    expect((await register()).version).toBe(1);
    expect(Model.list(workspace)).toHaveLength(1);
    expect((await readdir(models)).sort()).toEqual([recent, "1"]);
  });

  it("never gives a deleted version's number again", async () => {
    await register();
    const second = await register();
    await second.delete();
    expect(() => new Model(workspace, "digits", { version: 2 })).toThrow(/its versions are 1/);
    expect((await register()).version).toBe(3);
    await expect(readdir(recordOf("digits", 2))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is deleted once: the second is told that it is gone, and what there is", async () => {
    const model = await register();
    const again = new Model(workspace, "digits");
    await model.delete();
    await register("letters");
    await expect(again.delete()).rejects.toMatchObject({
      code: "UnknownModel",
      details: { version: 1, known: ["letters"] },
    });
  });

  it("is no folder that its registry lies in, which would hold itself", async () => {
    await writeFile(join(folder, "weights.json"), "{}");
    await expect(Model.register({ workspace, modelPath: folder, modelName: "all" })).rejects.toMatchObject({
      code: "InvalidOption",
      message: expect.stringMatching(/a folder that the workspace's registry is not in, for modelPath/) as string,
    });
    await expect(register("letters")).resolves.toMatchObject({ version: 1 });
    expect(() => new Model(workspace, "nothing")).toThrow(/those there are: letters$/);
  });

  it("replaces a folder by a folder and by a file, and leaves nothing beside", async () => {
    const target = join(folder, "here");
    for (const name of ["first", "second"]) {
      await mkdir(join(folder, name, "model"), { recursive: true });
      await writeFile(join(folder, name, "model", `${name}.json`), name);
      const model = await Model.register({ workspace, modelPath: join(folder, name, "model"), modelName: "folder" });
      const copied = await model.download({ targetDir: target, existOk: true });
      expect(await readdir(copied)).toEqual([`${name}.json`]);
    }
    await mkdir(join(folder, "third"));
    await writeFile(join(folder, "third", "model"), "a file");
    const third = await Model.register({ workspace, modelPath: join(folder, "third", "model"), modelName: "folder" });
    expect(await readFile(await third.download({ targetDir: target, existOk: true }), "utf8")).toBe("a file");
    expect(await readdir(target)).toEqual(["model"]);
  });

  it("downloads a file or a folder, whole, and asks before it replaces", async () => {
    const model = await register();
    const target = join(folder, "here");
    const path = await model.download({ targetDir: target });
    expect(await readFile(path, "utf8")).toBe("[1,2,3]");
    await writeFile(path, "mine");
    await expect(model.download({ targetDir: target })).rejects.toMatchObject({
      code: "CannotWrite",
      message: expect.stringMatching(/existOk/) as string,
    });
    expect(await readFile(path, "utf8")).toBe("mine");
    await model.download({ targetDir: target, existOk: true });
    expect(await readFile(path, "utf8")).toBe("[1,2,3]");

    const source = join(folder, "model");
    await mkdir(join(source, "deep"), { recursive: true });
    await writeFile(join(source, "deep", "a.json"), "{}");
    // A download cache has links in place of files.
    await symlink(file, join(source, "linked.json"));
    const whole = await Model.register({ workspace, modelPath: source, modelName: "folder" });
    expect(Object.keys(whole.files).sort()).toEqual(["model/deep/a.json", "model/linked.json"]);
    const copied = await whole.download({ targetDir: target });
    expect(await readFile(join(copied, "linked.json"), "utf8")).toBe("[1,2,3]");
  });

  it("sees a file that was changed afterwards, and one that was added", async () => {
    const model = await register();
    const stored = join(recordOf("digits", 1), "files", "weights.json");
    await writeFile(stored, "[1,2,4]");
    await expect(model.download({ targetDir: join(folder, "x") })).rejects.toMatchObject({
      code: "InvalidFile",
      details: { path: stored, where: "SHA-256" },
    });
    await writeFile(stored, "[1,2,3]");
    await writeFile(join(recordOf("digits", 1), "files", "more.js"), "");
    await expect(model.download({ targetDir: join(folder, "x") })).rejects.toMatchObject({ code: "InvalidFile" });
    await expect(readdir(join(folder, "x"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([
    ["a pickle", "model.bin", Buffer.from([0x80, 4, 0x95, 1, 0, 0, 0, 0, 0, 0, 0, 0x2e])],
    ["a compressed pickle", "model.joblib", Buffer.from("x\x9c")],
    ["a text pickle", "model.pkl", Buffer.from("cos\nsystem\n(S'ls'\ntR.")],
    ["numpy's objects", "a.npy", Buffer.from("\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False", "latin1")],
  ])("refuses %s, and keeps nothing of it", async (_what, name, bytes) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await expect(Model.register({ workspace, modelPath: path, modelName: "bad" })).rejects.toMatchObject({
      code: "InvalidFile",
      message: expect.stringMatching(/pickle, which runs code when it is loaded/) as string,
    });
    expect(await readdir(join(workspace.registry, "models", "bad"))).toEqual([]);
  });

  it("refuses PyTorch's archives, and takes safetensors", async () => {
    const torch = inRoot("test", "fixtures", "hub", "state-dict.pth");
    await expect(Model.register({ workspace, modelPath: torch, modelName: "torch" })).rejects.toThrow(
      /PyTorch's archive/,
    );
    const legacy = inRoot("test", "fixtures", "hub", "state-dict-legacy.pth");
    await expect(Model.register({ workspace, modelPath: legacy, modelName: "torch" })).rejects.toThrow(/pickle/);
    const numbers = inRoot("test", "fixtures", "hub", "every-type.safetensors");
    expect((await Model.register({ workspace, modelPath: numbers, modelName: "numbers" })).version).toBe(1);
    // A header of 640 bytes begins as a pickle of protocol 2 does.
    const header = Buffer.alloc(648, " ");
    header.writeBigUInt64LE(640n);
    header.write("{}", 8);
    const odd = join(folder, "odd.safetensors");
    await writeFile(odd, header);
    expect((await Model.register({ workspace, modelPath: odd, modelName: "numbers" })).version).toBe(2);
  });

  it("names what can't be registered", async () => {
    await expect(Model.register({ workspace, modelPath: join(folder, "none"), modelName: "x" })).rejects.toMatchObject({
      code: "MissingFile",
    });
    await mkdir(join(folder, "empty"));
    await expect(Model.register({ workspace, modelPath: join(folder, "empty"), modelName: "x" })).rejects.toThrow(
      /empty/,
    );
    await expect(register("a/b")).rejects.toMatchObject({ details: { option: "modelName" } });
    await expect(register("x", { tags: { a: 1 } })).rejects.toMatchObject({ details: { option: 'tags["a"]' } });
    expect(Model.list(workspace)).toEqual([]);
  });
});

describe("Environment", () => {
  it("reads back what it has saved, as YAML and as JSON", async () => {
    const environment = new Environment({
      name: "e",
      node: ">=20",
      packages: { "@a/b": "^1.2.0" },
      variables: { A: "1" },
    });
    for (const name of ["env.yml", "env.json"]) {
      await environment.save(join(folder, name));
      expect((await Environment.fromFile(join(folder, name))).toJSON()).toEqual(environment.toJSON());
      expect((await Environment.fromFile(join(folder, name), { name: "other" })).name).toBe("other");
    }
  });

  it.each([
    ["no name", "packages: {}", "name"],
    ["an unknown field", "name: e\ndependencies: [a]", "Environment's options"],
    ["a list", "[1]", "the whole"],
    ["nothing", "", "the whole"],
    ["broken YAML", "name: [", "the whole"],
    ["an alias bomb", `a: &a [x, x]\nb: &b [*a, *a]\nname: e\npackages: *b`, "the whole"],
    ["a version that is none", "name: e\npackages: { lodash: latest please }", 'packages["lodash"]'],
    ["a package that is a path", 'name: e\npackages: { "../a": "1" }', "packages"],
    ["a variable of vitrine's own", "name: e\nvariables: { NODE_OPTIONS: --inspect }", "variables"],
    ["a variable with a space", 'name: e\nvariables: { "A B": x }', "variables"],
    ["a Node that is none", "name: e\nnode: twenty", "node"],
  ])("refuses %s", async (_what, text, where) => {
    const path = join(folder, "env.yml");
    await writeFile(path, text);
    await expect(Environment.fromFile(path)).rejects.toMatchObject({ code: "InvalidFile", details: { path, where } });
  });

  it("names a file that is not there", async () => {
    await expect(Environment.fromFile(join(folder, "none.yml"))).rejects.toMatchObject({ code: "MissingFile" });
  });
});

describe("what a deployment is given", () => {
  it("is checked before anything is started", async () => {
    const model = await register();
    const script = join(folder, "score.ts");
    await writeFile(script, "export function run() { return 1; }");
    const config = new InferenceConfig({ entryScript: script });
    await expect(Model.deploy(workspace, "digits", [])).rejects.toMatchObject({ details: { option: "models" } });
    await expect(Model.deploy(workspace, "Not A Name", [model], config)).rejects.toMatchObject({
      details: { option: "name" },
    });
    await expect(Model.deploy(workspace, "digits", [model], config, {} as never)).rejects.toMatchObject({
      details: { option: "deploymentConfig" },
    });
    const wanting = new Environment({ name: "old", node: "<1" });
    await expect(
      Model.deploy(workspace, "digits", [model], new InferenceConfig({ entryScript: script, environment: wanting })),
    ).rejects.toThrow(/Expected Node/);
    expect(() => deployConfiguration({ memoryGb: 0.01 })).toThrow(/memoryGb/);
    expect(() => deployConfiguration({ replica: 2 } as never)).toThrow(/replica/);
    expect(() => new InferenceConfig({ entryScript: script, environment: {} as never })).toThrow(/an Environment/);
  });

  it("is what the documents' words say", () => {
    const { service, limits } = deployConfiguration({
      cpuCores: 2,
      memoryGb: 0.5,
      tags: { a: "b" },
      description: "d",
      scoringTimeout: 500,
    });
    expect(service).toEqual({ threads: 2, requestTimeout: 10_500, tags: { a: "b" }, description: "d" });
    expect(limits).toEqual({ runTimeout: 500, initTimeout: 60_000, memory: 512 });
    // A pod has the process before the replica, too.
    const cluster = deployConfiguration({ environment: "kubernetes", cpuCores: 0.5, memoryGb: 2 });
    expect(cluster.service).toMatchObject({ resources: { cpuCores: 0.5, memoryGb: 2.1875 }, threads: 1 });
    expect([cluster.limits.memory, cluster.timeout]).toEqual([2048, 600_000]);
    // A script that may start slowly is waited for.
    expect(deployConfiguration({ initTimeout: 300_000, replicas: 2 }).timeout).toBe(660_000);
  });
});

it("serves a model that vitrine has saved as it was registered, without a script", async () => {
  const saved = join(folder, "saved");
  await mkdir(saved);
  await writeFile(join(saved, "model.json"), '{"format":"vitrine.TransferLearningModel"}');
  const model = await Model.register({ workspace, modelPath: saved, modelName: "saved" });
  const limits = { initTimeout: 1000, runTimeout: 1000, memory: 128 };
  const target = join(folder, "target");
  await (await deployable({ models: [model] }, limits)).save(target);
  expect(await readFile(join(target, "model.json"), "utf8")).toContain("TransferLearningModel");
  await expect(deployable({ models: [model, model] }, limits)).rejects.toMatchObject({ details: { option: "models" } });
  await writeFile(join(recordOf("saved", 1), "files", "saved", "model.json"), "{}");
  await expect(deployable({ models: [model] }, limits)).rejects.toMatchObject({ details: { where: "SHA-256" } });
});
