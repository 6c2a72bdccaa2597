/** Widgets of a notebook that was saved: in a page that was loaded again, and in one that has no kernel to ask. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { codeCell, LabSession, type Notebook } from "./lab-session.js";

const CURVES = `
import { display, Figure, figureRow, metrics, PrecisionRecallUI, TrainingView } from "vitrine";
const truth = [true, false, true, true, false, false];
const scores = [0.9, 0.8, 0.7, 0.6, 0.4, 0.2];
const { precision, recall, thresholds } = metrics.precisionRecallCurve(truth, scores);
const picker = new PrecisionRecallUI(precision, recall, thresholds);
picker`.trim();

const FIGURES = `
const left = new Figure({ data: [{ x: ["cup", "plate"], y: [3, 5], type: "bar" }], layout: { title: { text: "Counts" } } });
const right = new Figure({ data: [{ y: new Float32Array([1, 4, 9]), name: "squares" }], layout: { title: { text: "Squares" } } });
left.on("click", () => { throw new Error("a listener's own error"); });
figureRow(left, right)`.trim();

const TRAINING = `
const view = new TrainingView();
await view.onStart({ title: "a training in the notebook", epochs: 3, images: 41, batchSize: 32 }, () => undefined);
for (let epoch = 1; epoch <= 3; epoch++) {
  view.onEpoch({ epoch, learningRate: 0.1, loss: 1 / epoch, trainError: 0.5 / epoch, imagesPerSecond: 100, seconds: epoch });
}
view.onEnd({ reason: "finished", bestEpoch: 3 });`.trim();

const FILE = "1-classification.ipynb";

async function box(of: Locator): Promise<{ x: number; y: number }> {
  const found = await of.boundingBox();
  if (!found) throw new Error("not on screen");
  return found;
}

describe("widgets in a saved notebook", () => {
  let lab: LabSession;

  beforeAll(async () => {
    const cells = [codeCell("curves", CURVES), codeCell("figures", FIGURES), codeCell("training", TRAINING)];
    lab = await LabSession.open("static-views", FILE, (notebook) => ({ ...notebook, cells }));
  }, 180_000);
  afterAll(async () => {
    await lab.close();
  });

  it("are live once their cells have run", async () => {
    await lab.startAll();
    await lab.finished("const view = ");
    const picker = await lab.widget("const picker = ");
    await picker.getByRole("slider", { name: "Point" }).press("End");
    await picker.getByText("above all").first().waitFor();
    await (await lab.widget("const left = ")).locator(".js-plotly-plot").nth(1).waitFor();
    const training = await lab.widget("const view = ");
    await training.getByText("Finished 3 epochs").first().waitFor();
    // JupyterLab's own styles for lists in outputs would put one below the other.
    const readouts = await training.locator(".vt-readout").all();
    const tops = await Promise.all(readouts.map(async (one) => (await one.boundingBox())?.y));
    expect(new Set(tops).size, "read-outs side by side").toBe(1);
    const [name, value] = [await box(training.locator("dt").first()), await box(training.locator("dd").first())];
    expect(value.x, "a value below its name").toBe(name.x);
    await lab.screenshot("live-training", training);
    await lab.screenshot("live-picker", picker);
  });

  it("show an error that a listener throws under the cell, and live on", async () => {
    const figures = await lab.widget("const left = ");
    await figures.locator(".bars .point").first().click({ force: true });
    await (await lab.show("const left = ")).getByText("a listener's own error").first().waitFor();
    const picker = await lab.widget("const picker = ");
    await picker.getByRole("slider", { name: "Point" }).press("Home");
    await picker.getByText("threshold 0.2").waitFor();
  });

  it("are live again after the page was loaded again, as they were left", async () => {
    await lab.save();
    await lab.reload();
    const picker = await lab.widget("const picker = ");
    const slider = picker.getByRole("slider", { name: "Point" });
    await picker.getByText("threshold 0.2").waitFor();
    await slider.press("ArrowRight");
    await picker.getByText("threshold 0.4").waitFor();
    await (await lab.widget("const view = ")).getByText("Finished 3 epochs").first().waitFor();
    await lab.screenshot("reloaded", await lab.show("const view = "));
  });

  it("are pictures and tables where there is no kernel", async () => {
    await lab.save();
    const file = path.join(lab.folder, "notebooks", FILE);
    const notebook = JSON.parse(await readFile(file, "utf8")) as Notebook;
    // A state without its kernel would keep exported pages from showing the pictures.
    expect(notebook.metadata).not.toHaveProperty("widgets");
    // As on a machine that doesn't have the kernel.
    const kernelspec = { name: "not-here", display_name: "Not here", language: "none" };
    await lab.command("kernelmenu:shutdown");
    await writeFile(file, JSON.stringify({ ...notebook, metadata: { kernelspec } }));
    await lab.page.reload();
    await lab.page.locator(".jp-Dialog").getByRole("button", { name: "No Kernel" }).click();
    const training = await lab.show("const view = ");
    await training.getByText("finished after 3 of 3 epochs").waitFor();
    await training.getByText("3 (kept)").waitFor();
    await lab.screenshot("no-kernel-training", training);
    const figures = await lab.show("const left = ");
    await figures.locator('img[alt*="Squares"]').waitFor();
    await lab.screenshot("no-kernel-figures", figures);
    const picker = await lab.show("const picker = ");
    await picker.locator('img[alt*="Precision and recall"]').waitFor();
    expect(await lab.page.getByText("model not found").count()).toBe(0);
  });
});
