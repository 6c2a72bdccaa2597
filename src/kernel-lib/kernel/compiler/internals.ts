/** Functions of TypeScript 5.0.4 that tslab's build exports without declaring them. The version is pinned. */
import * as ts from "@tslab/typescript-for-tslab";

interface Internals {
  /** Fills `locals` of a file; does nothing for a file that was bound before. */
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
}

/** What a parsed file carries besides its public fields. */
export interface ParsedFile extends ts.SourceFile {
  readonly imports?: readonly ts.StringLiteralLike[];
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

export const internals = ts as unknown as Internals;
