/**
 * Child processes: run to the end with their output kept, and never left behind.
 *
 * Each child leads a process group of its own. A Ctrl-C on the terminal then reaches this process only, which ends the
 * children's whole groups: npm's workers and a compiler's sub-processes go with their parent.
 * @module
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";

const windows = process.platform === "win32";
const PARENT_CHECK_MS = 1000;

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */
/** @typedef {{ code: number, output: string }} CommandResult output is stdout and stderr as they came */
/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [onLine] each line of output as it comes
 * @property {boolean} [inherit] output goes straight to this process' own, and none is kept
 */

/** @type {Set<ChildProcess>} */
const running = new Set();

let interrupted = false;

let endsWell = false;

/** From now on Ctrl-C is how this process is meant to end: no complaint, and exit code 0. */
export function ctrlCEndsWell() {
  endsWell = true;
}

/** @type {string | undefined} */
let record;

/**
 * From now on the children that run are noted in a file, for whoever comes after this process was killed outright.
 * @param {string | undefined} file
 */
export function recordChildren(file) {
  record = file;
  noteChildren();
}

function noteChildren() {
  if (record !== undefined) writeFileSync(record, [...running].map((child) => child.pid).join(" "));
}

/**
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  try {
    if (child.pid === undefined) return;
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * Starts a child that this process ends when it is itself ended.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function startChild(command, args, options) {
  const child = spawn(command, args, { ...options, detached: !windows, windowsHide: true });
  const over = () => {
    running.delete(child);
    noteChildren();
  };
  running.add(child);
  noteChildren();
  child.once("close", over);
  child.once("error", over);
  return child;
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>} code 127 if the command isn't there
 */
export function runCommand(command, args, options = {}) {
  const { cwd, env, onLine, inherit = false } = options;
  return new Promise((resolve, reject) => {
    const pipe = inherit ? "inherit" : "pipe";
    const child = startChild(command, args, { cwd, env, stdio: ["ignore", pipe, pipe] });
    /** @type {string[]} */
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
        chunks.push(chunk);
        const lines = (rest + chunk).split(/\r?\n|\r/);
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "") onLine?.(line);
      });
    }
    child.once("error", (error) => {
      if ("code" in error && error.code === "ENOENT") resolve({ code: 127, output: `${command}: not found\n` });
      else reject(error);
    });
    child.once("close", (code, signal) => {
      // Its failure is our own doing, and this process is about to end: nobody is to make a sentence of it.
      if (interrupted) return;
      const bySignal = signal === null ? 1 : 128 + constants.signals[signal];
      resolve({ code: code ?? bySignal, output: chunks.join("") });
    });
  });
}

/** @type {(() => Promise<void>)[]} */
const endings = [];

/**
 * Registers what must be done before this process gives way to a signal.
 * @param {() => Promise<void>} ending
 */
export function onInterrupt(ending) {
  endings.push(ending);
}

/** @param {NodeJS.Signals} signal */
async function interrupt(signal) {
  const code = signal === "SIGINT" && endsWell ? 0 : 128 + constants.signals[signal];
  // The second Ctrl-C is from someone who does not want to wait.
  if (interrupted) {
    for (const child of running) signalGroup(child, "SIGKILL");
    process.exit(code);
  }
  interrupted = true;
  if (code !== 0) process.stderr.write("\nInterrupted.\n");
  await Promise.allSettled(endings.map((ending) => ending()));
  for (const child of running) signalGroup(child, "SIGTERM");
  const deadline = Date.now() + 3000;
  while (running.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  for (const child of running) signalGroup(child, "SIGKILL");
  process.exit(code);
}

/** Lets Ctrl-C, `kill` and a closed terminal end this process and all that it has started. */
export function endChildrenWithUs() {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => void interrupt(signal));
  }
  // npm passes signals on, but when it is killed outright its script would go on alone.
  if (process.env["npm_lifecycle_event"] === undefined || windows) return;
  const parents = ancestors();
  setInterval(() => {
    if (ancestors() !== parents && !interrupted) void interrupt("SIGHUP");
  }, PARENT_CHECK_MS).unref();
}

/** This process' parent, which is npm's shell, and where the system tells it the shell's parent, which is npm. */
function ancestors() {
  const parent = process.ppid;
  try {
    // "pid (name) state ppid …"; the name may hold spaces and brackets of its own.
    const [, grandparent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${parent}/stat`, "utf8")) ?? [];
    return `${parent} ${grandparent}`;
  } catch {
    return String(parent);
  }
}
