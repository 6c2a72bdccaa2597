/** A process that is killed while it registers: every version that is there is whole. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { Model } from "../../../src/kernel-lib/serving/registry/model.js";
import { Workspace } from "../../../src/kernel-lib/serving/registry/workspace.js";

it("leaves versions that are whole, whenever SIGKILL comes", { timeout: 240_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "vitrine-registry-kill-"));
  try {
    const workspace = await Workspace.create({ name: "killed", path: folder });
    const modelPath = join(folder, "large.bin");
    await writeFile(modelPath, Buffer.alloc(4 * 2 ** 20, 7));
    const built = inRoot("src", "kernel-lib", "dist", "serving", "registry");
    const code = `
      const { Model } = require(${JSON.stringify(join(built, "model.js"))});
      const { Workspace } = require(${JSON.stringify(join(built, "workspace.js"))});
      (async () => {
        const workspace = await Workspace.fromConfig({ path: ${JSON.stringify(folder)} });
        for (;;) {
          await Model.register({ workspace, modelPath: ${JSON.stringify(modelPath)}, modelName: "large" });
          process.stdout.write(".");
        }
      })();`;
    for (let kill = 0; kill < 3; kill++) {
      const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      await wait(20 + 35 * kill);
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    const models = Model.list(workspace, { name: "large" });
    expect(models.length).toBeGreaterThanOrEqual(3);
    expect(models.map(({ version }) => version)).toEqual(models.map((_, i) => models.length - i));
    for (const model of models) await expect(model.check()).resolves.toContain("large.bin");
    expect((await Model.register({ workspace, modelPath, modelName: "large" })).version).toBe(models.length + 1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
