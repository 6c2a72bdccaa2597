/**
 * npm's packages, exactly as the lock file has them. What an install has left agrees with the lock file or it does not,
 * whoever made it; so a developer's own `npm install` is taken as it is.
 * @module
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { parseJson } from "../json.mjs";
import { clientSentence } from "../network-errors.mjs";
import { inRoot, root } from "../places.mjs";
import { runCommand } from "../processes.mjs";
import { SetUpError } from "../set-up-error.mjs";
import { hashOf, hashOfFiles } from "../stamps.mjs";

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage> }} LockFile */

const MINIMUM_NPM = 10;

/**
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes last
 * @returns {string | undefined} the first package that differs, or nothing if all agree
 */
export function firstDifference(wanted, installed) {
  const there = installed.packages ?? {};
  for (const [place, locked] of Object.entries(wanted.packages ?? {})) {
    if (!place.startsWith("node_modules/") && !place.includes("/node_modules/")) continue;
    const found = there[place];
    // Optional packages are for other machines, or could not be installed here: npm leaves them out in silence.
    if (found === undefined && locked.optional === true) continue;
    if (found === undefined || found.version !== locked.version || found.integrity !== locked.integrity) return place;
  }
  return undefined;
}

/** @param {string} file */
async function readLock(file) {
  return /** @type {LockFile} */ (parseJson(await readFile(inRoot(...file.split("/")), "utf8")));
}

async function areThere() {
  const hidden = "node_modules/.package-lock.json";
  if (!existsSync(inRoot(hidden))) return false;
  return firstDifference(await readLock("package-lock.json"), await readLock(hidden)) === undefined;
}

/** npm as the one that runs this script, else the one on the PATH. */
function npmCommand() {
  const script = process.env["npm_execpath"];
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) return { command: process.execPath, first: [script] };
  if (process.platform === "win32") return { command: process.env["ComSpec"] ?? "cmd.exe", first: ["/d", "/c", "npm"] };
  return { command: "npm", first: [] };
}

/** @param {readonly string[]} args @param {(line: string) => void} [onLine] */
function npm(args, onLine) {
  const { command, first } = npmCommand();
  return runCommand(command, [...first, ...args], { cwd: root, ...(onLine === undefined ? {} : { onLine }) });
}

async function requireNpm() {
  const { code, output } = await npm(["--version"]);
  const version = output.trim().split("\n").at(-1) ?? "";
  if (code === 0 && Number.parseInt(version) >= MINIMUM_NPM) return;
  const found = code === 0 ? `this is npm ${version}` : "none was found";
  throw new SetUpError(
    `vitrine needs npm ${MINIMUM_NPM} or newer, and ${found}. \`npm install -g npm@11\` brings one.`,
  );
}

/**
 * npm's answers one by one make the progress line.
 * @param {(line: string) => void} report
 */
function countFetches(report) {
  let fetched = 0;
  return (/** @type {string} */ line) => {
    const [, url] = /npm http fetch GET 200 (\S+)/.exec(line) ?? [];
    const [, failedUrl, attempt] = /npm http fetch GET (\S+) attempt (\d+) failed/.exec(line) ?? [];
    if (url !== undefined) {
      fetched += 1;
      report(`${fetched} fetched, last ${url.replace(/^https?:\/\/[^/]+\//, "")}`);
    } else if (failedUrl !== undefined) {
      report(`no answer for ${failedUrl}, attempt ${attempt}`);
    }
  };
}

/** @type {import("../set-up.mjs").Step} */
export const npmPackagesStep = {
  title: "npm packages",

  async inputs() {
    return hashOf(await hashOfFiles(root, ["package-lock.json", ".npmrc"]), process.platform, process.arch);
  },

  done: areThere,

  async run(report) {
    if (await areThere()) return;
    await requireNpm();
    // npm's own waits between attempts add up to four minutes before it admits that there is no network.
    const patience = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
    const { code, output } = await npm(["ci", "--loglevel=http", ...patience], countFetches(report));
    if (code !== 0) throw new SetUpError(clientSentence("npm", output));
  },
};
