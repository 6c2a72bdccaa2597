/**
 * The environment in which our Jupyter runs: its configuration, data and runtime files are the clone's own, so that a
 * password, a port, a theme or an old extension in the user's other Jupyter changes nothing here, and nothing here changes them.
 * @module
 */
import path from "node:path";

import { jupyterHome, venvPython } from "./places.mjs";
import { pythonEnvironment } from "./python-environment.mjs";

/** @returns {NodeJS.ProcessEnv} */
export function jupyterEnvironment() {
  const env = pythonEnvironment();
  // JUPYTER_PATH, JUPYTERLAB_DIR, JUPYTER_NO_CONFIG and their like lead to the user's other Jupyter.
  const kept = Object.entries(env).filter(([name]) => !/^JUPYTER(?:LAB)?_/.test(name));
  const separator = path.delimiter;
  return {
    ...Object.fromEntries(kept),
    // `jupyter` and what a notebook's cells start are the environment's own.
    PATH: [path.dirname(venvPython), process.env["PATH"] ?? ""].join(separator),
    JUPYTER_CONFIG_DIR: path.join(jupyterHome, "config"),
    JUPYTER_DATA_DIR: path.join(jupyterHome, "data"),
    JUPYTER_RUNTIME_DIR: path.join(jupyterHome, "runtime"),
    IPYTHONDIR: path.join(jupyterHome, "ipython"),
    // The paths that Jupyter 6 of the core packages will use anyway; it says so at each start otherwise.
    JUPYTER_PLATFORM_DIRS: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONUTF8: "1",
  };
}
