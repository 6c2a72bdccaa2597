/** The library in the kernel's cells: what a person's work goes through when things go wrong, and in plain Node beside it. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { tablewareCopy } from "../browser/tableware-copy.js";
import { KernelClient, plainTraceback } from "./client.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

describe("the library in the kernel", () => {
  const kernels: KernelClient[] = [];

  afterEach(async () => {
    await Promise.all(kernels.splice(0).map((kernel) => kernel.stop()));
  });

  /** A kernel in which `dataset` is the sample pictures in `folder`. */
  async function open(folder: string): Promise<KernelClient> {
    const kernel = await KernelClient.start();
    kernels.push(kernel);
    const { reply } = await kernel.execute(`
      import { ClassificationDataset, TransferLearningModel } from "vitrine";
      const dataset = await ClassificationDataset.createFromDir("tableware", ${JSON.stringify(folder)});`);
    expect(reply).toMatchObject({ status: "ok" });
    return kernel;
  }

  /** What a cell prints. */
  async function printed(kernel: KernelClient, code: string): Promise<string> {
    const { id, reply } = await kernel.execute(code);
    expect(reply).toMatchObject({ status: "ok" });
    return kernel.text(id).trim();
  }

  it("ends a training at an interrupt and keeps the best weights so far", async () => {
    const kernel = await open(await tablewareCopy());
    const training = kernel.submit(`
      const model = new TransferLearningModel({ labels: dataset.labels });
      const watch = { onEpoch: ({ epoch }: { epoch: number }) => { if (epoch === 3) console.log("three"); } };
      await model.train(dataset, { learningRates: [0.01], epochs: 100000, observer: watch });`);
    await kernel.waitFor(() => kernel.text(training).includes("three"), "the third epoch");
    kernel.interruptBySignal();
    const { reply } = await kernel.finished(training);
    expect(reply).toMatchObject({ status: "error", ename: "VitrineError" });
    expect(reply.evalue).toMatch(/The training was stopped; the weights of epoch \d+ were kept/);
    expect(await printed(kernel, "console.log((await model.score(dataset)).rows)")).toBe("63");
  });

  it("shows a refusal as its sentence, the cell's line and the cause, without the library's own lines", async () => {
    const kernel = await open(await tablewareCopy());
    const misspelt = await kernel.execute('dataset.size();\ndataset.changeLabelForImage(0, "bowel");');
    expect(plainTraceback(misspelt.reply).split("\n")).toEqual([
      'VitrineError [UnknownLabel]: Expected one of the labels "bowl", "cup", "cutlery", "plate" but received "bowel"',
      "  1 | dataset.size();",
      '> 2 | dataset.changeLabelForImage(0, "bowel");',
      "    |         ^",
      expect.stringMatching(/^ +at cell\[\d+\]:2:9$/),
    ]);
    const lost = await kernel.execute('await ClassificationDataset.createFromDir("x", "/nowhere/at/all")');
    expect(plainTraceback(lost.reply).split("\n")).toEqual([
      "VitrineError [MissingFile]: /nowhere/at/all: expected a folder with one sub-folder a label, but there is no such folder",
      '> 1 | await ClassificationDataset.createFromDir("x", "/nowhere/at/all")',
      "    | ^",
      expect.stringMatching(/^ +at async cell\[\d+\]:1:1$/),
      "Caused by Error: ENOENT: no such file or directory, scandir '/nowhere/at/all'",
    ]);
  });

  it("shows an error of a function that the library calls by the person's own lines", async () => {
    const kernel = await KernelClient.start();
    kernels.push(kernel);
    await kernel.execute('import { Figure } from "vitrine";\nconst figure = new Figure({ data: [] });');
    const { reply } = await kernel.execute(
      'figure.on("click", () => {\n  throw new Error("mine");\n});\nawait figure.tell({ type: "click", points: [] });',
    );
    const lines = plainTraceback(reply).split("\n");
    expect(lines[0]).toBe("Error: mine");
    expect(lines).toContain('> 2 |   throw new Error("mine");');
    expect(lines.filter((line) => line.trim().startsWith("at "))).toEqual([
      expect.stringMatching(/at .*cell\[\d+\]:2:9\)?$/),
      expect.stringMatching(/at .*cell\[\d+\]:4:/),
    ]);
  });

  it("has every label after kill -9, to the last one", async () => {
    const copy = await tablewareCopy();
    const first = await open(copy);
    const change = `dataset.changeLabelForImage(0, "cup"); dataset.changeLabelForImage(7, "plate"); console.log("changed");
      process.kill(process.pid, "SIGKILL");`;
    const id = first.submit(change);
    await new Promise((resolve) => first.child.once("exit", resolve));
    expect(first.outputsOf(id).filter((message) => message.type === "error")).toEqual([]);
    const second = await open(copy);
    const labels = "console.log(dataset.images[0].labels[0], dataset.images[7].labels[0], dataset.problems.length)";
    expect(await printed(second, labels)).toBe("cup plate 0");
  });

  it("tells the second notebook that another has the same pictures, and brings its labels over", async () => {
    const copy = await tablewareCopy();
    const [first, second] = [await open(copy), await open(copy)];
    expect(await printed(second, "console.log(dataset.sharedWith.length)")).toBe("1");
    await first.execute(`dataset.changeLabelForImage(0, "cutlery")`);
    expect(await printed(second, "dataset.refresh(); console.log(dataset.images[0].labels[0])")).toBe("cutlery");
  });

  it("shows a promise that nobody awaits when it fails, and lives on", async () => {
    const kernel = await open(await tablewareCopy());
    const { id } = await kernel.execute(`void dataset.addImage("/nowhere/cup.jpg", "cup"); undefined`);
    const error = await kernel.waitFor(
      (m) => m.type === "error" && m.parent.msg_id === id,
      "the refusal under its cell",
    );
    expect(error.content).toMatchObject({ ename: "VitrineError" });
    expect(error.content.evalue).toContain("cup.jpg: expected a picture, but there is no such file");
    expect(await printed(kernel, "console.log(dataset.size())")).toBe("63");
  });
});

describe("the library in plain Node", () => {
  const script = `
    const dataset = await ClassificationDataset.createFromDir("tableware", ${JSON.stringify(path.join(ROOT, "sample_data", "tableware"))});
    const [train, test] = dataset.split({ trainSize: 0.66, stratify: "label", seed: 1 });
    console.log(train.size(), test.size());
    await new AnnotationUI(test).show();`;
  let folder: string;
  beforeEach(async () => {
    // Inside the clone: that is where a script finds the package.
    await mkdir(path.join(ROOT, "out"), { recursive: true });
    folder = await mkdtemp(path.join(ROOT, "out", "script-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ["import", "script.mjs", `import { AnnotationUI, ClassificationDataset } from "vitrine";\n${script}`],
    [
      "require",
      "script.cjs",
      `const { AnnotationUI, ClassificationDataset } = require("vitrine");\n(async () => {${script}\n})();`,
    ],
  ])("loads by %s, and a widget prints its table and says what makes it live", async (_, name, source) => {
    const file = path.join(folder, name);
    await writeFile(file, source);
    const { stdout } = await run(process.execPath, [file]);
    expect(stdout).toContain("41 22");
    expect(stdout).toContain("tableware (test): 22 pictures");
    expect(stdout).toContain("npm start");
  });
});
