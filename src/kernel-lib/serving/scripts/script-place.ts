/** Where in its own lines an entry script threw. */
import { sep } from "node:path";

/**
 * " (score.ts:5:9)", the innermost place of the error's stack that lies in the script; "" where none does.
 *
 * @param folder of the compiled script; stacks name the files it was compiled from, as if they lay there
 */
export function placeOf(error: unknown, folder: string): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const prefix = folder + sep;
  for (const line of stack.split("\n")) {
    const start = line.indexOf(prefix);
    const place = start < 0 ? undefined : /^(.+?:\d+:\d+)\)?$/.exec(line.slice(start + prefix.length).trim())?.[1];
    if (place !== undefined) return ` (${place})`;
  }
  return "";
}
