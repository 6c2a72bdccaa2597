/** `npm run simd`: compiles the loops of `src/simd` into the library, for whoever changes one. */
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { root } from "./places.mjs";
import { runScript } from "./set-up-error.mjs";
import { compileSimd, simdSources, simdTarget } from "./simd-compiler.mjs";

await runScript(async () => {
  for (const name of await simdSources()) {
    const target = simdTarget(name);
    await writeFile(target, await compileSimd(name));
    console.log(path.relative(root, target));
  }
});
