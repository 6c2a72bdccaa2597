/** Programs that are run to their end. */
import { setTimeout as wait } from "node:timers/promises";

import { expect, it } from "vitest";

import { runProgram } from "../../../src/kernel-lib/serving/docker/container-engine.js";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

it.each([
  ["is not there at all", "no-program-of-this-name", undefined],
  ["has ended", process.execPath, 0],
])("keeps no timer once a program %s", async (_what, program, code) => {
  // What the test runner itself waits for comes and goes within a moment.
  await wait(500);
  const before = timers();
  expect(await runProgram(program, ["-e", ""], { timeout: 600_000 })).toMatchObject({ code });
  await wait(500);
  expect(timers()).toBe(before);
});

it("ends one that takes too long", async () => {
  const { code } = await runProgram(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { timeout: 100 });
  expect(code).toBe(1);
});
