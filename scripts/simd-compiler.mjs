/**
 * The loops of `src/simd`, written in AssemblyScript, as WebAssembly with SIMD inside TypeScript files of the library.
 * What comes out is committed: whoever only uses the library compiles nothing, and a test compares it with its source.
 * @module
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { inRoot } from "./places.mjs";
import { runCommand } from "./processes.mjs";
import { SetUpError } from "./set-up-error.mjs";

const SOURCES = inRoot("src", "simd");
const COMPILER = inRoot("node_modules", "assemblyscript", "bin", "asc.js");

// Nothing of AssemblyScript's own comes along: no allocator, no checks, no imports but the memory.
const OPTIONS = ["--runtime", "stub", "--enable", "simd", "--importMemory", "--noAssert", "-O3"];

/** @returns {Promise<string[]>} the names of the sources, without ".ts" */
export async function simdSources() {
  const names = await readdir(SOURCES);
  return names.filter((name) => name.endsWith(".ts")).map((name) => path.basename(name, ".ts"));
}

/** @param {string} name of a source @returns {string} where its code belongs */
export const simdTarget = (name) => inRoot("src", "kernel-lib", "simd", `${name}-code.ts`);

/**
 * @param {string} name of a source
 * @returns {Promise<string>} the TypeScript file that holds its code
 * @throws {SetUpError} with what the compiler said
 */
export async function compileSimd(name) {
  const wasm = await compile(`${name}.ts`);
  const constant = name.replace(/-(\w)/g, (_, /** @type {string} */ letter) => letter.toUpperCase());
  const lines =
    Buffer.from(wasm)
      .toString("base64")
      .match(/.{1,110}/g) ?? [];
  const text = lines.map((line) => `  "${line}"`).join(" +\n");
  return `/** Compiled from src/simd/${name}.ts by \`npm run simd\`; not to be edited. */\nexport const ${constant}Code: string =\n${text};\n`;
}

/** @param {string} file @returns {Promise<Uint8Array>} */
async function compile(file) {
  const folder = await mkdtemp(path.join(tmpdir(), "simd-"));
  try {
    const target = path.join(folder, "out.wasm");
    const args = [COMPILER, file, "--outFile", target, ...OPTIONS];
    const { code, output } = await runCommand(process.execPath, args, { cwd: SOURCES });
    if (code !== 0) throw new SetUpError(`src/simd/${file} does not compile:\n${output.trim()}`);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true });
  }
}
