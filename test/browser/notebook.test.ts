/** Notebook 1 in JupyterLab, as a person works in it. The pictures of the screen are kept under `out/screenshots`. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { codeCell, LabSession } from "./lab-session.js";

// Would take hours: only Stop ends it.
const LONG_TRAINING = `
const patient = new TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
const patience = await patient.train(train, { learningRates: [0.001], epochs: 100000, seed: 1 });
console.log("ended:", patience.reason, patient.trainEvalAccs[2].length < 100000);`.trim();

const ERRORS = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]';
const STDERR = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]';

describe("the classification notebook in JupyterLab", () => {
  let lab: LabSession;

  beforeAll(async () => {
    lab = await LabSession.open("notebook", "1-classification.ipynb", (notebook) => ({
      ...notebook,
      cells: [...notebook.cells, codeCell("long", LONG_TRAINING)],
    }));
  }, 180_000);
  afterAll(async () => {
    await lab.close();
  });

  it("runs from top to bottom", { timeout: 240_000 }, async () => {
    await lab.startAll();
    await lab.finished("const file = ", 200_000);
    expect(await lab.page.locator(ERRORS).allTextContents()).toEqual([]);
    expect(await lab.page.locator(STDERR).allTextContents()).toEqual([]);
    expect(await lab.output("createFromDir(")).toContain("Dataset consists of 63 images with 4 labels.");
    expect(await lab.output("dataset.split(")).toContain("41 training images, 22 test images");
    expect(await lab.output("const again = ")).toContain("the same scores: true");
  });

  it("answers keys while a training runs: a label changes, is on disk, and is undone", async () => {
    await lab.running("const patient = ");
    const annotation = await lab.widget("new AnnotationUI(");
    const cell = annotation.getByRole("gridcell", { name: /bowl-01\.jpg/ });
    await cell.click();
    await lab.page.keyboard.press("2");
    await annotation.getByRole("gridcell", { name: /bowl-01\.jpg, cup/ }).waitFor();
    await expect.poll(() => journal(lab)).toContain("cup");
    await lab.page.keyboard.press("Control+z");
    await annotation.getByRole("gridcell", { name: /bowl-01\.jpg, bowl/ }).waitFor();
    // The training is still running: nothing of this waited for it.
    await lab.running("const patient = ");
  });

  it("ends a training by Stop and keeps what it learnt", async () => {
    const cell = await lab.show("const patient = ");
    await cell.getByRole("button", { name: "Stop" }).click();
    await lab.finished("const patient = ");
    expect(await lab.output("const patient = ")).toContain("ended: stopped true");
  });

  it("looks right in both themes", async () => {
    for (const theme of ["Light", "Dark"] as const) {
      await lab.setTheme(`JupyterLab ${theme}`);
      for (const [name, source] of WIDGETS) {
        const widget = await lab.widget(source);
        await widget.locator("img, .js-plotly-plot").first().waitFor();
        await lab.screenshot(`notebook-${name}-${theme.toLowerCase()}`, await lab.show(source));
      }
    }
  });

  it("has its labels and widgets after the page is loaded again", async () => {
    await lab.setTheme("JupyterLab Light");
    const annotation = await lab.widget("new AnnotationUI(");
    await annotation.getByRole("gridcell", { name: /bowl-02\.jpg/ }).click();
    await lab.page.keyboard.press("4");
    await annotation.getByRole("gridcell", { name: /bowl-02\.jpg, plate/ }).waitFor();
    await lab.save();
    await lab.reload();
    const again = await lab.widget("new AnnotationUI(");
    await again.getByRole("gridcell", { name: /bowl-02\.jpg, plate/ }).waitFor();
    // And it is live: the key reaches the kernel, which still knows what to undo.
    await again.getByRole("gridcell", { name: /bowl-02\.jpg/ }).click();
    await lab.page.keyboard.press("Control+z");
    await again.getByRole("gridcell", { name: /bowl-02\.jpg, bowl/ }).waitFor();
    for (const [, source] of WIDGETS) await lab.widget(source);
  });
});

const WIDGETS = [
  ["annotation", "new AnnotationUI("],
  ["training", "const run = await model.train("],
  ["figures", "figureRow(plotRocCurve"],
  ["results", "new ResultsUI("],
  ["precision-recall", "new PrecisionRecallUI("],
] as const;

/** The journal of labels beside the pictures of the test's own copy. */
async function journal(lab: LabSession): Promise<string> {
  return readFile(path.join(lab.folder, "sample_data", "tableware", ".vitrine", "labels.jsonl"), "utf8");
}
