/** jupyter_kernel_test 0.7, the Jupyter project's own test of kernels, by Jupyter's own client. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

import { installKernelSpec } from "../../src/kernel-lib/dist/kernel/kernelspec.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PYTHON = join(ROOT, ".venv/bin/python");
/** In test_vitrine.py and the suite that it fills in: none may be skipped. */
const TESTS = 16;

it("passes for every feature that it can test", { timeout: 300_000 }, async () => {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is missing: npm run setup makes it`);
  const prefix = mkdtempSync(join(tmpdir(), "vitrine-spec-"));
  try {
    installKernelSpec(prefix);
    const env = { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter"), PYTHONDONTWRITEBYTECODE: "1" };
    const run = promisify(execFile)(PYTHON, ["-m", "unittest", "-v", "test_vitrine"], {
      cwd: join(ROOT, "test/kernel"),
      env,
    });
    const { stderr } = await run.catch((error: unknown) => error as { stderr: string });
    expect(stderr).toMatch(new RegExp(`Ran ${TESTS} tests in [^]*\\nOK\\n$`));
    expect(stderr).not.toMatch(/skipped/);
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
});
