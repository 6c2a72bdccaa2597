/**
 * The binding between Node and TensorFlow, compiled from the unmodified C++ of @tensorflow/tfjs-node-gpu, and the little addon
 * that loads TensorFlow's libraries before it.
 */
import { spawnSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { runCommand } from "./command.mjs";
import { ensureZig, once } from "./wheels.mjs";

export const PRELOADER = "vitrine_preload.node";
export const BINDING = "tfjs_binding.node";
export const PRELOADER_SOURCE = fileURLToPath(new URL("preload.c", import.meta.url));

/** Of Node-API; every Node from 16 on has it. */
const NAPI_VERSION = 8;

/** The compiler that this machine has, if any. */
export function findCompiler() {
  const names = [process.env["CXX"], "g++", "clang++", "c++"].filter((name) => name !== undefined && name !== "");
  return names.find((name) => spawnSync(/** @type {string} */ (name), ["--version"], { timeout: 10_000 }).status === 0);
}

/**
 * Compiles both addons into `folder` of the cache, unless they are there.
 *
 * @param {{ cache: string, folder: string, packages: string, tensorflow: string }} places `packages`: where tfjs-node-gpu and
 *   node-api-headers lie; `tensorflow`: the folder with the libraries
 * @param {(line: string) => void} report
 */
export async function ensureBinding({ cache, folder, packages, tensorflow }, report) {
  await once(cache, folder, async (partial) => {
    const compiler = findCompiler();
    const zig = compiler ? undefined : await ensureZig(cache, report);
    if (zig) report("No C++ compiler here: compiling with zig, which takes a minute or two");
    const [command, ...first] = zig ? [join(zig, "ziglang", "zig"), "c++"] : [/** @type {string} */ (compiler)];
    const env = {
      ...process.env,
      ZIG_GLOBAL_CACHE_DIR: join(partial, "zig"),
      ZIG_LOCAL_CACHE_DIR: join(partial, "zig"),
    };
    for (const args of [preloaderArguments(packages, partial), bindingArguments(packages, tensorflow, partial)]) {
      await runCommand(/** @type {string} */ (command), [...first, ...args], env);
    }
    await writeFile(join(partial, "compiler.txt"), zig ? "zig 0.17.0" : /** @type {string} */ (compiler));
    await rm(join(partial, "zig"), { recursive: true, force: true });
    // 300 MB that nothing needs any more.
    if (zig) await rm(zig, { recursive: true, force: true });
  });
}

/** @param {string} packages */
const nodeApi = (packages) => [
  "-fPIC",
  "-shared",
  "-O2",
  // Node unloads addons when their thread ends, and what zig links in still has work to do then: the process crashed.
  "-Wl,-z,nodelete",
  `-DNAPI_VERSION=${NAPI_VERSION}`,
  "-I",
  join(packages, "node-api-headers", "include"),
];

/**
 * @param {string} packages
 * @param {string} folder
 */
const preloaderArguments = (packages, folder) => [
  "-x",
  "c",
  ...nodeApi(packages),
  PRELOADER_SOURCE,
  "-o",
  join(folder, PRELOADER),
  "-ldl",
];

/**
 * @param {string} packages
 * @param {string} tensorflow
 * @param {string} folder
 */
function bindingArguments(packages, tensorflow, folder) {
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"];
  const libraries = join(tensorflow, "tensorflow");
  return [
    "-std=c++17",
    ...nodeApi(packages),
    ...["-I", join(libraries, "include"), "-o", join(folder, BINDING)],
    ...sources.map((name) => join(packages, "@tensorflow", "tfjs-node-gpu", "binding", name)),
    ...["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) => join(libraries, name)),
  ];
}
