/** Whether what an entry script imports is listed in its environment, installed, and of a version that will do. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { satisfies, validRange } from "semver";

import { quote, VitrineError } from "../../structures/errors.js";
import type { CompiledScript } from "./compile-script.js";
import { ownModuleFolders } from "./script-variables.js";

/** What this package brings itself needs no line in an environment. */
const OWN = "vitrine";

export interface InstalledPackages {
  /** Version by package. */
  versions: Record<string, string>;
  /** Where they were looked for, nearest first. */
  folders: string[];
}

/**
 * @param packages ranges of versions by package
 * @throws InvalidFile where a package is imported that the environment does not list, MissingFile where one is not installed,
 *   InvalidOption where its version is another
 */
export function findPackages(script: CompiledScript, packages: Readonly<Record<string, string>>): InstalledPackages {
  const unlisted = script.packages.find((name) => name !== OWN && !Object.hasOwn(packages, name));
  if (unlisted !== undefined) {
    const details = { path: join(script.folder, script.entry), where: "its imports" };
    const expected = "packages that its environment lists";
    throw new VitrineError("InvalidFile", { ...details, expected, received: quote(unlisted) });
  }
  const folders = moduleFolders(script.folder);
  const versions = Object.entries(packages).map(([name, range]) => [name, versionOf(name, range, folders)] as const);
  return { versions: Object.fromEntries(versions), folders };
}

/** As Node looks for them from a folder: beside it, and beside every folder above. */
function moduleFolders(folder: string): string[] {
  const above = folder === dirname(folder) ? [] : moduleFolders(dirname(folder));
  return [join(folder, "node_modules"), ...above];
}

function versionOf(name: string, range: string, folders: readonly string[]): string {
  for (const folder of [...folders, ...ownModuleFolders()]) {
    const version = readVersion(join(folder, name, "package.json"));
    if (version === undefined) continue;
    if (satisfies(version, range)) return version;
    const details = { option: `packages[${quote(name)}]`, expected: `version ${range}` };
    throw new VitrineError("InvalidOption", { ...details, received: `${version} in ${folder}` });
  }
  const reason = `it is in none of the folders node_modules above the entry script: npm install ${name}@${quote(range)}`;
  throw new VitrineError("MissingFile", { path: join(folders[0] ?? "", name), what: `the package ${name}`, reason });
}

function readVersion(path: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(path, "utf8")) as { version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Whether semver can read it. */
export const isRange = (range: string): boolean => validRange(range) !== null;
