/**
 * The widgets' browser side, bundled, and linked into the environment's JupyterLab. A link and not a copy: whoever
 * bundles again sees the new one after a reload of the page.
 * @module
 */
import { existsSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import path from "node:path";

import { inRoot, root, venvShare } from "../places.mjs";
import { runCommand } from "../processes.mjs";
import { SetUpError } from "../set-up-error.mjs";
import { hashOf, hashOfFiles, hashOfFolder } from "../stamps.mjs";

const BUNDLE = inRoot("src", "widgets", "dist", "labextension");
const LINK = path.join(venvShare, "labextensions", "vitrine-widgets");

/** @type {import("../set-up.mjs").Step} */
export const labextensionStep = {
  title: "Widgets",

  async inputs() {
    const folders = [inRoot("src", "widgets"), inRoot("src", "kernel-lib", "protocol")];
    const hashes = await Promise.all(folders.map((folder) => hashOfFolder(folder)));
    return hashOf(...hashes, await hashOfFiles(root, ["package-lock.json"]));
  },

  // Through the link: it must be there and lead to a bundle.
  done: () => Promise.resolve(existsSync(path.join(LINK, "package.json"))),

  async run(report) {
    report("bundling src/widgets");
    const { code, output } = await runCommand(process.execPath, [inRoot("src", "widgets", "build.mjs")], { cwd: root });
    if (code !== 0) throw new SetUpError(`The widgets could not be bundled:\n${output.trim().slice(-3000)}`);
    if (!existsSync(path.join(BUNDLE, "package.json"))) {
      throw new SetUpError(
        `src/widgets/build.mjs ended well, but there is no ${path.relative(root, BUNDLE)}/package.json.`,
      );
    }
    await mkdir(path.dirname(LINK), { recursive: true });
    await rm(LINK, { recursive: true, force: true });
    await symlink(BUNDLE, LINK, "junction");
  },
};
