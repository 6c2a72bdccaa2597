import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

import { installKernelSpec } from "../../../src/kernel-lib/dist/kernel/kernelspec.js";

it("the kernelspec names this Node and the built kernel by absolute paths, with the logos beside it", () => {
  const prefix = mkdtempSync(join(tmpdir(), "vitrine-prefix-"));
  try {
    const folder = installKernelSpec(prefix);
    expect(folder).toBe(join(prefix, "share", "jupyter", "kernels", "vitrine"));
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as { argv: string[] };
    expect(spec).toMatchObject({
      display_name: "TypeScript (vitrine)",
      language: "typescript",
      interrupt_mode: "signal",
    });
    const [node, main, file] = spec.argv;
    expect([node, file]).toEqual([process.execPath, "{connection_file}"]);
    expect(existsSync(main ?? "")).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
    // Again over itself: as a warm set-up does it.
    expect(installKernelSpec(prefix)).toBe(folder);
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
});
