/** Who runs the process. A container may run under a user that has no name: then its number is one. */
import { userInfo } from "node:os";

/** Their number, for folders that are theirs alone; -1 where the system has none. */
export const userId = (): number => process.geteuid?.() ?? -1;

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? "unknown");
  }
}
