/** `npm run notebooks`, as its user runs it: the classification notebook from top to bottom, and what it leaves. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { jupyterEnvironment } from "../../scripts/jupyter-environment.mjs";
import { inRoot, out, root, venvPython } from "../../scripts/places.mjs";
import { ExecutedNotebook, readMetrics } from "./executed-notebook.js";

const run = promisify(execFile);

describe("the classification notebook, unattended", () => {
  let notebook: ExecutedNotebook;
  let metrics: { classification: Record<string, unknown> };

  beforeAll(async () => {
    notebook = await ExecutedNotebook.run("1-classification");
    metrics = (await readMetrics()) as typeof metrics;
    // A busy machine takes several times as long as two quiet cores.
  }, 1_000_000);

  const text = (source: string) => notebook.text(source);

  it("prints what the flow asks of each step", () => {
    expect(JSON.parse(text("Context.create("))).toHaveProperty("storage.outputsPath");
    expect(text("createFromDir(")).toMatch(/Dataset consists of 63 images with 4 labels\./);
    expect(text("createFromDir(")).toMatch(/Image 2: name = bowl-03\.jpg, label = bowl, storage id = [0-9a-f]{16}/);
    expect(text("dataset.split({ trainSize: 0.66, stratify")).toMatch(/41 training images, 22 test images/);
    expect(text("model.summary()")).toMatch(/layer4/);
    expect(text("LinearSVC({ C: 0.01")).toBe("");
    expect(text("for (const [what, result] of")).toMatch(/trained head: accuracy = \d+\.\d\d % by class/);
    expect(text("compare({")).toMatch(/McNemar/);
    expect(text("findLabelErrors(evaluation)")).toMatch(/\d of 22 labels look wrong/);
    expect(text("const spread")).toMatch(/mean \d+\.\d\d %, standard deviation \d+\.\d\d %/);
    expect(text("const again")).toBe("the same scores: true\n");
    expect(text("new Deployment(")).toMatch(/1 of 1 replicas ready[\s\S]*2 keys for http:\/\/127\.0\.0\.1:\d+\/score/);
    expect(text("deployment.scoreImage(")).toMatch(/22 of 22 answers are those of the notebook/);
    expect(text("deployment.loadTest(")).toMatch(/good answers a second over 5 s[\s\S]*threshold errorRate +pass/);
    expect(text("deployment.delete()")).toBe("a service of that name: false\n");
  });

  it("reaches what the model card says, on average over ten splits", () => {
    const { classification } = metrics;
    expect(classification["accuracy"]).toBeTypeOf("number");
    const splits = classification["splits"] as number[];
    expect(splits).toHaveLength(10);
    const mean = splits.reduce((sum, accuracy) => sum + accuracy, 0) / splits.length;
    expect(classification["meanAccuracy"]).toBeCloseTo(mean, 9);
    // Ten splits of 22 pictures scatter by about 0.013 about the card's 0.93; four such deviations.
    expect(mean).toBeGreaterThan(0.88);
  });

  it.each(["new AnnotationUI(", "figureRow(", "new ResultsUI(", "new PrecisionRecallUI(", "const run = await model.train(", "deployment.loadTest("])(
    "keeps a picture or table of %s for readers without a kernel",
    (source) => {
      const shown = notebook.outputs(source).find(({ data }) => data?.["application/vnd.jupyter.widget-view+json"] !== undefined);
      expect(shown?.data?.["text/html"]).toMatch(/<img [^>]*src="data:image|<table/);
      expect(shown?.data?.["text/html"]).not.toMatch(/<script/);
    },
  );
});

it("a notebook with an error fails, and says in which cell and line", async () => {
  const folder = await mkdtemp(path.join(out, "failing-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "failing.ipynb");
  const cell = { cell_type: "code", id: "one", metadata: {}, outputs: [], execution_count: null };
  const kernelspec = { name: "vitrine", display_name: "TypeScript", language: "typescript" };
  const source = 'const a = 1;\nthrow new Error("on purpose");';
  const notebook = { cells: [{ ...cell, source }], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  await writeFile(file, JSON.stringify(notebook));
  const args = [inRoot("scripts", "execute_notebook.py"), file, path.join(folder, "executed.ipynb"), "300"];
  const failure: unknown = await run(venvPython, args, { cwd: root, env: jupyterEnvironment() }).catch((e: unknown) => e);
  expect(failure).toMatchObject({ code: 1 });
  const { stdout, stderr } = failure as { stdout: string; stderr: string };
  expect(stdout + stderr).toMatch(/on purpose[\s\S]*2 \|/);
});
