/**
 * A virtual environment in `.venv` with the pinned packages: made by uv, which takes seconds, and where no uv can be had
 * by pip, which takes a minute. Every package's hash is checked against the list.
 * @module
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { clientSentence, findNetworkFailure } from "../network-errors.mjs";
import { inRoot, root, setupCache, venv, venvPython } from "../places.mjs";
import { runCommand } from "../processes.mjs";
import { pythonEnvironment, uvEnvironment } from "../python-environment.mjs";
import { findPython } from "../python-finder.mjs";
import { SetUpError } from "../set-up-error.mjs";
import { hashOf, hashOfFiles } from "../stamps.mjs";

/** @typedef {(line: string) => void} Report */
/** @typedef {import("../python-finder.mjs").Python} Python */
/** @typedef {{ uv: string, env: NodeJS.ProcessEnv }} Uv */

const REQUIREMENTS = inRoot("scripts", "requirements.txt");

/** pyvenv.cfg has it, so that an environment of somebody else's is known as such. */
const PROMPT = "vitrine";

/** Which Python was asked for when the environment was made: who asks for none later has nothing against it. */
const CHOSEN = path.join(venv, "vitrine-python.txt");

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [file]
 * @returns {Promise<string>} "" where nobody has asked for a certain one
 */
export async function chosenPython(env = process.env, file = CHOSEN) {
  const chosen = env["VITRINE_PYTHON"] ?? "";
  return chosen === "" ? readFile(file, "utf8").catch(() => "") : chosen;
}

/**
 * The part of a list with hashes that is about one package.
 * @param {string} requirements
 * @param {string} name
 */
export function requirementOf(requirements, name) {
  const lines = requirements.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${name}==`));
  if (start < 0) throw new Error(`${name} is not in scripts/requirements.txt`);
  const length = lines.slice(start + 1).findIndex((line) => !/^\s/.test(line));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** Removes what an interrupted run has left, and nothing that somebody else has made. */
async function clearVenv() {
  const config = await readFile(path.join(venv, "pyvenv.cfg"), "utf8").catch(() => undefined);
  if (config !== undefined && !new RegExp(`^prompt = '?${PROMPT}'?$`, "m").test(config)) {
    throw new SetUpError(
      "There is a `.venv` here that vitrine has not made. Move it away or delete it, then run the command again.",
    );
  }
  await rm(venv, { recursive: true, force: true });
}

/** @param {Python} python */
async function makeVenvByPython(python) {
  const args = ["-m", "venv", "--prompt", PROMPT, venv];
  const { code, output } = await runCommand(python.executable, args, { env: pythonEnvironment() });
  if (code === 0) return;
  if (/ensurepip|python3(?:\.\d+)?-venv|No module named venv/.test(output)) {
    throw new SetUpError(
      `Python ${python.version} (${python.executable}) comes without its \`venv\` module.\n` +
        "Debian and Ubuntu: `apt-get install python3-venv`. Or install uv (https://docs.astral.sh/uv), which needs no venv.",
    );
  }
  throw new SetUpError(`Python could not make \`.venv\`:\n${output.trim().split("\n").slice(-10).join("\n")}`);
}

/** @param {NodeJS.ProcessEnv} env @returns {Promise<string | undefined>} */
async function uvOnPath(env) {
  const { code } = await runCommand("uv", ["--version"], { env });
  return code === 0 ? "uv" : undefined;
}

/**
 * @param {readonly string[]} args
 * @param {Report} report
 */
function pip(args, report) {
  const shared = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", "--no-input"];
  return runCommand(venvPython, [...shared, ...args], { cwd: root, env: pythonEnvironment(), onLine: report });
}

/**
 * Fetches uv into the environment.
 * @param {Report} report
 * @returns {Promise<string | undefined>} nothing where there is no uv for this machine
 */
async function uvByPip(report) {
  report("fetching uv");
  const list = path.join(setupCache, "uv.txt");
  await mkdir(setupCache, { recursive: true });
  await writeFile(list, `${requirementOf(await readFile(REQUIREMENTS, "utf8"), "uv")}\n`);
  // Without a wheel for this machine pip would try to build uv, which takes a Rust compiler and half an hour.
  const { code, output } = await pip(["--only-binary=:all:", "-r", list], report);
  if (code === 0) return path.join(path.dirname(venvPython), process.platform === "win32" ? "uv.exe" : "uv");
  if (findNetworkFailure(output) !== undefined) throw new SetUpError(clientSentence("pip", output));
  return undefined;
}

/**
 * @param {Uv} uv
 * @param {Report} report
 * @returns {Promise<string | undefined>} what went wrong
 */
async function installByUv({ uv, env }, report) {
  const args = ["pip", "install", "--python", venvPython, "--require-hashes", "-r", REQUIREMENTS];
  const options = { cwd: root, env, onLine: report };
  let result = await runCommand(uv, args, options);
  // uv trusts its copy of an index for ten minutes; a pinned version may be younger than the copy.
  if (result.code !== 0 && result.output.includes("there is no version of")) {
    result = await runCommand(uv, [...args, "--refresh"], options);
  }
  return result.code === 0 ? undefined : result.output;
}

/** @param {Report} report */
async function installByPip(report) {
  const list = path.join(setupCache, "without-uv.txt");
  const requirements = await readFile(REQUIREMENTS, "utf8");
  // Whoever comes here could not have uv.
  await writeFile(list, requirements.replace(requirementOf(requirements, "uv"), ""));
  const { code, output } = await pip(["-r", list], report);
  if (code !== 0) throw new SetUpError(clientSentence("pip", output));
}

/**
 * @param {Python} python
 * @param {Report} report
 * @returns {Promise<Uv | undefined>}
 */
async function makeVenv(python, report) {
  const env = await uvEnvironment(python.executable);
  if ((await uvOnPath(env)) !== undefined) {
    // --seed would fetch pip before the hashes are checked; uv does all that pip would be wanted for.
    const args = ["venv", "--python", python.executable, "--no-python-downloads", "--prompt", PROMPT, venv];
    if ((await runCommand("uv", args, { env })).code === 0) return { uv: "uv", env };
    await clearVenv();
  }
  await makeVenvByPython(python);
  const uv = await uvByPip(report);
  return uv === undefined ? undefined : { uv, env };
}

/** @type {import("../set-up.mjs").Step} */
export const pythonPackagesStep = {
  title: "Python packages",

  async inputs() {
    // Scripts in the environment hold its absolute path: a clone that was moved needs a new one.
    return hashOf(await hashOfFiles(root, ["scripts/requirements.txt"]), venv, await chosenPython());
  },

  // The interpreter is a link: it is gone if the machine's Python is.
  done: () => Promise.resolve(existsSync(venvPython) && existsSync(path.join(venv, "share", "jupyter", "lab"))),

  async run(report) {
    const python = await findPython();
    await clearVenv();
    report(`making .venv with Python ${python.version}`);
    const uv = await makeVenv(python, report);
    await writeFile(CHOSEN, process.env["VITRINE_PYTHON"] ?? "");
    const failure = uv === undefined ? "no uv for this machine" : await installByUv(uv, report);
    if (failure === undefined) return `Python ${python.version}, by uv`;
    if (uv !== undefined && findNetworkFailure(failure) !== undefined)
      throw new SetUpError(clientSentence("uv", failure));
    if (!existsSync(path.join(venv, "pyvenv.cfg")) || (await withoutPip()))
      throw new SetUpError(clientSentence("uv", failure));
    report("uv can't; pip takes longer");
    await installByPip(report);
    return `Python ${python.version}, by pip`;
  },
};

/** An environment made by uv has no pip to fall back on. */
async function withoutPip() {
  return (await runCommand(venvPython, ["-m", "pip", "--version"], { env: pythonEnvironment() })).code !== 0;
}
