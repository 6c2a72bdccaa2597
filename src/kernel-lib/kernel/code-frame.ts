/** The lines around a position, with a mark below it, as TypeScript's own command line shows them. */

const CONTEXT = 2;
const RED = "\u001b[31m";
const GREY = "\u001b[90m";
const OFF = "\u001b[39m";

export interface Span {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters that are marked; at least one, at most to the line's end. */
  readonly length?: number;
}

/** One text line an entry. An empty list where the code has no such line. */
export function codeFrame(code: string, span: Span): string[] {
  const lines = code.split("\n");
  const text = lines[span.line - 1];
  if (text === undefined) return [];
  const first = Math.max(1, span.line - CONTEXT);
  const last = Math.min(lines.length, span.line + CONTEXT);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const isMarked = number === span.line;
    const margin = `${isMarked ? ">" : " "} ${String(number).padStart(width)} |`;
    const marked = isMarked ? `${RED}>${OFF}${margin.slice(1)}` : `${GREY}${margin}${OFF}`;
    frame.push(`${marked} ${lines[number - 1] ?? ""}`.trimEnd());
    if (isMarked) frame.push(`${GREY}  ${" ".repeat(width)} |${OFF} ${mark(text, span)}`);
  }
  return frame;
}

function mark(text: string, { column, length = 1 }: Span): string {
  // Tabs stay tabs, so that the mark stands under its character whatever their width.
  const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  const room = Math.max(1, text.length - column + 1);
  return `${before}${RED}${"^".repeat(Math.max(1, Math.min(length, room)))}${OFF}`;
}
