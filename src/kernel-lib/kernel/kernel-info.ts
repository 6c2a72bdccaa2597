/** What the kernel says about itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { versions } from "tslab";

import { PROTOCOL_VERSION } from "./messages.js";

/** This package's root folder: `dist/kernel` lies two levels below it. */
export const PACKAGE_ROOT = join(__dirname, "..", "..");

/** Also in the metadata of every notebook: JupyterLab writes it there, and a notebook that has it already is not changed by opening it. */
export const LANGUAGE_INFO = {
  name: "typescript",
  version: versions.typescript,
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  // JupyterLab reads `mode`; classic notebooks read `name` and the flag.
  codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  nbconvert_exporter: "script",
};

/** The content of `kernel_info_reply`. */
export function kernelInfo(): { status: "ok"; [key: string]: unknown } {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as { version: string };
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "vitrine",
    implementation_version: version,
    banner: `vitrine ${version}: TypeScript ${versions.typescript} on Node ${process.version}`,
    language_info: LANGUAGE_INFO,
    help_links: [
      { text: "TypeScript handbook", url: "https://www.typescriptlang.org/docs/handbook/intro.html" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest-v22.x/api/" },
    ],
    supported_features: [],
  };
}
