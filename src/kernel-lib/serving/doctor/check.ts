/** What the doctor says of one thing, and the words in which an error is told. */
import { isVitrineError } from "../../structures/errors.js";

/** One thing that was looked at. */
export interface Check {
  /** "machine", "images", "cluster", "registry" */
  topic: string;
  name: string;
  /** "absent": it is not there, and only some need it. "wrong": something can't work as it is. */
  state: "right" | "absent" | "warning" | "wrong";
  /** What is there. */
  found: string;
  /** What to do; "" where nothing. */
  next: string;
}

export const right = (topic: string, name: string, found: string): Check => ({
  topic,
  name,
  state: "right",
  found,
  next: "",
});

export const check = (topic: string, name: string, state: Check["state"], found: string, next: string): Check => ({
  topic,
  name,
  state,
  found,
  next,
});

/** Of an error, without its stack and its lists. */
export function reasonOf(error: unknown): string {
  if (isVitrineError(error, "DeploymentFailed")) return error.details.reason;
  return (error instanceof Error ? error.message : String(error)).split(". Ways out:")[0] ?? "";
}
