/** What a cell may do with its own output besides writing to it. */
import { booleanOption, knownOptions } from "../structures/options.js";
import { kernelPort } from "./port.js";

/**
 * Empties the output of the running cell; with `wait`, only when something new takes its place, so that nothing flickers.
 * Without a kernel that can (plain Node, stock tslab) nothing happens.
 */
export function clearOutput(options: { wait?: boolean } = {}): void {
  knownOptions("clearOutput", options, ["wait"]);
  kernelPort()?.clearOutput?.(booleanOption("wait", options.wait ?? false));
}
