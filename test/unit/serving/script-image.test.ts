/** An entry script in an image's build context. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { writeContext } from "../../../src/kernel-lib/serving/docker/build-context.js";
import { compileScript } from "../../../src/kernel-lib/serving/scripts/compile-script.js";
import { ScriptedModel } from "../../../src/kernel-lib/serving/scripts/scripted-model.js";
import { DEFAULT_SETTINGS } from "../../../src/kernel-lib/serving/service-settings.js";

const LIMITS = { initTimeout: 1000, runTimeout: 1000, memory: 256 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-script-image-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The folder that an image of it is built from. */
async function contextOf(model: ScriptedModel): Promise<string> {
  const context = join(folder, "context");
  const settings = { ...DEFAULT_SETTINGS, script: LIMITS };
  await writeContext(context, { name: "s", model, settings, baseImage: undefined });
  return context;
}

it("goes into an image with its packages and with all that it may import", async () => {
  await writeFile(
    join(folder, "score.ts"),
    'import { LogisticRegression } from "vitrine";\nexport const run = () => LogisticRegression.name;',
  );
  const script = await compileScript(join(folder, "score.ts"));
  const environment = { name: "e", node: null, packages: { left: "^1.4.0" }, variables: {} };
  const model = new ScriptedModel(
    { script, models: [], environment, installed: { versions: { left: "1.4.2" }, folders: [] } },
    LIMITS,
  );
  const context = await contextOf(model);
  const dockerfile = await readFile(join(context, "Dockerfile"), "utf8");
  expect(dockerfile).toMatch(/WORKDIR \/srv\/packages\nRUN npm install .* 'left@1\.4\.2'\n/);
  expect(dockerfile).toContain("COPY --from=build /srv/packages/node_modules /srv/node_modules");
  // As `npm ci` lays it out there: the packages, and the library as one of them.
  const library = join(context, "app", "library");
  const modules = join(context, "app", "node_modules");
  await mkdir(modules);
  for (const name of await readdir(inRoot("node_modules"))) {
    await symlink(name === "vitrine" ? library : inRoot("node_modules", name), join(modules, name));
  }
  const code = `const run = require(${JSON.stringify(join(context, "versions", "1", "model", "script", "script.cjs"))}).run; console.log(run(), require.resolve("vitrine"))`;
  const env = { ...process.env, NODE_PATH: modules };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code], { cwd: folder, env });
  expect(stdout.trim()).toBe(`LogisticRegression ${join(library, "dist", "index.js")}`);
});

it("takes a model's hidden files along, whose hashes are asked for in the container", async () => {
  // As a download from a hub has them.
  await mkdir(join(folder, "hub", ".cache"), { recursive: true });
  for (const name of [".gitattributes", ".cache/etag", "weights.json"]) await writeFile(join(folder, "hub", name), "1");
  await writeFile(join(folder, "score.ts"), "export const run = () => 1;");
  const script = await compileScript(join(folder, "score.ts"));
  const environment = { name: "e", node: null, packages: {}, variables: {} };
  const models = [{ name: "m", version: 1, path: join(folder, "hub"), base: "hub" }];
  const model = new ScriptedModel({ script, models, environment, installed: { versions: {}, folders: [] } }, LIMITS);
  const context = await contextOf(model);
  const rules = (await readFile(join(context, ".dockerignore"), "utf8")).trim().split("\n");
  const manifest = JSON.parse(await readFile(join(context, "versions", "1", "manifest.json"), "utf8")) as {
    files: object;
  };
  const files = Object.keys(manifest.files).map((name) => `versions/1/model/${name}`);
  expect(files).toContain("versions/1/model/models/m/1/hub/.gitattributes");
  expect(files.filter((name) => isIgnored(rules, name))).toEqual([]);
  expect(isIgnored(rules, "Dockerfile")).toBe(true);
});

/** By Docker's rules: the last pattern that fits the path or a folder above it counts. */
function isIgnored(rules: readonly string[], path: string): boolean {
  return rules.reduce((ignored, rule) => {
    const pattern = rule
      .replace(/^!/, "")
      .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
      .replaceAll("**/", "\0")
      .replaceAll("*", "[^/]*")
      .replaceAll("\0", "(?:.*/)?");
    return new RegExp(`^${pattern}(?:/.*)?$`).test(path) ? !rule.startsWith("!") : ignored;
  }, false);
}
