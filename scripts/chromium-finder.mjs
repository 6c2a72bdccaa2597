/**
 * Finds a Chromium for the browser tests: CHROME_PATH, else the usual names, else Debian's own package where this
 * process may install it.
 * @module
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { runCommand } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";

const USUAL_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
  "microsoft-edge",
];

/** Where the installers of macOS and Windows put it, off the PATH. */
const USUAL_PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

const HOW_TO_GET_ONE =
  "Install Chromium or Chrome (Debian: `apt-get install chromium`), or say where one is: CHROME_PATH=/path/to/chrome npm test";

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
function onPath(name, env) {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => suffixes.map((suffix) => path.join(folder, name + suffix))).find(existsSync);
}

/**
 * Ubuntu has a script of that name which only says to install a snap: only what tells its version counts.
 * On Windows Chrome prints no version and opens a window instead; the file is trusted there.
 * @param {string} executable
 */
async function runs(executable) {
  if (process.platform === "win32") return true;
  const { code, output } = await runCommand(executable, ["--version"]).catch(() => ({ code: 1, output: "" }));
  return code === 0 && /\d+\.\d+/.test(output);
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly string[]} [places]
 * @returns {Promise<string | undefined>} an executable, or nothing if there is none
 * @throws {SetUpError} if CHROME_PATH names something that does not run
 */
export async function findChromium(env = process.env, places = USUAL_PLACES) {
  const chosen = env["CHROME_PATH"];
  if (chosen !== undefined && chosen !== "") {
    if (existsSync(chosen) && (await runs(chosen))) return chosen;
    throw new SetUpError(`CHROME_PATH is ${chosen}, which is not a Chromium that runs.\n${HOW_TO_GET_ONE}`);
  }
  const found = [...USUAL_NAMES.map((name) => onPath(name, env)), ...places.filter(existsSync)];
  for (const executable of found) if (executable !== undefined && (await runs(executable))) return executable;
  return undefined;
}

/** Debian's package can be installed here: Debian itself (Ubuntu's is a snap), apt, and the rights to use it. */
async function mayInstall() {
  if (process.getuid?.() !== 0 || onPath("apt-get", process.env) === undefined) return false;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID=debian$/m.test(release);
}

/**
 * @param {(line: string) => void} report
 * @returns {Promise<string>} an executable
 * @throws {SetUpError} with what to do
 */
export async function ensureChromium(report) {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (!(await mayInstall()))
    throw new SetUpError(`The browser tests need a Chromium, and none was found.\n${HOW_TO_GET_ONE}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  let output = "";
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const result = await runCommand("apt-get", args, { env, onLine: report });
    output += result.output;
  }
  const installed = await findChromium();
  if (installed !== undefined) return installed;
  const errors = output.split("\n").filter((line) => /^(?:E|W|Err):/.test(line));
  throw new SetUpError(`apt-get could not install chromium:\n${errors.slice(-6).join("\n")}\n${HOW_TO_GET_ONE}`);
}
