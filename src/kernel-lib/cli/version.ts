/** The package's version, read where it is declared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { packageFolder } from "../engine/package-folder.js";

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as { version: string }).version;
}
