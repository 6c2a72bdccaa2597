/** An exception or a compile error as Jupyter's `error` message: name, text, and a traceback that points at the cell's line. */
import { dirname, sep } from "node:path";
import { inspect } from "node:util";

import type { Diagnostic } from "tslab/dist/converter.js";

import { codeFrame } from "./code-frame.js";
import { firstCellPosition, showCellPositions } from "./compiler/cell-source.js";

export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines; with ANSI colours. */
  readonly traceback: readonly string[];
}

/** Thrown into a cell that the user interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("The cell was interrupted");
    this.stack = "";
  }
}

const RED = "\u001b[31m";
const OFF = "\u001b[39m";

/** Frames of Node, of tslab, of the kernel and of a cell's wrapper say nothing about a person's code. */
const NOISE = ["node:", `${sep}tslab${sep}dist${sep}`, `${sep}vitrine${sep}dist${sep}kernel${sep}`, __dirname];
/** Where the library lies. */
const LIBRARY = `${dirname(__dirname)}${sep}`;
const WRAPPER = /cell\[\d+\]\)?$/;
const IN_CELL = /cell\[[^\]]*\]:\d+/;
/** `Array.map (<anonymous>)`: JavaScript's own functions. */
const NATIVE = "(<anonymous>)";
const CAUSES = 5;
const SHOWN_BESIDES = new Set(["stack", "message", "cause", "errors", "name"]);
const SIGINT_CODE = "ERR_SCRIPT_EXECUTION_INTERRUPTED";
const TSLAB_INTERRUPT = "Interrupted asynchronously";

/** Whether tslab's executor or Node ended the cell because of a SIGINT. */
export function isInterrupt(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof Interrupted || error.message === TSLAB_INTERRUPT || codeOf(error) === SIGINT_CODE;
}

/** `prefix` stands before the title: "Uncaught ", say. */
export function reportException(thrown: unknown, prefix = ""): ErrorReport {
  const error = isInterrupt(thrown) ? new Interrupted() : thrown;
  const { name, message } = describe(error);
  const position = firstCellPosition(stackOf(error));
  const frame = position ? codeFrame(position.source.code, position) : [];
  const title = `${RED}${prefix}${name}${isRefusal(error) ? ` [${String(codeOf(error))}]` : ""}${OFF}: ${message}`;
  return { ename: name, evalue: message, traceback: [title, ...frame, ...detailsOf(error)] };
}

/** Diagnostics of one cell; those that belong together stand at the same place, one after the other. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], code: string): ErrorReport {
  const traceback = diagnostics.flatMap((diagnostic, index) => {
    const previous = diagnostics[index - 1];
    const continues = previous?.start.offset === diagnostic.start.offset && previous.fileName === diagnostic.fileName;
    return continues ? [`  ${diagnostic.messageText}`] : showDiagnostic(diagnostic, code);
  });
  const evalue = diagnostics.map((diagnostic) => `${place(diagnostic)} - ${diagnostic.messageText}`).join("\n");
  return { ename: "TypeScriptError", evalue, traceback };
}

function showDiagnostic(diagnostic: Diagnostic, code: string): string[] {
  const { start, end, messageText, fileName } = diagnostic;
  const title = `${RED}${place(diagnostic)} - error TS${diagnostic.code}${OFF}: ${messageText}`;
  if (fileName !== undefined) return [title];
  const length = start.line === end.line ? end.character - start.character : Infinity;
  return [title, ...codeFrame(code, { line: start.line + 1, column: start.character + 1, length })];
}

function place({ fileName, start }: Diagnostic): string {
  return `${fileName === undefined ? "" : `${fileName}:`}${start.line + 1}:${start.character + 1}`;
}

function describe(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: "Thrown", message: safely(() => inspect(error), "a value") };
  // An error's fields are anybody's: getters may throw, values may be of any type.
  const fields: { readonly name: unknown; readonly message: unknown } = error;
  const name = safely(() => String(fields.name), "") || "Error";
  return { name, message: safely(() => String(fields.message), "") };
}

/** Frames, fields and causes: all that stands below the title. */
function detailsOf(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error)) return [];
  const frames = framesOf(error);
  if (isRefusal(error))
    return [...frames.filter((line) => !line.includes(LIBRARY)), ...causesOf(error).map(causeTitle)];
  const fields = Object.entries(error).filter(([key]) => !SHOWN_BESIDES.has(key));
  const shown = fields.length > 0 ? safely(() => inspect(Object.fromEntries(fields)), "").split("\n") : [];
  return [...frames, ...shown, ...causesOf(error).flatMap((cause) => showCause(cause, depth))];
}

/** Below a line of the cell the library's own say only how it came to call that line: a click's listener, say. */
function framesOf(error: Error): string[] {
  const stack = showCellPositions(stackOf(error)).split("\n");
  const frames = stack.filter((line) => /^\s+at /.test(line) && !isNoise(line));
  const first = frames.findIndex((line) => IN_CELL.test(line));
  if (first < 0) return frames;
  return frames.filter((line, i) => i <= first || !(line.includes(LIBRARY) || line.endsWith(NATIVE)));
}

function causesOf(error: Error): unknown[] {
  const several = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return error.cause === undefined ? several : [error.cause, ...several];
}

function showCause(cause: unknown, depth: number): string[] {
  return depth >= CAUSES ? [] : [causeTitle(cause), ...detailsOf(cause, depth + 1)];
}

function causeTitle(cause: unknown): string {
  const { name, message } = describe(cause);
  return `${RED}Caused by ${name}${OFF}: ${message}`;
}

/**
 * Whether the library refused something on purpose. Its message says all that its fields hold, and what matters is the line of
 * the cell, not the library's own. A failing engine is no refusal: there everything may help.
 */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || safely(() => error.name, "") !== "VitrineError") return false;
  return codeOf(error) !== "EngineFailed";
}

const isNoise = (line: string): boolean => WRAPPER.test(line) || NOISE.some((part) => line.includes(part));

function stackOf(error: unknown): string {
  const stack: unknown = error instanceof Error ? safely(() => error.stack, "") : "";
  return typeof stack === "string" ? stack : "";
}

function codeOf(error: Error): unknown {
  return safely(() => (error as { code?: unknown }).code, undefined);
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
