/** Functions of TypeScript 5.0.4 that tslab's build exports without declaring them. The version is pinned. */
import * as ts from "@tslab/typescript-for-tslab";

interface Internals {
  /** Fills `locals` of a file; does nothing for a file that was bound before. */
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
}

/** A program whose `emit` writes declarations although not every type has a name that a declaration may have. */
export interface ForcingProgram {
  emit(
    file: ts.SourceFile,
    write: ts.WriteFileCallback,
    cancel: ts.CancellationToken | undefined,
    onlyDeclarations: boolean | undefined,
    transformers: ts.CustomTransformers,
    force: true,
  ): ts.EmitResult;
}

/** What a parsed file carries besides its public fields. */
export interface ParsedFile extends ts.SourceFile {
  readonly imports?: readonly ts.StringLiteralLike[];
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

export const internals = ts as unknown as Internals;
