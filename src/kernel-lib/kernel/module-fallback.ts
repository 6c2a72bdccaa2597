/** `import … from "vitrine"` works in any folder: where the notebook's own folder has none, this installation is taken. */
import Module from "node:module";
import { join } from "node:path";

import { PACKAGE_ROOT } from "./kernel-info.js";

type Resolve = (this: unknown, request: string, parent?: unknown, ...rest: unknown[]) => string;

/** Node 20 has no public hook for `require`; this is the one that every loader of its kind uses. */
const loader = Module as unknown as { _resolveFilename: Resolve };

export function installModuleFallback(): void {
  const original = loader._resolveFilename;
  const here = join(PACKAGE_ROOT, "cell.js");
  const own = Object.assign(new Module(here), { filename: here, paths: [] });
  loader._resolveFilename = function resolve(request, parent, ...rest) {
    try {
      return original.call(this, request, parent, ...rest);
    } catch (error) {
      const isMissing = (error as { code?: unknown }).code === "MODULE_NOT_FOUND";
      if (!isMissing || !/^vitrine(\/|$)/.test(request)) throw error;
      return original.call(this, request, own, false);
    }
  };
}
