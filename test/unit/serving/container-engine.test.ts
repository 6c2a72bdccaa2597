/** Programs that are run to their end. */
import { setTimeout as wait } from "node:timers/promises";

import { expect, it } from "vitest";

import { runProgram } from "../../../src/kernel-lib/serving/docker/container-engine.js";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

it.each([
  ["is not there at all", "no-program-of-this-name", undefined],
  ["has ended", process.execPath, 0],
])("keeps no timer once a program %s", async (_what, program, code) => {
  // What the test runner itself waits for comes and goes.
  let before = timers();
  for (let look = 0; look < 20; look++) {
    await wait(20);
    before = Math.min(before, timers());
  }
  expect(await runProgram(program, ["-e", ""], { timeout: 600_000 })).toMatchObject({ code });
  while (timers() > before) await wait(20);
  expect(timers()).toBeLessThanOrEqual(before);
});

it("ends one that takes too long", async () => {
  const { code } = await runProgram(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { timeout: 100 });
  expect(code).toBe(1);
});
