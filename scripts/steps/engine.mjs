/**
 * Set-up step: the engine. Gets TensorFlow's libraries, compiles the binding, and puts it where @tensorflow/tfjs-node-gpu's own
 * JavaScript looks for it. Beside the binding lies `vitrine-engine.json`, which tells the engine what to load; it goes with
 * node_modules and is made again from the cache in a moment.
 *
 * The cache is the user's, not the clone's: $XDG_CACHE_HOME/vitrine, by default ~/.cache/vitrine.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chooseTensorFlow } from "./engine/choose.mjs";
import { BINDING, ensureBinding, findCompiler, PRELOADER, PRELOADER_SOURCE } from "./engine/compile.mjs";
import { ensureTensorFlow, TENSORFLOW_VERSION } from "./engine/wheels.mjs";

/** @typedef {import("./engine/choose.mjs").Choice} Choice */
/** @typedef {(line: string) => void} Report */

/**
 * What the engine reads at its start.
 *
 * @typedef {object} EngineRecord
 * @property {"cpu" | "gpu" | "none"} variant
 * @property {string} reason why it is this one
 * @property {string} [tensorflow] version
 * @property {string} [compiler]
 * @property {string[]} libraries absolute paths, in the order of loading
 */

const PACKAGES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const TFJS = join(PACKAGES, "@tensorflow", "tfjs-node-gpu");
const TARGET = join(TFJS, "lib", "napi-v8");
const RECORD = join(TARGET, "vitrine-engine.json");

const WASM_MEANS =
  "The engine falls back to WebAssembly: frozen training and scoring work, slower; fine-tuning a whole network does not.";

function cacheFolder() {
  const wanted = process.env["XDG_CACHE_HOME"];
  return join(wanted && isAbsolute(wanted) ? wanted : join(homedir(), ".cache"), "vitrine");
}

/** Everything that the compiled addons depend on. */
async function sourceHash() {
  const hash = createHash("sha256").update(`${TENSORFLOW_VERSION} ${process.platform} ${process.arch}`);
  const binding = join(TFJS, "binding");
  const names = existsSync(binding) ? (await readdir(binding)).sort() : [];
  const steps = [
    "engine.mjs",
    "engine/choose.mjs",
    "engine/command.mjs",
    "engine/compile.mjs",
    "engine/pip.mjs",
    "engine/wheels.mjs",
    "engine/cuda.txt",
  ];
  const own = steps.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  for (const path of [PRELOADER_SOURCE, ...own, ...names.map((name) => join(binding, name))]) {
    hash.update(path.slice(path.lastIndexOf("/"))).update(await readFile(path));
  }
  return hash.digest("hex");
}

/** @returns {Promise<EngineRecord | undefined>} */
async function readRecord() {
  try {
    /** @type {unknown} */
    const record = JSON.parse(await readFile(RECORD, "utf8"));
    return /** @type {EngineRecord} */ (record);
  } catch {
    return undefined;
  }
}

/** @param {EngineRecord} record */
async function writeRecord(record) {
  await mkdir(TARGET, { recursive: true });
  await place(RECORD, (path) => writeFile(path, `${JSON.stringify(record, null, 2)}\n`));
}

/**
 * @param {string} path
 * @param {(partial: string) => Promise<void>} write
 */
async function place(path, write) {
  const partial = `${path}.partial-${process.pid}`;
  await write(partial);
  await rename(partial, path);
}

/**
 * @param {"cpu" | "gpu"} variant
 * @param {string} reason
 * @param {Report} report
 */
async function install(variant, reason, report) {
  const cache = cacheFolder();
  const tensorflow = await ensureTensorFlow(cache, variant, report);
  const folder = join(cache, `binding-${variant}-${(await sourceHash()).slice(0, 16)}`);
  await ensureBinding({ cache, folder, packages: PACKAGES, tensorflow }, report);
  await mkdir(TARGET, { recursive: true });
  for (const name of [PRELOADER, BINDING]) {
    await place(join(TARGET, name), (partial) => copyFile(join(folder, name), partial));
  }
  const compiler = await readFile(join(folder, "compiler.txt"), "utf8");
  const libraries = ["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"].map((name) =>
    join(tensorflow, "tensorflow", name),
  );
  await writeRecord({ variant, reason, tensorflow: TENSORFLOW_VERSION, compiler, libraries });
  return `TensorFlow ${TENSORFLOW_VERSION} for the ${variant === "gpu" ? "graphics card" : "CPU"} (${reason})`;
}

/**
 * @param {string} reason
 * @param {Report} report
 */
async function fallBack(reason, report) {
  for (const line of [`No TensorFlow: ${reason}`, WASM_MEANS]) report(line);
  await writeRecord({ variant: "none", reason, libraries: [] });
  return `WebAssembly (${reason.split("\n")[0]})`;
}

/**
 * @param {Choice} choice
 * @param {Report} report
 * @returns {Promise<string>}
 */
async function installOrFallBack({ variant, reason }, report) {
  if (variant === "none") return fallBack(reason, report);
  try {
    return await install(variant, reason, report);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (variant === "gpu") {
      report(`Not for the graphics card: ${why}`);
      return installOrFallBack({ variant: "cpu", reason: "the graphics card's could not be had" }, report);
    }
    return fallBack(`${why}\nThe next set-up tries again; VITRINE_TENSORFLOW=none stops it from trying`, report);
  }
}

export const engineStep = {
  title: "Engine",

  /** @returns {Promise<string>} */
  async inputs() {
    const { variant } = chooseTensorFlow();
    return createHash("sha256")
      .update(`${await sourceHash()} ${variant} ${cacheFolder()} ${findCompiler() ?? "zig"}`)
      .digest("hex");
  },

  /** A fall-back that nobody asked for is not done: the next run tries again. */
  async done() {
    const record = await readRecord();
    const { variant } = chooseTensorFlow();
    if (!record || (record.variant !== variant && !(variant === "gpu" && record.variant === "cpu"))) return false;
    if (record.variant === "none") return true;
    return [...record.libraries, join(TARGET, BINDING), join(TARGET, PRELOADER)].every((path) => existsSync(path));
  },

  /** @param {Report} report */
  async run(report) {
    if (!existsSync(TFJS)) throw new Error(`${dirname(TFJS)} is empty: npm install comes before the engine`);
    return installOrFallBack(chooseTensorFlow(), report);
  },
};
