/**
 * Compiles programs against the published declarations with the TypeScript that a notebook's cells are compiled with.
 * Every declaration file that it reaches is checked as well (no `skipLibCheck`). What it finds in other packages' files, as
 * tfjs-layers', is theirs and was there before; a cell meets it only if it asks for it.
 * @module
 */
import { inRoot, root } from "./places.mjs";
import { runCommand } from "./processes.mjs";

/** @returns {Promise<string[]>} the errors that are ours */
export async function checkDeclarations() {
  const compiler = inRoot("node_modules", "@tslab", "typescript-for-tslab", "lib", "tsc.js");
  const options = [
    ["--noEmit", "--strict", "--skipLibCheck", "false", "--pretty", "false"],
    ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noPropertyAccessFromIndexSignature"],
    ["--module", "commonjs", "--moduleResolution", "node", "--target", "es2022", "--types", "node"],
  ];
  const programs = ["consumer.ts", "strict.ts"].map((name) => inRoot("test", "declarations", name));
  const args = [compiler, ...options.flat(), ...programs];
  const { code, output } = await runCommand(process.execPath, args, { cwd: root });
  const lines = output.split(/\r?\n/);
  const ours = lines.filter((line) => line.includes(": error TS") && !line.startsWith("node_modules/"));
  const foreign = lines.filter((line) => line.startsWith("node_modules/"));
  // A compiler that could not even start has said something else.
  if (code !== 0 && ours.length === 0 && foreign.length === 0) return [output.trim()];
  return ours;
}
