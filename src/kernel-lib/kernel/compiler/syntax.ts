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

function parse(code: string): ParsedFile {
  // `export {}` makes it a module, as tslab does: `await` is then a keyword at the top.
  return ts.createSourceFile("cell.ts", `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
}
