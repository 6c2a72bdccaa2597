/**
 * tslab's converter as its executor sees it, with what a notebook needs besides: each cell's script has a name of its own and
 * a way back to its lines, a top-level `for await` runs, and what a failed or interrupted cell declared stays declared.
 */
import type * as ts from "@tslab/typescript-for-tslab";
import type { CompletionInfo, Converter, ConvertResult, Diagnostic } from "tslab/dist/converter.js";
import type { ConverterSet } from "tslab/dist/executor.js";

import type { EditedCode } from "./edited-code.js";
import { addCellSource, CellSource, cellUrl } from "./cell-source.js";
import { withoutExports } from "./exports.js";
import { hasTopLevelForAwait } from "./syntax.js";
import { lowerUsing } from "./using.js";
import { createMappedConverter, type MappedConverter } from "./tslab-converter.js";

export class CellCompiler implements ConverterSet {
  /** Why the latest cell did not compile; empty if it did. */
  diagnostics: readonly Diagnostic[] = [];
  /** How tracebacks call the cell that is compiled next: its execution count. */
  label = "";
  private readonly nodeConverter: () => MappedConverter;
  private browserConverter: Converter | undefined;
  private wrapped: Converter | undefined;
  private compiled = 0;
  /** Declarations of all cells so far. The executor forgets those of a cell that threw; its variables are there nevertheless. */
  private declarations = "";

  constructor() {
    let made: MappedConverter | undefined;
    this.nodeConverter = () => (made ??= createMappedConverter(false));
  }

  get node(): Converter {
    return (this.wrapped ??= this.wrap());
  }

  get browser(): Converter {
    return (this.browserConverter ??= createMappedConverter(true).converter);
  }

  /** Reads the standard library's and Node's declarations, so that the first cell need not wait for them. */
  warmUp(): void {
    this.nodeConverter().converter.convert("", "0");
  }

  close(): void {
    this.wrapped?.close();
    this.browserConverter?.close();
  }

  private wrap(): Converter {
    const inner = () => this.nodeConverter().converter;
    return {
      convert: (_previous: string, code: string): ConvertResult => this.convert(code),
      inspect: (_previous: string, code: string, position: number): ts.QuickInfo =>
        inner().inspect(this.declarations, code, position),
      complete: (_previous: string, code: string, position: number): CompletionInfo =>
        inner().complete(this.declarations, code, position),
      addModule: (name, content, meta) => {
        this.diagnostics = inner().addModule(name, content, meta);
        return [...this.diagnostics];
      },
      close: () => inner().close(),
    };
  }

  private convert(code: string): ConvertResult {
    const { converter, maps } = this.nodeConverter();
    maps.toModule = maps.toScript = undefined;
    const edited = lowerUsing(code, withoutExports(code));
    const result = converter.convert(this.declarations, edited.text);
    this.diagnostics = withinCode(result.diagnostics, edited.text).map((diagnostic) => inOriginal(diagnostic, edited));
    if (result.diagnostics.length > 0) return result;
    this.declarations = result.declOutput ?? "";
    if (hasTopLevelForAwait(edited.text)) result.hasToplevelAwait = true;
    this.compiled += 1;
    this.name(
      result,
      new CellSource(this.label, edited, countLines(result), result.hasToplevelAwait === true, { ...maps }),
    );
    return result;
  }

  private name(result: ConvertResult, source: CellSource): void {
    addCellSource(this.compiled, source);
    if (result.output !== undefined) result.output += `\n//# sourceURL=${cellUrl(this.compiled)}`;
  }
}

const countLines = ({ output = "" }: ConvertResult): number => output.trimEnd().split("\n").length;

/** Behind the code stands what tslab adds: an open bracket makes errors there that nobody can look up. */
function withinCode(diagnostics: readonly Diagnostic[], code: string): readonly Diagnostic[] {
  const inside = diagnostics.filter(({ fileName, start }) => fileName !== undefined || start.offset <= code.length);
  return inside.length > 0 ? inside : diagnostics;
}

function inOriginal(diagnostic: Diagnostic, edited: EditedCode): Diagnostic {
  if (diagnostic.fileName !== undefined) return diagnostic;
  const at = ({ offset, line, character }: Diagnostic["start"]): Diagnostic["start"] => ({
    offset: edited.toOriginal(offset),
    line,
    character: edited.placeInOriginal({ line, column: character }).column,
  });
  return { ...diagnostic, start: at(diagnostic.start), end: at(diagnostic.end) };
}
