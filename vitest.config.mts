import { defineConfig } from "vitest/config";

/**
 * What comes later is waited for. The times here are those after which it will not come: many times what a test takes, for a machine
 * ten times slower than ours, or with two busy cores, is no fault.
 */
const expect = { poll: { timeout: 30_000 } };

/** Tests that start processes of their own: one file at a time. */
const whole = {
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 240_000,
  // A machine that is busy with something else for a second must not fail the whole; what needed this is listed after the tests.
  retry: 1,
};

/** One project a folder of test/, so that `npx vitest run --project unit` runs the quick ones alone. */
const project = (name: string, options = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect,
    ...options,
  },
});

export default defineConfig({
  test: {
    // Two cores: more processes than that only wait for each other.
    maxWorkers: 2,
    projects: [
      project("unit"),
      project("parity", { testTimeout: 300_000 }),
      project("kernel", whole),
      project("serving", whole),
      project("browser", whole),
      project("notebooks", { ...whole, testTimeout: 600_000 }),
    ],
  },
});
