import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { once } from "../../../scripts/steps/engine/wheels.mjs";

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "vitrine-once-"));
});

afterEach(() => {
  rmSync(cache, { recursive: true });
});

const write = (text: string) => (folder: string) => {
  writeFileSync(join(folder, "file"), text);
  return Promise.resolve();
};

describe("a folder of the cache that several clones share", () => {
  it("is made once, and is not there before it is whole", async () => {
    const folder = join(cache, "made");
    await once(cache, folder, async (partial) => {
      expect(existsSync(folder)).toBe(false);
      await write("first")(partial);
    });
    await once(cache, folder, write("second"));
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("first");
    expect(readdirSync(cache)).toEqual(["made"]);
  });

  it("leaves nothing where making it fails, and is made by the next try", async () => {
    const folder = join(cache, "made");
    const fails = once(cache, folder, (partial) =>
      write("half")(partial).then(() => Promise.reject(new Error("cut off"))),
    );
    await expect(fails).rejects.toThrow("cut off");
    expect(readdirSync(cache)).toEqual([]);
    await once(cache, folder, write("whole"));
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("whole");
  });

  it("may be made by two at once: the first one counts", async () => {
    const folder = join(cache, "made");
    await once(cache, folder, async (partial) => {
      mkdirSync(folder);
      writeFileSync(join(folder, "file"), "the other's");
      await write("ours")(partial);
    });
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("the other's");
    expect(readdirSync(cache)).toEqual(["made"]);
  });

  it("is swept of what a process left that is gone, not of what a living one is at", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const pid of [gone, process.ppid]) mkdirSync(join(cache, `other.partial-${pid}`));
    await once(cache, join(cache, "made"), write("x"));
    expect(readdirSync(cache)).toEqual(["made", `other.partial-${process.ppid}`]);
  });
});
