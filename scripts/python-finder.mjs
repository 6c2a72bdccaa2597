/**
 * Finds a Python that JupyterLab runs on: VITRINE_PYTHON, else the usual names on the PATH.
 * @module
 */
import { runCommand } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";

/** The oldest Python that JupyterLab 4.6 and the pinned list are for. */
export const MINIMUM_PYTHON = [3, 10];

/** @typedef {{ executable: string, version: string }} Python executable is the interpreter's own absolute path */
/** @typedef {readonly [string, ...string[]]} Command */

const MINORS = [14, 13, 12, 11, 10];

/** @type {readonly Command[]} */
const USUAL_NAMES = [
  ["python3"],
  ["python"],
  ...(process.platform === "win32" ? [/** @type {Command} */ (["py", "-3"])] : []),
  // An old distribution's python3 may have a newer one beside it.
  ...MINORS.map((minor) => /** @type {Command} */ ([`python3.${minor}`])),
];

const PROBE = "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.executable, sep='|')";

/**
 * @param {Command} command
 * @returns {Promise<Python | undefined>} nothing if it is not there or does not run
 */
async function probe([name, ...args]) {
  const { code, output } = await runCommand(name, [...args, "-c", PROBE]).catch(() => ({ code: 1, output: "" }));
  const [version, executable] = output.trim().split("\n").at(-1)?.split("|") ?? [];
  if (code !== 0 || version === undefined || executable === undefined) return undefined;
  return { version, executable };
}

/** @param {string} version */
export function isRecentPython(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = MINIMUM_PYTHON;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly Command[]} [names]
 * @returns {Promise<Python>}
 * @throws {SetUpError} with what was found and what to do
 */
export async function findPython(env = process.env, names = USUAL_NAMES) {
  const wanted = MINIMUM_PYTHON.join(".");
  const chosen = env["VITRINE_PYTHON"];
  if (chosen !== undefined && chosen !== "") {
    const python = await probe([chosen]);
    if (python !== undefined && isRecentPython(python.version)) return python;
    const found = python === undefined ? "does not run" : `is Python ${python.version}`;
    throw new SetUpError(`VITRINE_PYTHON is ${chosen}, which ${found}. It must be a Python ${wanted} or newer.`);
  }
  /** @type {string[]} */
  const tooOld = [];
  for (const name of names) {
    const python = await probe(name);
    if (python === undefined) continue;
    if (isRecentPython(python.version)) return python;
    tooOld.push(`${name.join(" ")} is ${python.version}`);
  }
  const found = tooOld.length > 0 ? `found only: ${tooOld.join(", ")}` : "none was found on the PATH";
  throw new SetUpError(
    `JupyterLab needs Python ${wanted} or newer; ${found}.\n` +
      "Install one (Debian and Ubuntu: `apt-get install python3 python3-venv`; else https://www.python.org/downloads), " +
      "or say where it is: VITRINE_PYTHON=/path/to/python3 npm start",
  );
}
