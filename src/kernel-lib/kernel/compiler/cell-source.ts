/**
 * From a position in the JavaScript that runs back to the line of the cell that a person wrote.
 *
 * Each cell's script is called `vitrine://cell/<number>` (a `sourceURL`), so V8's stacks name it, whichever cell calls it later.
 */
import { SourceMap, type SourceMapPayload } from "node:module";

import type { EditedCode, Place } from "./edited-code.js";
import type { CellMaps } from "./tslab-converter.js";

/** Lines and columns count from 1. */
export interface CellPosition {
  readonly source: CellSource;
  readonly line: number;
  readonly column: number;
}

/** What tslab's executor puts before a cell's code, on its first line; and what its converter puts before the TypeScript. */
const ASYNC_WRAPPER = "(async function(exports, require) { ".length;
const SYNC_WRAPPER = "(function(exports, require) { ".length;
const PREFIX_LINES = 1;

export class CellSource {
  readonly label: string;
  private readonly edited: EditedCode;
  private readonly lines: number;
  private readonly wrapper: number;
  /** As JSON: few cells ever throw, so they are read when one does. */
  private readonly maps: readonly (string | undefined)[];

  /** `lines` of the script are the cell's; what follows is tslab's. */
  constructor(label: string, code: EditedCode, lines: number, isAsync: boolean, maps: CellMaps) {
    this.label = label;
    this.edited = code;
    this.lines = lines;
    this.wrapper = isAsync ? ASYNC_WRAPPER : SYNC_WRAPPER;
    this.maps = [maps.toScript, maps.toModule];
  }

  /** As it was written. */
  get code(): string {
    return this.edited.original;
  }

  /** Where a position of the script comes from; `undefined` for code that the compiler made. */
  locate(line: number, column: number): CellPosition | undefined {
    if (line > this.lines) return undefined;
    let at = { line: line - 1, column: column - 1 - (line === 1 ? this.wrapper : 0) };
    for (const map of this.maps) {
      const entry = map === undefined ? undefined : entryAt(map, at);
      if (!entry) return undefined;
      at = entry;
    }
    const original = at.line - PREFIX_LINES;
    if (original < 0 || original >= this.code.split("\n").length) return undefined;
    const { column: place } = this.edited.placeInOriginal({ line: original, column: at.column });
    return { source: this, line: original + 1, column: place + 1 };
  }
}

const sources = new Map<number, CellSource>();

export function addCellSource(id: number, source: CellSource): void {
  sources.set(id, source);
}

export const cellUrl = (id: number): string => `vitrine://cell/${id}`;

const CELL_URL = /vitrine:\/\/cell\/(\d+):(\d+):(\d+)/g;

/** The first position in a cell that a stack names. */
export function firstCellPosition(stack: string): CellPosition | undefined {
  for (const match of stack.matchAll(CELL_URL)) {
    const found = positionOf(match);
    if (found) return found;
  }
  return undefined;
}

/** A text in which every script position reads as a person knows it: `cell[3]:2:7`. */
export function showCellPositions(text: string): string {
  if (!text.includes("vitrine://cell/")) return text;
  return text.replace(CELL_URL, (...match: string[]) => {
    const source = sources.get(Number(match[1]));
    const found = positionOf(match);
    if (found) return `cell[${found.source.label}]:${found.line}:${found.column}`;
    return source ? `cell[${source.label}]` : String(match[0]);
  });
}

function positionOf([, id, line, column]: readonly (string | undefined)[]): CellPosition | undefined {
  return sources.get(Number(id))?.locate(Number(line), Number(column));
}

/** Lines and columns count from 0. */
function entryAt(map: string, { line, column }: Place): Place | undefined {
  const entry = new SourceMap(JSON.parse(map) as SourceMapPayload).findEntry(line, Math.max(0, column));
  return "originalLine" in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}
