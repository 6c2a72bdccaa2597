/**
 * Which of the library's built files and npm packages a service needs: followed from its programs by what they load, so that an image
 * holds neither the notebook's side nor what only builds it.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** Programs that are started by name, from the package's folder. */
const PROGRAMS = [
  "dist/serving/container/main.js",
  "dist/serving/container/health.js",
  "dist/serving/replica/main.js",
  "dist/serving/batch/main.js",
  "dist/engine/worker.js",
];

/** All that an entry script may import. */
export const WHOLE_LIBRARY = "dist/index.js";

/** Loaded by computed names or read at the image's own build. */
const PACKAGES_BY_NAME = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-backend-wasm", "node-api-headers"];

const LOADED = /\brequire\("([^"]+)"\)/g;
/** `join(packageFolder(), "dist", "engine", "worker.js")`, as it is compiled. */
const PLACED = /packageFolder\)\(\), ((?:"[^"]+"(?:, )?)+)\)/g;

export interface RuntimeFiles {
  /** Relative to the package's folder, with forward slashes, sorted. */
  files: string[];
  /** Names of npm packages, sorted. */
  packages: string[];
}

/**
 * @param folder the package's; its `dist` is built
 * @param beside more than a service needs itself
 */
export function runtimeFiles(
  folder: string,
  programs: readonly string[] = PROGRAMS,
  beside: readonly string[] = [],
): RuntimeFiles {
  const files = new Set<string>();
  const packages = new Set(PACKAGES_BY_NAME);
  const open = [...programs, ...beside].map((program) => join(folder, program)).filter((path) => existsSync(path));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const name = relative(folder, path).split(sep).join("/");
    if (files.has(name)) continue;
    files.add(name);
    if (!path.endsWith(".js")) continue;
    const code = readFileSync(path, "utf8");
    for (const [, wanted = ""] of code.matchAll(LOADED)) {
      if (wanted.startsWith(".")) open.push(resolve(dirname(path), wanted));
      else if (!wanted.startsWith("node:")) packages.add(packageName(wanted));
    }
    open.push(...placed(folder, code));
  }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** Files that the code names by their place in the package. */
function placed(folder: string, code: string): string[] {
  return [...code.matchAll(PLACED)]
    .map(([, parts = ""]) => JSON.parse(`[${parts}]`) as string[])
    .filter(([first, ...rest]) => first === "backbone" || (first === "dist" && rest.at(-1)?.endsWith(".js") === true))
    .flatMap((parts) =>
      parts.length === 1 ? BACKBONE.map((name) => join(folder, "backbone", name)) : [join(folder, ...parts)],
    )
    .filter((path) => existsSync(path));
}

/** Where the folder alone is named. */
const BACKBONE = ["backbone.json", "backbone.safetensors"];

const packageName = (wanted: string): string =>
  wanted
    .split("/")
    .slice(0, wanted.startsWith("@") ? 2 : 1)
    .join("/");
