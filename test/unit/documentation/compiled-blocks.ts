/** What TypeScript says of the documentation's code, against the declarations that are published. */
import ts from "typescript";

import { inRoot } from "../../../scripts/places.mjs";
import { vitrine } from "../../serving/trained-model.js";
import type { CodeBlock } from "./code-blocks.js";
import { givenNames } from "./given.js";

/** As cells are compiled, but for indices: those who write scripts often have `strict` and no more. */
const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** Of the library, its packages and the language: read once for all programs. */
const declarations = new Map<string, ts.SourceFile | undefined>();

/** The block as a function of a module: what it declares may have the name of what is given or imported. */
const moduleOf = (block: CodeBlock): string =>
  [
    'import type * as vitrine from "vitrine";',
    `import { ${Object.keys(vitrine).join(", ")} } from "vitrine";`,
    ...givenNames(block).map(([name, type]) => `declare const ${name}: ${type};`),
    "export async function block() {\n",
  ].join(" ") + `${block.code}\n}\n`;

/** One sentence an error, "README.md:35: …". */
export function typeErrors(blocks: readonly CodeBlock[]): string[] {
  const byFile = new Map(blocks.map((block, i) => [inRoot("test", "unit", "documentation", `block-${i}.ts`), block]));
  const host = ts.createCompilerHost(OPTIONS);
  const [getSourceFile, fileExists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (file) => byFile.has(file) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const block = byFile.get(file);
    if (block) return ts.createSourceFile(file, moduleOf(block), ts.ScriptTarget.ES2022);
    if (!declarations.has(file)) declarations.set(file, getSourceFile(file, ...rest));
    return declarations.get(file);
  };
  const program = ts.createProgram([...byFile.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const block = file && byFile.get(file.fileName);
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    // The module's first line is ours.
    if (file && block)
      return `${block.file}:${block.line - 1 + file.getLineAndCharacterOfPosition(start).line}: ${message}`;
    return `${file?.fileName ?? "the program"}: ${message}`;
  });
}
