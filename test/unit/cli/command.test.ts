/** The command itself, in a process of its own, as a person starts it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

const COMMAND = fileURLToPath(new URL("../../../src/kernel-lib/bin/vitrine.js", import.meta.url));
const run = promisify(execFile);

describe("npx vitrine", { timeout: 60_000 }, () => {
  it("says what computes here, and in which versions", async () => {
    const { stdout } = await run(process.execPath, [COMMAND, "info"]);
    expect(stdout).toMatch(/^vitrine \d+\.\d+\.\d+, Node \d+\.\d+\.\d+\n/);
    expect(stdout).toMatch(/\n(?:TensorFlow|WebAssembly)[^\n]* on the (?:CPU|graphics card)/);
  });

  it("refuses a command it doesn't have, and ends with 1", async () => {
    await expect(run(process.execPath, [COMMAND, "inform"])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("(Did you mean info?)") as string,
    });
  });
});
