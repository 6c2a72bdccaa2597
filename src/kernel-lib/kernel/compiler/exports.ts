/**
 * `export` at a cell's top level, as code has it that was written for a file: every cell's names are there for the next one anyway, and
 * tslab, which exports them itself, would refuse it. Blanks take its place, so nothing moves.
 *
 *     export function area(box: Box) { … }
 *            function area(box: Box) { … }
 */
import * as ts from "@tslab/typescript-for-tslab";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The code unchanged, where it exports nothing. What is exported from another module (`export * from`) is left as it is. */
export function withoutExports(code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  return file.statements.flatMap((statement) => exportsOf(statement, file)).reduce(blank, code);
}

function exportsOf(statement: ts.Statement, file: ts.SourceFile): Range[] {
  if (ts.isExportDeclaration(statement)) return statement.moduleSpecifier ? [] : [rangeOf(statement, file)];
  if (ts.isExportAssignment(statement)) {
    return statement.isExportEquals === true
      ? []
      : [{ start: statement.getStart(file), end: statement.expression.getStart(file) }];
  }
  // A function or class without a name is one by being the default export alone.
  const named =
    !ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement) ? true : statement.name !== undefined;
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  const words = modifiers.filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  return named ? words.map((word) => rangeOf(word, file)) : [];
}

const rangeOf = (node: ts.Node, file: ts.SourceFile): Range => ({ start: node.getStart(file), end: node.end });

const blank = (code: string, { start, end }: Range): string =>
  code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, " ") + code.slice(end);
