import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

import { checkLayers } from "../../scripts/layer-check.mjs";
import { root } from "../../scripts/places.mjs";

let copy = "";
beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), "layers-"));
  const made = /\/(?:dist|node_modules)(?:\/|$)/;
  await cp(path.join(root, "src"), path.join(copy, "src"), {
    recursive: true,
    filter: (source) => !made.test(source.slice(root.length)),
  });
  for (const file of [".dependency-cruiser.cjs", "package.json"])
    await cp(path.join(root, file), path.join(copy, file));
  await symlink(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
});
afterAll(() => rm(copy, { recursive: true }));

/** Puts files into the copy, checks it, and takes them away again. */
async function violationsWith(files: Record<string, string>): Promise<string[]> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(copy, file)), { recursive: true });
    await writeFile(path.join(copy, file), text);
  }
  const { violations } = await checkLayers(copy);
  for (const file of Object.keys(files)) await rm(path.join(copy, file));
  return violations.filter(({ from }) => Object.hasOwn(files, from)).map(({ rule, to }) => `${rule}: ${to}`);
}

const LIB = "src/kernel-lib";

it("catches every kind of planted violation", async () => {
  const found = await violationsWith({
    [`${LIB}/structures/planted-up.ts`]: `import "../metrics/index.js";`,
    [`${LIB}/metrics/planted-type.ts`]: `import type { Context } from "../engine/messages.js";\nexport type C = Context;`,
    [`${LIB}/metrics/planted-node.ts`]: `import "node:fs";`,
    [`${LIB}/classifiers/planted-npm.ts`]: `import "zod";`,
    [`${LIB}/metrics/planted-sharp.ts`]: `import "sharp";`,
    [`${LIB}/data/planted-tfjs.ts`]: `import "@tensorflow/tfjs-core";`,
    [`${LIB}/ui/planted-zeromq.ts`]: `import "zeromq";`,
    [`${LIB}/comm/planted-tslab.ts`]: `import "tslab";`,
    [`${LIB}/kernel/planted-library.ts`]: `import "../data/decode.js";`,
    [`${LIB}/protocol/planted-room.ts`]: `import "../structures/errors.js";`,
    [`${LIB}/structures/planted-nowhere.ts`]: `import "./there-is-no-such-file.js";`,
    [`${LIB}/structures/planted-ring-a.ts`]: `import "./planted-ring-b.js";`,
    [`${LIB}/structures/planted-ring-b.ts`]: `import "./planted-ring-a.js";`,
    [`${LIB}/structures/planted-catch-all.ts`]: `import "./utils/things.js";`,
    [`${LIB}/structures/utils/things.ts`]: "export const things = 1;",
    [`${LIB}/structures/planted-roomless.ts`]: `import "../cellar/bottle.js";`,
    [`${LIB}/cellar/bottle.ts`]: "export const bottle = 1;",
    "src/widgets/src/planted-widget.ts": `import "../../kernel-lib/structures/errors.js";`,
    "src/widgets/src/planted-core.ts": `import "node:path";`,
  });
  for (const expected of [
    /^structures-imports-lower-floors-only: .*metrics\/index\.ts/,
    /^metrics-imports-lower-floors-only: .*engine\/messages/,
    /^metrics-and-classifiers-are-pure: fs/,
    /^metrics-and-classifiers-are-pure: .*zod/,
    /^sharp-only-in-data-augmenters-plots-serving: .*sharp/,
    /^tfjs-only-in-ops-augmenters-hub-models-engine: .*tfjs-core/,
    /^zeromq-only-in-kernel: .*zeromq/,
    /^tslab-only-in-kernel: .*tslab/,
    /^kernel-imports-comm-protocol-structures: .*data\/decode/,
    /^protocol-imports-nothing: .*structures\/errors\.ts/,
    /^resolvable: .*there-is-no-such-file/,
    /^no-cycle: .*planted-ring-b\.ts/,
    /^no-catch-all-folder: .*utils\/things\.ts/,
    /^a-known-room: .*cellar\/bottle\.ts/,
    /^widgets-import-protocol-only: .*structures\/errors\.ts/,
    /^widgets-run-in-a-browser: path/,
  ]) {
    expect(
      found.some((violation) => expected.test(violation)),
      `${expected.source} in\n${found.join("\n")}`,
    ).toBe(true);
  }
}, 120_000);

it("lets through what the rooms are for", async () => {
  const found = await violationsWith({
    [`${LIB}/data/planted-fine.ts`]: `import "../structures/errors.js";\nimport "sharp";\nimport "node:fs";`,
    "src/widgets/src/planted-fine.ts": `import "../../kernel-lib/protocol/index.js";`,
  });
  expect(found).toEqual([]);
}, 120_000);
