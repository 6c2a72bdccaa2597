/** The kernelspec: how Jupyter finds the kernel, and what it calls it. */
import { copyFileSync, mkdirSync, openSync, closeSync, fsyncSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PACKAGE_ROOT } from "./kernel-info.js";

export const KERNEL_NAME = "vitrine";

export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  readonly metadata: { readonly debugger: boolean };
}

/** The content of `kernel.json` for this installation and the Node that runs now. */
export function kernelSpec(): KernelSpec {
  return {
    argv: [process.execPath, join(PACKAGE_ROOT, "dist", "kernel", "main.js"), "{connection_file}"],
    display_name: "TypeScript (vitrine)",
    language: "typescript",
    // Windows has no SIGINT to send; there the control channel carries the interrupt.
    interrupt_mode: process.platform === "win32" ? "message" : "signal",
    metadata: { debugger: false },
  };
}

/** Writes the kernelspec below `<prefix>/share/jupyter/kernels` (a venv is such a prefix) and returns its folder. */
export function installKernelSpec(prefix: string): string {
  const folder = join(prefix, "share", "jupyter", "kernels", KERNEL_NAME);
  mkdirSync(folder, { recursive: true });
  for (const logo of ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"]) {
    copyFileSync(join(PACKAGE_ROOT, "logo", logo), join(folder, logo));
  }
  writeWhole(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), undefined, 2)}\n`);
  return folder;
}

/** The old file or the new one, never half of one. */
function writeWhole(path: string, text: string): void {
  const beside = `${path}.${process.pid}.tmp`;
  const file = openSync(beside, "w");
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}
