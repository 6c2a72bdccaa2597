/**
 * The library and the kernel, compiled: `require("vitrine")` and the notebooks load the result.
 * @module
 */
import { existsSync } from "node:fs";

import { inRoot, root, typescript } from "../places.mjs";
import { runCommand } from "../processes.mjs";
import { SetUpError } from "../set-up-error.mjs";
import { hashOf, hashOfFiles, hashOfFolder } from "../stamps.mjs";

const PRODUCTS = ["index.js", "index.d.ts", "tf.js"].map((file) => inRoot("src", "kernel-lib", "dist", file));

/** @type {import("../set-up.mjs").Step} */
export const typescriptStep = {
  title: "TypeScript",

  async inputs() {
    const sources = hashOfFolder(inRoot("src", "kernel-lib"), /(?:\.tsx?|\.json)$/);
    return hashOf(await sources, await hashOfFiles(root, ["tsconfig.base.json", "package-lock.json"]));
  },

  done: () => Promise.resolve(PRODUCTS.every((file) => existsSync(file))),

  async run(report) {
    report("compiling src/kernel-lib");
    const args = [typescript, "--build", inRoot("src", "kernel-lib"), "--pretty", "false"];
    const { code, output } = await runCommand(process.execPath, args, { cwd: root });
    if (code === 0) return;
    const lines = output.trim().split("\n");
    const more = lines.length > 20 ? `\n… and ${lines.length - 20} lines more` : "";
    throw new SetUpError(`TypeScript found errors:\n${lines.slice(0, 20).join("\n")}${more}`);
  },
};
