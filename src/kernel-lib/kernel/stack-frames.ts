/**
 * Stacks as a person's code has them: below a cell's lines V8 tells how the kernel came to run the cell, a dozen lines of the kernel, of tslab
 * and of `node:vm` in each error that a cell prints.
 */
import { sep } from "node:path";

const INNER = [`${sep}tslab${sep}dist${sep}executor.js`, `${__dirname}${sep}`];

/** From now on no stack of an error has the kernel's frames below a cell's. Whatever else shapes stacks may take its place. */
export function hideKernelFrames(): void {
  Error.prepareStackTrace = (error, frames) => {
    const shown = frames.slice(0, endOfCell(frames));
    return [titleOf(error), ...shown.map((frame: Printed) => `    at ${frame.toString()}`)].join("\n");
  };
}

/** Behind what a person may want to know: all of it, where no cell is in it. */
function endOfCell(frames: readonly NodeJS.CallSite[]): number {
  const cell = frames.findLastIndex((frame) => fileOf(frame).startsWith("vitrine://cell/"));
  const inner = frames.findIndex((frame, i) => i > cell && INNER.some((part) => fileOf(frame).includes(part)));
  if (cell < 0 || inner < 0) return frames.length;
  // tslab runs a cell by `node:vm`.
  const own = frames.findIndex((frame, i) => i > cell && fileOf(frame) !== "node:vm");
  return own === inner ? cell + 1 : inner;
}

/** V8's frames print themselves, which Node's declarations do not say. */
interface Printed {
  toString(): string;
}

const fileOf = (frame: NodeJS.CallSite): string => frame.getScriptNameOrSourceURL() ?? "";

/** As Node itself begins a stack. */
function titleOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
