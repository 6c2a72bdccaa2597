/** A service's log where the disk is full, where its file is taken away, and where it is large. */
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openServiceLog } from "../../../src/kernel-lib/serving/server/service-log.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-log-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Line {
  message: string;
  lines?: number;
}

const linesOf = async (path: string): Promise<Line[]> =>
  (await readFile(path, "utf8").catch(() => ""))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

describe("a service's log", () => {
  it("outlasts a full disk, and says then how much is missing", async () => {
    const path = join(folder, "service.log");
    // Every write to it fails with ENOSPC.
    await symlink("/dev/full", path);
    const { logger, close } = openServiceLog(path, "cups", { interval: 20 });
    for (let i = 0; i < 20; i++) {
      logger.info({}, "request");
      await wait(5);
    }
    await rm(path);
    while (!(await lstat(path).catch(() => undefined))) await wait(5);
    logger.info({}, "room again");
    await close();
    const [lost, ...others] = await linesOf(path);
    expect(lost?.message).toMatch(/lines of the log were lost/);
    expect(others.at(-1)?.message).toBe("room again");
    // Each line is there or counted, and most of them came while there was no room.
    const kept = others.filter(({ message }) => message === "request").length;
    expect((lost?.lines ?? 0) + kept).toBe(20);
    expect(lost?.lines).toBeGreaterThan(0);
  });

  it("ends where there is no room for its last line", async () => {
    const path = join(folder, "service.log");
    await symlink("/dev/full", path);
    const { logger, close } = openServiceLog(path, "cups");
    logger.info({}, "service ends");
    await expect(close()).resolves.toBeUndefined();
  });

  it("goes on in a new file where somebody took the old one away", async () => {
    const path = join(folder, "service.log");
    const { logger, close } = openServiceLog(path, "cups", { interval: 20 });
    logger.info({}, "first");
    while ((await linesOf(path)).length === 0) await wait(5);
    await rm(path);
    while (!(await lstat(path).catch(() => undefined))) await wait(5);
    logger.info({}, "second");
    await close();
    expect((await linesOf(path)).map(({ message }) => message)).toEqual(["second"]);
  });

  it("keeps one older file beside it", async () => {
    const path = join(folder, "service.log");
    const { logger, close } = openServiceLog(path, "cups", { interval: 20, maxBytes: 200 });
    for (let i = 0; i < 4; i++) logger.info({}, `line ${i}`);
    while ((await linesOf(`${path}.1`)).length === 0) await wait(5);
    logger.info({}, "after");
    await close();
    expect((await linesOf(`${path}.1`)).map(({ message }) => message)).toEqual([
      "line 0",
      "line 1",
      "line 2",
      "line 3",
    ]);
    expect((await linesOf(path)).at(-1)?.message).toBe("after");
  });

  it("goes on in the same file where none can be put aside", async () => {
    const path = join(folder, "service.log");
    await mkdir(`${path}.1`);
    await writeFile(join(`${path}.1`, "in the way"), "");
    const { logger, close } = openServiceLog(path, "cups", { interval: 20, maxBytes: 10 });
    for (let i = 0; i < 10; i++) {
      logger.info({}, `line ${i}`);
      await wait(10);
    }
    await close();
    expect(await linesOf(path)).toHaveLength(10);
  });
});
