import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { outputOf, spawnWithLibrary } from "./built-library.js";
import { temporaryFolder } from "./pictures.js";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

test("makes its folders, becomes the global one, and shows itself as JSON", () => {
  const storage = {
    outputsPath: join(folder, "a", "out"),
    persistentPath: join(folder, "b"),
    tempPath: join(folder, "c"),
  };
  const context = Context.create(storage);
  for (const path of Object.values(storage)) expect(statSync(path).isDirectory()).toBe(true);
  expect(Context.global()).toBe(context);
  expect(JSON.parse(JSON.stringify(context))).toEqual({ storage });
  expect(JSON.parse(inspect(context))).toEqual({ storage });
});

test("without options: out in the working directory, the user's data directory, a temporary folder of the user's own", async () => {
  const script = `process.chdir(${JSON.stringify(folder)}); console.log(JSON.stringify(lib.Context.global()));`;
  const env = { XDG_DATA_HOME: join(folder, "data"), TMPDIR: join(folder, "tmp") };
  const { storage } = JSON.parse(await outputOf(spawnWithLibrary(script, env))) as ReturnType<Context["toJSON"]>;
  expect(storage.outputsPath).toBe(join(folder, "out"));
  expect(storage.persistentPath).toBe(join(folder, "data", "vitrine"));
  expect(storage.tempPath.startsWith(join(folder, "tmp", "vitrine-"))).toBe(true);
  expect(statSync(storage.tempPath).mode & 0o777).toBe(0o700);
});

test("a folder that can't be made is refused by name", () => {
  writeFileSync(join(folder, "file"), "");
  const create = () => Context.create({ outputsPath: join(folder, "file", "out") });
  expect(create).toThrow(`${folder}/file/out: expected a folder for outputsPath, but it can't be made: ENOTDIR`);
  expect(() => Context.create({ tempPath: "" })).toThrow("Expected a text that is not empty for tempPath");
});
