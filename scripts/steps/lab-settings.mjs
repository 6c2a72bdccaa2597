/**
 * JupyterLab's defaults for the workshop; what a user changes in the settings menu wins over them.
 * @module
 */
import { existsSync } from "node:fs";
import path from "node:path";

import { venvShare } from "../places.mjs";
import { hashOf, writeAtomically } from "../stamps.mjs";

const FILE = path.join(venvShare, "lab", "settings", "overrides.json");

/** By plugin, as JupyterLab's advanced settings editor shows them. */
export const OVERRIDES = {
  // A notebook that is opened without a kernel shows its widgets' last state.
  "@jupyter-widgets/jupyterlab-manager:plugin": { saveState: true },
  // No question about news at the first start, and no requests to a web site afterwards.
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  // No dialog that asks for a better name when an untitled notebook is saved.
  "@jupyterlab/docmanager-extension:plugin": { renameUntitledFileOnSave: false },
};

const text = `${JSON.stringify(OVERRIDES, null, 2)}\n`;

/** @type {import("../set-up.mjs").Step} */
export const labSettingsStep = {
  title: "JupyterLab's settings",
  inputs: () => Promise.resolve(hashOf(text)),
  done: () => Promise.resolve(existsSync(FILE)),
  run: () => writeAtomically(FILE, text),
};
