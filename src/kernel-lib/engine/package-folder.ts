/** Where this package lies, and which version it is: its sources and its built files find the same folder. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder with the package.json named "vitrine", above this file. */
export function packageFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (existsSync(path) && (JSON.parse(readFileSync(path, "utf8")) as { name?: unknown }).name === "vitrine") {
      return folder;
    }
    if (folder === dirname(folder)) throw new Error(`No package.json named "vitrine" above ${__dirname}`);
  }
}

/** As the package declares it. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}
