/**
 * `npm run notebooks`: executes the notebooks into out/notebooks/. Each notebook that measures something puts its figures
 * under a key of its own into out/metrics.json.
 * @module
 */
import { readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";

import { parseOptions } from "./command-line.mjs";
import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { parseJson } from "./json.mjs";
import { inRoot, out, root, venvPython } from "./places.mjs";
import { seconds, startProgress } from "./progress.mjs";
import { endChildrenWithUs, runCommand } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { setUp } from "./set-up.mjs";

const USAGE = `Usage: npm run notebooks [-- OPTIONS] [NAME ...]

Executes every notebook, or those named, from top to bottom into out/notebooks/, and stops at the first error.

  NAME               1-classification, notebooks/1-classification.ipynb or the like
  --timeout SECONDS  how long one cell may take (default 600)
  --help             print this`;

const METRICS = path.join(out, "metrics.json");

/** @param {readonly string[]} names @returns {Promise<string[]>} paths, in the notebooks' order */
async function chooseNotebooks(names) {
  const all = (await readdir(inRoot("notebooks"))).filter((name) => name.endsWith(".ipynb")).sort();
  const known = all.map((name) => path.basename(name, ".ipynb"));
  const wanted = names.map((name) => path.basename(name, ".ipynb"));
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SetUpError(`There is no notebook ${unknown}. Those there are: ${known.join(", ")}.`);
  }
  if (known.length === 0) throw new SetUpError("There are no notebooks in notebooks/.");
  return (wanted.length > 0 ? wanted : known).map((name) => inRoot("notebooks", `${name}.ipynb`));
}

/**
 * @param {string} notebook
 * @param {number} timeout seconds a cell
 * @returns {Promise<number>} ms
 * @throws {SetUpError} with the cell's traceback
 */
async function execute(notebook, timeout) {
  const started = Date.now();
  const name = path.basename(notebook);
  const progress = startProgress(name, process.stdout);
  const script = inRoot("scripts", "execute_notebook.py");
  const args = [script, notebook, path.join(out, "notebooks", name), String(timeout)];
  const options = { cwd: root, env: jupyterEnvironment(), onLine: progress.report };
  const { code, output } = await runCommand(venvPython, args, options);
  if (code !== 0) {
    progress.failed();
    const failed = /^cell \d+ of \d+ failed$/m.exec(output);
    throw new SetUpError(`${name} failed.\n${failed === null ? output.slice(-6000) : output.slice(failed.index)}`);
  }
  progress.done();
  return Date.now() - started;
}

/** @returns {Promise<string | undefined>} on one line; nothing if no notebook has measured anything */
async function readMetrics() {
  const text = await readFile(METRICS, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.stringify(parseJson(text));
  } catch {
    throw new SetUpError(`A notebook has left an out/metrics.json that is no JSON: ${text.slice(0, 60)}`);
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function runNotebooks(args) {
  const { values, positionals } = parseOptions(
    args,
    { timeout: { type: "string", default: "600" }, help: { type: "boolean", short: "h", default: false } },
    USAGE,
  );
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const timeout = Number(values.timeout);
  if (!Number.isInteger(timeout) || timeout < 1) {
    throw new SetUpError(`Expected a whole number of seconds for --timeout but received "${values.timeout}".`);
  }
  endChildrenWithUs();
  const notebooks = await chooseNotebooks(positionals);
  await setUp();
  // A run of all starts anew: a figure that no notebook measures any more must not stay.
  if (positionals.length === 0) await rm(METRICS, { force: true });
  let total = 0;
  for (const notebook of notebooks) total += await execute(notebook, timeout);
  console.log(`${notebooks.length} executed in ${seconds(total)}; with their output in out/notebooks/`);
  const metrics = await readMetrics();
  if (metrics !== undefined) console.log(`out/metrics.json: ${metrics}`);
  return 0;
}
