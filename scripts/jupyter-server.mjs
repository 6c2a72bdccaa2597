/**
 * JupyterLab on this machine's loopback, with our kernel as the default, from its start to its end.
 * @module
 */
import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { inRoot, jupyterHome, root, venvPython } from "./places.mjs";
import { HOST } from "./ports.mjs";
import { onInterrupt, startChild } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {number} port
 * @property {string} token
 * @property {readonly string[]} [settings] more of Jupyter's settings, as its command line takes them
 * @property {(line: string) => void} [onLine]
 */
/**
 * @typedef {object} JupyterServer
 * @property {string} url without a slash at the end
 * @property {Promise<number>} ended with the exit code
 * @property {() => Promise<void>} stop ends the kernels, then the server
 */

const START_MS = 120_000;
const POLL_MS = 100;
const STOP_MS = 15_000;
const KEPT_LINES = 40;

/**
 * @param {number} port
 * @param {readonly string[]} settings
 */
function serverArguments(port, settings) {
  return [
    [inRoot("scripts", "serve_lab.py")],
    [`--ServerApp.ip=${HOST}`, `--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
    [`--ServerApp.root_dir=${root}`, "--ServerApp.open_browser=False"],
    ["--MultiKernelManager.default_kernel_name=vitrine"],
    // A limit on messages drops lines of output and states of widgets without a word to either side.
    ["--ZMQChannelsWebsocketConnection.limit_rate=False"],
    // No requests to the outside: neither for news nor for lists of extensions.
    ["--LabApp.extension_manager=readonly", "--LabApp.news_url=None"],
    ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
    // Jupyter refuses to run for root unless told; in a container root is often the only user.
    process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : [],
    settings,
  ].flat();
}

/**
 * @param {string} url
 * @param {string} token
 */
async function answers(url, token) {
  try {
    const headers = { authorization: `token ${token}` };
    const response = await fetch(`${url}/api/status`, { headers, signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Asks the server to end: it ends its kernels first. Unlike a signal that works on Windows too.
 * @param {string} url
 * @param {string} token
 */
async function askToStop(url, token) {
  const headers = { authorization: `token ${token}` };
  await fetch(`${url}/api/shutdown`, { method: "POST", headers, signal: AbortSignal.timeout(5000) });
}

/**
 * @param {ServerOptions} options
 * @returns {Promise<JupyterServer>} once it really answers
 * @throws {SetUpError} with its last lines if it ends instead
 */
export async function startJupyter({ port, token, settings = [], onLine }) {
  // Jupyter makes each of them with its parents, but not always in the order in which it needs them.
  await mkdir(jupyterHome, { recursive: true });
  const child = startChild(venvPython, serverArguments(port, settings), {
    cwd: root,
    // In the environment, not among the arguments: those are for every user of the machine to read.
    env: { ...jupyterEnvironment(), JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  /** @type {string[]} */
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
      for (const line of chunk.split(/\r?\n/)) {
        if (line.trim() === "") continue;
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        onLine?.(line);
      }
    });
  }
  // An object: a plain variable that only a callback sets looks constant to the checker.
  const state = { over: false };
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    const end = (/** @type {number | null} */ code) => {
      state.over = true;
      resolve(code ?? 1);
    };
    child.once("error", () => {
      end(1);
    });
    child.once("close", end);
  });

  const url = `http://${HOST}:${port}`;
  const stop = async () => {
    if (state.over) return;
    await askToStop(url, token).catch(() => child.kill("SIGTERM"));
    const deadline = sleep(STOP_MS, "late", { ref: false });
    if ((await Promise.race([ended, deadline])) === "late") child.kill("SIGKILL");
    await ended;
  };
  onInterrupt(stop);

  const deadline = Date.now() + START_MS;
  while (!(await answers(url, token))) {
    if (state.over || Date.now() > deadline) {
      await stop();
      throw new SetUpError(`JupyterLab did not start. It said:\n${lines.join("\n")}`);
    }
    await sleep(POLL_MS);
  }
  return { url, ended, stop };
}
