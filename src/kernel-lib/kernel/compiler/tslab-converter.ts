/**
 * tslab's converter on a compiler of our choice.
 *
 * Its module is evaluated once more with another `typescript`: the watch program is replaced by `CellProgram`, nothing is polled,
 * and the source maps of both of its passes are kept, so that a traceback can point at the cell's own line.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { compileFunction } from "node:vm";

import * as ts from "@tslab/typescript-for-tslab";
import type * as tslab from "tslab/dist/converter.js";

import { CellProgram, type ProgramHost } from "./cell-program.js";

/** The maps of the latest cell: from its TypeScript to ECMAScript modules, and from there to what is run. */
export interface CellMaps {
  toModule: string | undefined;
  toScript: string | undefined;
}

export interface MappedConverter {
  readonly converter: tslab.Converter;
  readonly maps: CellMaps;
}

/** A converter with tslab's behaviour, made for Node or for `@browser` cells. */
export function createMappedConverter(isBrowser: boolean): MappedConverter {
  const maps: CellMaps = { toModule: undefined, toScript: undefined };
  const { createConverter } = evaluateConverter(compilerFor(maps));
  return { converter: createConverter({ isJS: false, isBrowser }), maps };
}

function compilerFor(maps: CellMaps): object {
  const watchers = new Map<string, ts.FileWatcherCallback>();
  return {
    ...ts,
    sys: {
      ...ts.sys,
      watchFile: (path: string, callback: ts.FileWatcherCallback) => remember(watchers, path, callback),
    },
    createWatchCompilerHost: (rootFiles: string[], options: ts.CompilerOptions, system: ts.System): ProgramHost => ({
      rootFiles,
      options,
      system,
    }),
    getPreEmitDiagnostics: (program: ts.Program, file: ts.SourceFile) => diagnosticsOf(program, [file]),
    getPreEmitDiagnosticsOfFiles: diagnosticsOf,
    createWatchProgram: (host: ProgramHost) => new CellProgram(host, watchers, (map) => (maps.toModule = map)),
    transpileModule: (code: string, settings: ts.TranspileOptions): ts.TranspileOutput => {
      const compilerOptions = { ...settings.compilerOptions, sourceMap: true };
      const output = ts.transpileModule(code, { ...settings, compilerOptions });
      maps.toScript = output.sourceMapText;
      return { ...output, outputText: output.outputText.replace(/\n\/\/# sourceMappingURL=[^\n]*\s*$/, "\n") };
    },
  };
}

/**
 * What is wrong with the files themselves. That a type has no name for a declaration file (TS4094: a class expression with something
 * private) is nobody's fault here: who writes a cell asked for none.
 */
function diagnosticsOf(program: ts.Program, files: readonly ts.SourceFile[]): readonly ts.Diagnostic[] {
  const own = files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  return ts.sortAndDeduplicateDiagnostics([
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own,
  ]);
}

function remember(watchers: Map<string, ts.FileWatcherCallback>, path: string, callback: ts.FileWatcherCallback) {
  watchers.set(path, callback);
  return { close: () => watchers.delete(path) };
}

function evaluateConverter(compiler: object): typeof tslab {
  const path = require.resolve("tslab/dist/converter.js");
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  const load = createRequire(path);
  const requireFor = (id: string): unknown => (id === "@tslab/typescript-for-tslab" ? compiler : load(id));
  const module = { exports: {} };
  const run = compileFunction(readFileSync(path, "utf8"), parameters, { filename: path }) as (
    ...values: unknown[]
  ) => void;
  run(module.exports, requireFor, module, path, dirname(path));
  return module.exports as typeof tslab;
}
