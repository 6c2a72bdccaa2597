/**
 * `npm start`: set up, serve, open, and stay until Ctrl-C.
 * @module
 */
import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";

import { openBrowser } from "./browser-opener.mjs";
import { parseStartOptions, START_USAGE } from "./command-line.mjs";
import { startJupyter } from "./jupyter-server.mjs";
import { jupyterHome, root } from "./places.mjs";
import { findPort } from "./ports.mjs";
import { startProgress } from "./progress.mjs";
import { ctrlCEndsWell, endChildrenWithUs } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";
import { setUp } from "./set-up.mjs";

const LOG = path.join(jupyterHome, "server.log");

/**
 * @param {string} notebook as typed: relative to where the user is, or to the repository
 * @returns {string} relative to the repository, with forward slashes
 */
export function notebookInRoot(notebook) {
  const typedIn = process.env["INIT_CWD"] ?? process.cwd();
  const file = [path.resolve(typedIn, notebook), path.resolve(root, notebook)].find((candidate) =>
    existsSync(candidate),
  );
  if (file === undefined) throw new SetUpError(`There is no ${notebook}. The notebooks lie in notebooks/.`);
  const relative = path.relative(root, file);
  if (relative.startsWith("..") || path.isAbsolute(relative)) {
    throw new SetUpError(
      `${notebook} lies outside ${root}, which is all that this JupyterLab serves. Copy it to notebooks/.`,
    );
  }
  if (!statSync(file).isFile()) throw new SetUpError(`${notebook} is a folder; name a notebook in it.`);
  return relative.split(path.sep).join("/");
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export async function startWorkshop(args) {
  const options = parseStartOptions(args);
  if (options.help) {
    console.log(START_USAGE);
    return 0;
  }
  endChildrenWithUs();
  const notebook = notebookInRoot(options.notebook);
  // Before the set-up, which may take minutes: a taken port is known now.
  if (options.port !== undefined) await findPort(options.port);
  await setUp();

  const port = await findPort(options.port);
  const token = options.token ?? randomBytes(24).toString("hex");
  const progress = startProgress("JupyterLab", process.stdout);
  mkdirSync(jupyterHome, { recursive: true });
  const log = createWriteStream(LOG);
  const onLine = (/** @type {string} */ line) => {
    progress.report(line);
    log.write(`${line}\n`);
  };
  const server = await startJupyter({ port, token, onLine }).catch((/** @type {unknown} */ error) => {
    progress.failed();
    throw error;
  });
  progress.done();
  const tree = notebook.split("/").map(encodeURIComponent).join("/");
  const url = `${server.url}/lab/tree/${tree}?token=${encodeURIComponent(token)}`;
  ctrlCEndsWell();
  console.log(`Ready: ${url}`);
  if (options.browser && !(await openBrowser(url)))
    console.log("No browser could be opened from here: open the address above.");
  console.log(`Ctrl-C ends it. Its log: ${path.relative(root, LOG)}`);
  const code = await server.ended;
  console.log("JupyterLab has ended.");
  return code;
}
