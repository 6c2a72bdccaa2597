/**
 * Where everything lies that the scripts make or run. One place, so that the scripts, the tests and .gitignore agree.
 * @module
 */
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const windows = process.platform === "win32";

/** @param {...string} parts a path inside the repository */
export const inRoot = (...parts) => path.join(root, ...parts);

/** What the scripts remember between runs. Deleting it costs time, nothing else. */
export const cache = inRoot(".cache");
export const setupCache = path.join(cache, "setup");

/** Jupyter's own files, so that the user's other Jupyter and this one never see each other. */
export const jupyterHome = path.join(cache, "jupyter");

export const venv = inRoot(".venv");
export const venvPython = windows ? path.join(venv, "Scripts", "python.exe") : path.join(venv, "bin", "python");
export const venvShare = path.join(venv, "share", "jupyter");

/** What runs leave for people to look at. */
export const out = inRoot("out");

export const typescript = inRoot("node_modules", "typescript", "bin", "tsc");
