/** The TypeScript that a reader meets: in README.md, in docs/, and in the library's doc comments. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { inRoot } from "../../../scripts/places.mjs";

export interface CodeBlock {
  /** Relative to the repository. */
  file: string;
  /** Of the first line of code, from 1. */
  line: number;
  code: string;
}

/** README.md and the pages of docs/, in that order. */
export function pageBlocks(): CodeBlock[] {
  const pages = readdirSync(inRoot("docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => join("docs", name))].flatMap((file) => blocksIn(file));
}

export function commentBlocks(): CodeBlock[] {
  const library = join("src", "kernel-lib");
  const files = readdirSync(inRoot(library), { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => /^(?!dist|node_modules).*\.ts$/.test(file));
  return sources.flatMap((file) => blocksIn(join(library, file), /^\s*\* ?/));
}

/** @param margin what stands before each line of a block */
function blocksIn(file: string, margin = /^/): CodeBlock[] {
  const lines = readFileSync(inRoot(file), "utf8")
    .split("\n")
    .map((line) => line.replace(margin, ""));
  const starts = lines.flatMap((line, index) => (line === "```ts" ? [index + 1] : []));
  return starts.map((start) => {
    const code = lines.slice(start, lines.indexOf("```", start)).join("\n");
    return { file, line: start + 1, code };
  });
}
