/**
 * An entry script, TypeScript or JavaScript, made ready to run: with the files that it imports by relative paths, in one CommonJS file.
 * Types are taken away, not checked, as the notebook's cells and any editor do that; packages stay outside.
 */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, resolve } from "node:path";

import type { Message, Metafile } from "esbuild";

import { quote, VitrineError } from "../../structures/errors.js";

const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

export interface CompiledScript {
  /** The entry's own name. */
  entry: string;
  /** The folder that it lies in, absolute. */
  folder: string;
  code: string;
  /** A source map, JSON; places are those of the files as written. */
  map: string;
  /** Names of the packages that it imports, without Node's own. */
  packages: readonly string[];
}

/** @throws MissingFile, InvalidOption, InvalidFile that names the file, the line and the column */
export async function compileScript(path: string): Promise<CompiledScript> {
  const absolute = resolve(path);
  if (!EXTENSIONS.includes(extname(absolute))) {
    const expected = `a file that ends with ${EXTENSIONS.join(", ")}`;
    throw new VitrineError("InvalidOption", { option: "entryScript", expected, received: quote(path) });
  }
  if (!existsSync(absolute)) {
    throw new VitrineError("MissingFile", { path: absolute, what: "an entry script", reason: "there is none" });
  }
  // Only who deploys a script waits for the compiler.
  const { build } = await import("esbuild");
  const built = await build({
    entryPoints: [absolute],
    absWorkingDir: dirname(absolute),
    outfile: `${absolute}.out.cjs`,
    bundle: true,
    packages: "external",
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "external",
    metafile: true,
    write: false,
    logLevel: "silent",
    // What lies around the script must not change what it means.
    tsconfigRaw: "{}",
  }).catch((error: unknown) => {
    throw refusal(absolute, error);
  });
  const text = (end: string) => built.outputFiles.find((file) => file.path.endsWith(end))?.text ?? "";
  return {
    entry: basename(absolute),
    folder: dirname(absolute),
    code: text(".cjs"),
    map: text(".map"),
    packages: packagesOf(built.metafile),
  };
}

function refusal(path: string, error: unknown): unknown {
  const [first] = (error as { errors?: Message[] }).errors ?? [];
  if (!first) return error;
  const { location, text } = first;
  const file = location ? resolve(dirname(path), location.file) : path;
  const where = location ? `line ${location.line}, column ${location.column + 1}` : "the whole";
  const line = location ? `${quote(location.lineText.trim())}: ` : "";
  return new VitrineError("InvalidFile", {
    path: file,
    where,
    expected: "a script that compiles",
    received: `${line}${text}`,
  });
}

function packagesOf({ inputs }: Metafile): string[] {
  const paths = Object.values(inputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external ? [path] : [])),
  );
  const names = paths.filter((path) => !isBuiltin(path)).map(packageName);
  return [...new Set(names)].sort();
}

/** "@scope/name/file" → "@scope/name". */
const packageName = (path: string) =>
  path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
