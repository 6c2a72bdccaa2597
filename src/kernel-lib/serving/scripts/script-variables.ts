/**
 * The environment variables of an entry script: its environment's own, and of the machine's only what programs need to find their way.
 * What else the notebook's shell knows, secrets above all, a script does not get, so it works elsewhere as it does here.
 */
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { packageFolder } from "../../engine/package-folder.js";
import type { ScriptDocument } from "./script-document.js";

const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|NODE_EXTRA_CA_CERTS|XDG_\w+|VITRINE_(?!KEY|DEPLOYMENTS)\w+|TF_\w+|OMP_\w+|CUDA_\w+|MALLOC_\w+)$/;

/** @param modelDir absolute */
export function scriptVariables(document: ScriptDocument, modelDir: string): Record<string, string> {
  const machine = Object.entries(process.env).filter(([name]) => PASSED.test(name)) as [string, string][];
  return {
    ...Object.fromEntries(machine),
    ...document.environment.variables,
    VITRINE_MODEL_DIR: modelDir,
    // Read by Node before the thread's first require.
    NODE_PATH: [...document.moduleFolders, ...ownModuleFolders()].join(delimiter),
  };
}

/** The folders with this package itself and its dependencies, wherever it is installed. */
export function ownModuleFolders(): string[] {
  const above = (folder: string): string[] =>
    folder === dirname(folder) ? [folder] : [folder, ...above(dirname(folder))];
  const candidates = above(packageFolder()).map((folder) => join(folder, "node_modules"));
  return candidates.filter((folder) => existsSync(folder));
}
