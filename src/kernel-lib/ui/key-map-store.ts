/** The keys that the user has chosen, kept for all notebooks in the context's persistent folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { KeyMap } from "../protocol/index.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { Context } from "../structures/context.js";

const file = (): string => join(Context.global().persistentPath, "keys.json");

/** What is kept; nothing where there is no such file, or none that can be read. */
export function keptKeys(): KeyMap {
  try {
    return checkedKeys(JSON.parse(readFileSync(file(), "utf8")));
  } catch {
    return {};
  }
}

/** Keeps the keys for the next time. @throws CannotWrite */
export async function keepKeys(keys: KeyMap): Promise<void> {
  await writeFileAtomic(file(), `${JSON.stringify(keys, undefined, 2)}\n`, "the chosen keys");
}

const MOST_ACTIONS = 200;

/** Keys from outside: what is none is left out. */
export function checkedKeys(given: unknown): KeyMap {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return {};
  const entries = Object.entries(given).filter((entry): entry is [string, string[]] => isKeys(entry[1]));
  return Object.fromEntries(entries.slice(0, MOST_ACTIONS));
}

const isKeys = (keys: unknown): boolean =>
  Array.isArray(keys) && keys.length <= 5 && keys.every((key) => typeof key === "string" && key.length <= 40);
