import { defineConfig } from "vitest/config";

/** Tests that start processes of their own: one file at a time, and time enough for a machine with two busy cores. */
const whole = {
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // A machine that is busy with something else for a second must not fail the whole; what needed this is listed after the tests.
  retry: 1,
  // A label is on disk before it is seen: on a busy disk that takes more than the second that is waited for otherwise.
  expect: { poll: { timeout: 10_000 } },
};

/** One project a folder of test/, so that `npx vitest run --project unit` runs the quick ones alone. */
const project = (name: string, options = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], testTimeout: 30_000, hookTimeout: 60_000, ...options },
});

export default defineConfig({
  test: {
    // Two cores: more processes than that only wait for each other.
    maxWorkers: 2,
    projects: [
      project("unit"),
      project("parity", { testTimeout: 120_000 }),
      project("kernel", whole),
      project("serving", whole),
      project("browser", whole),
      project("notebooks", { ...whole, testTimeout: 600_000 }),
    ],
  },
});
