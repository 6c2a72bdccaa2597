/** A model's versions on disk: whole, hashed, numbered, and none that was changed. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  addVersion,
  checkVersion,
  listVersions,
  modelFolder,
  pruneVersions,
} from "../../../src/kernel-lib/serving/model-versions.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-versions-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const model = {
  labels: ["a"],
  save: async (path: string) => {
    await mkdir(join(path, "deep"), { recursive: true });
    await writeFile(join(path, "model.json"), "{}");
    await writeFile(join(path, "deep", "weights"), "numbers");
  },
};

describe("versions", () => {
  it("are numbered from 1, with the SHA-256 of each file", async () => {
    const first = await addVersion(folder, model);
    await addVersion(folder, model);
    expect(await listVersions(folder)).toEqual([1, 2]);
    // printf '{}' | sha256sum
    expect(first.files["model.json"]).toEqual({
      sha256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      bytes: 2,
    });
    expect(Object.keys(first.files).sort()).toEqual(["deep/weights", "model.json"]);
    await expect(checkVersion(folder, 2)).resolves.toBeUndefined();
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ["a changed file", (path) => writeFile(join(path, "deep", "weights"), "Numbers")],
    ["a missing file", (path) => rm(join(path, "model.json"))],
    ["a file too many", (path) => writeFile(join(path, "run.js"), "process.exit()")],
  ])("refuse %s", async (_what, tamper) => {
    await addVersion(folder, model);
    await tamper(modelFolder(folder, 1));
    await expect(checkVersion(folder, 1)).rejects.toMatchObject({
      code: "InvalidFile",
      message: expect.stringMatching(/SHA-256: expected/) as string,
    });
  });

  it("leave nothing of one that could not be written", async () => {
    const failing = {
      labels: ["a"],
      save: async (path: string) => {
        await model.save(path);
        throw Object.assign(new Error("full"), { code: "ENOSPC" });
      },
    };
    await expect(addVersion(folder, failing)).rejects.toMatchObject({
      code: "CannotWrite",
      message: expect.stringMatching(/ENOSPC/) as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("are cleared away but for the newest and those in use", async () => {
    for (let i = 0; i < 4; i++) await addVersion(folder, model);
    await pruneVersions(folder, [1], 2);
    expect(await listVersions(folder)).toEqual([1, 3, 4]);
    expect((await addVersion(folder, model)).number).toBe(5);
  });
});
