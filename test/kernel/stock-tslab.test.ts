/** The library in the stock tslab kernel, as it comes from npm, and in plain Node: widgets show their static picture. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelClient } from "./client.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIGURE = 'new Figure({ data: [{ type: "scatter", x: [1, 2], y: [3, 4] }], layout: { title: "Two points" } })';

describe("in the stock tslab kernel", () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    const tslab = dirname(createRequire(import.meta.url).resolve("tslab/package.json"));
    kernel = await KernelClient.startOther((file) => [join(tslab, "bin/tslab"), "kernel", "--config-path", file]);
  });
  afterAll(async () => {
    await kernel.stop();
  });

  it("the library loads, type-checks, and a widget shows its picture and says which kernel makes it live", async () => {
    const run = await kernel.execute(`import { Figure } from "vitrine";\nawait ${FIGURE}.show();`);
    expect([run.reply.status, kernel.text(run.id, "stderr")]).toEqual(["ok", ""]);
    const shown = run.outputs.find(({ type }) => type === "display_data")?.content.data;
    expect(shown?.["text/html"]).toContain("It is live in JupyterLab on the vitrine kernel: npm start.");
    expect(shown?.["application/vnd.jupyter.widget-view+json"]).toBeUndefined();
  });

  it("a widget as a cell's value says how to see it", async () => {
    const run = await kernel.execute(FIGURE);
    expect(kernel.text(run.id)).toMatch(/live in JupyterLab on the vitrine kernel; here: await widget.show\(\)/);
  });

  // Last: stock tslab aborts what comes within 200 ms of an error.
  it("types are checked: a wrong argument is an error of the compiler", async () => {
    const run = await kernel.execute("new Figure(5)");
    expect(run.reply.status).toBe("error");
    expect(kernel.text(run.id, "stderr")).toMatch(/Argument of type 'number' is not assignable/);
  });
});

it("in plain Node a widget prints its table, and says which kernel makes it live", async () => {
  const script = `const { Figure } = require("vitrine"); ${FIGURE}.show();`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: ROOT });
  expect(stderr).toBe("");
  expect(stdout).toContain(
    "This is a picture of the widget. It is live in JupyterLab on the vitrine kernel: npm start.",
  );
});
