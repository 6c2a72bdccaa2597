/**
 * Tells the environment's Jupyter of our kernel.
 * @module
 */
import { existsSync } from "node:fs";
import path from "node:path";

import { inRoot, root, venv, venvShare } from "../places.mjs";
import { runCommand } from "../processes.mjs";
import { SetUpError } from "../set-up-error.mjs";
import { hashOf, hashOfFolder } from "../stamps.mjs";

/** @type {import("../set-up.mjs").Step} */
export const kernelspecStep = {
  title: "Kernel",

  async inputs() {
    // The spec names this Node and this clone by their absolute paths.
    return hashOf(await hashOfFolder(inRoot("src", "kernel-lib", "kernel")), process.execPath, root);
  },

  done: () => Promise.resolve(existsSync(path.join(venvShare, "kernels", "vitrine", "kernel.json"))),

  async run() {
    const install = inRoot("src", "kernel-lib", "dist", "kernel", "install.js");
    const { code, output } = await runCommand(process.execPath, [install, "--prefix", venv], { cwd: root });
    if (code !== 0) throw new SetUpError(`The kernel could not be installed:\n${output.trim().slice(-3000)}`);
  },
};
