/** Questions about a cell's code that its syntax alone answers. */
import * as ts from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter.js";

import type { ParsedFile } from "./internals.js";

/** tslab's wrapping function must then be async, which the type checker does not tell it. */
export function hasTopLevelForAwait(code: string): boolean {
  if (!/\bfor\s+await\b/.test(code)) return false;
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
    if (ts.isForOfStatement(node) && node.awaitModifier) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(parse(code));
}

export type Completeness = { status: "complete" } | { status: "invalid" } | { status: "incomplete"; indent: string };

/** Whether a console should run the code or go on to another line. */
export function completeness(code: string): Completeness {
  const { completed, indent } = isCompleteCode(code);
  if (!completed) return { status: "incomplete", indent: indent ?? "" };
  if (endsInsideToken(code)) return { status: "incomplete", indent: "" };
  return (parse(code).parseDiagnostics?.length ?? 0) > 0 ? { status: "invalid" } : { status: "complete" };
}

const UNTERMINATED_TEMPLATE = 1160;
const UNTERMINATED_COMMENT = 1010;

/** A template or comment that goes on; tslab looks for missing tokens only. */
function endsInsideToken(code: string): boolean {
  const diagnostics = parse(code).parseDiagnostics ?? [];
  return diagnostics.some(({ code: reason }) => reason === UNTERMINATED_TEMPLATE || reason === UNTERMINATED_COMMENT);
}

/** Where the name ends that is called around a position: behind `split` in `set.split({ | })`, also where the bracket is still open. */
export function calleeEnd(code: string, position: number): number | undefined {
  let innermost: { from: number; end: number } | undefined;
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!(ts.isCallExpression(node) || ts.isNewExpression(node)) || !node.arguments) return;
    const from = node.arguments.pos;
    const isClosed = code[node.end - 1] === ")";
    if (position < from || (isClosed && position >= node.end)) return;
    if (!innermost || from > innermost.from) innermost = { from, end: node.expression.end };
  };
  visit(parse(code));
  return innermost?.end;
}

/** What lies between the quotes around a position, also where the second one is missing. */
export function quotedAt(code: string, position: number): { start: number; end: number } | undefined {
  const visit = (node: ts.Node): { start: number; end: number } | undefined => {
    if (!ts.isStringLiteralLike(node)) return ts.forEachChild(node, visit);
    const start = node.getStart() + 1;
    const isClosed = node.end > start && code[node.end - 1] === code[start - 1];
    const end = isClosed ? node.end - 1 : Math.min(node.end, code.length);
    return position >= start && position <= end ? { start, end } : undefined;
  };
  return visit(parse(code));
}

function parse(code: string): ParsedFile {
  // `export {}` makes it a module, as tslab does: `await` is then a keyword at the top.
  return ts.createSourceFile("cell.ts", `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
}
