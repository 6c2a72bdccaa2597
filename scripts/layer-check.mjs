/**
 * Who imports whom in `src`, held against the rules of .dependency-cruiser.cjs.
 * A checker that looks at nothing finds nothing: every source file must be among the modules it saw.
 * @module
 */
import { readdir } from "node:fs/promises";
import path from "node:path";

import { parseJson } from "./json.mjs";
import { inRoot } from "./places.mjs";
import { runCommand } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";

/** @typedef {{ rule: string, from: string, to: string }} Violation */
/** @typedef {{ modules: number, violations: Violation[] }} LayerReport */

/** Fewer source files than this, and the check is not looking at this project. */
const FEWEST_MODULES = 100;

/** @param {string} root @returns {Promise<string[]>} every TypeScript file under src, with forward slashes */
async function sourceFiles(root) {
  const entries = await readdir(path.join(root, "src"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => !/\/(?:dist|node_modules)\//.test(file));
}

/**
 * @param {string} root a checkout, or a copy of one
 * @returns {Promise<LayerReport>}
 * @throws {SetUpError} if the checker did not see every file
 */
export async function checkLayers(root) {
  const checker = inRoot("node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const args = [checker, "src", "--config", ".dependency-cruiser.cjs", "--output-type", "json"];
  const { output } = await runCommand(process.execPath, args, { cwd: root });
  /** @type {import("dependency-cruiser").ICruiseResult} */
  let result;
  try {
    result = /** @type {import("dependency-cruiser").ICruiseResult} */ (parseJson(output));
  } catch {
    throw new SetUpError(`dependency-cruiser failed:\n${output.trim().slice(-2000)}`);
  }
  const seen = new Set(result.modules.map((module) => module.source));
  const files = await sourceFiles(root);
  const missed = files.filter((file) => !seen.has(file));
  if (missed.length > 0) throw new SetUpError(`dependency-cruiser has not looked at ${missed.slice(0, 5).join(", ")}`);
  if (files.length < FEWEST_MODULES) throw new SetUpError(`Only ${files.length} source files: is this the project?`);
  const violations = result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return { modules: files.length, violations };
}
