import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  plotConfusionMatrix,
  plotPrecisionRecallCurve,
  plotRocCurve,
} from "../../src/kernel-lib/ui/evaluation-plots.js";
import { Figure, type FigureEvent } from "../../src/kernel-lib/ui/figure.js";
import { figureRow } from "../../src/kernel-lib/ui/figure-row.js";
import { PrecisionRecallUI } from "../../src/kernel-lib/ui/precision-recall-ui.js";
import { TrainingView } from "../../src/kernel-lib/ui/training-view.js";
import type { EpochReport } from "../../src/kernel-lib/structures/training.js";
import { sampleEvaluation } from "./evaluations.js";
import { staticFiles, WidgetPage } from "./widget-page.js";

const PLAN = { title: "embedded backbone, base frozen", epochs: 8, images: 41, batchSize: 32 };

const epochReport = (epoch: number): EpochReport => ({
  epoch,
  learningRate: 0.05,
  loss: 1.4 / epoch,
  trainError: 0.6 / epoch,
  evalLoss: 1.5 / epoch + 0.1,
  evalError: 0.7 / epoch,
  imagesPerSecond: 120,
  seconds: 0.4 * epoch,
});

/** A plot's element, as plotly leaves it. */
type Drawn = (SVGElement | HTMLElement) & { data: { marked?: boolean } };

let widgets: WidgetPage;

beforeEach(async () => {
  widgets = await WidgetPage.open();
});

afterEach(async () => {
  const { complaints, kernel } = widgets;
  await widgets.close();
  expect(complaints).toEqual([]);
  expect(kernel.errors).toEqual([]);
});

describe("PrecisionRecallUI in a browser", () => {
  it("picks a point by arrow keys, and the kernel has it", async () => {
    const ui = new PrecisionRecallUI(sampleEvaluation());
    await widgets.show(ui);
    const slider = widgets.page.getByRole("slider", { name: "Point" });
    const before = ui.picked.threshold ?? NaN;
    await slider.focus();
    await slider.press("ArrowRight");
    await expect.poll(() => ui.picked.threshold).toBeGreaterThan(before);
    await slider.press("ArrowLeft");
    await expect.poll(() => ui.picked.threshold).toBe(before);
    const shown = widgets.page.locator("dd:not(.vt-readout-note)").nth(2);
    expect(await shown.innerText()).toBe(String(Number(before.toPrecision(4))));
  });

  it("picks by a wanted precision and by the costs of errors, and hands the threshold to who awaits it", async () => {
    const evaluation = sampleEvaluation();
    const ui = new PrecisionRecallUI(evaluation);
    await widgets.show(ui);
    const { page } = widgets;
    const threshold = ui.threshold({ wait: true });
    await page.getByLabel("Wanted precision").fill("0.95");
    await page.getByLabel("Wanted precision").press("Enter");
    await expect.poll(() => ui.picked.precision).toBeGreaterThanOrEqual(0.95);
    await page
      .getByText(/^0\.\d{3} to [01]\.\d{3}$/)
      .first()
      .waitFor();
    await page.getByRole("combobox", { name: "Wanted" }).selectOption("recall");
    await expect.poll(() => ui.picked.recall).toBeGreaterThanOrEqual(0.95);
    await page.getByRole("combobox", { name: "Wanted" }).selectOption("cost");
    await page.getByLabel("A missed one costs").fill("1000");
    await page.getByLabel("A missed one costs").press("Enter");
    await expect.poll(() => ui.picked.recall).toBe(1);
    await page.getByLabel("Class").selectOption("");
    await page.getByText(`average precision ${evaluation.averagePrecision().toFixed(3)}`).waitFor();
    for (const theme of ["light", "dark"] as const) {
      await widgets.setTheme(theme);
      await page.waitForTimeout(200);
      expect(await widgets.accessibilityProblems()).toEqual([]);
      await widgets.screenshot(`precision-recall-wanted-${theme}`);
    }
    await page.getByRole("button", { name: /^Use this threshold/ }).click();
    expect(await threshold).toBe(ui.picked.threshold);
    await expect.poll(() => page.getByRole("button", { name: /^Use this threshold/ }).count()).toBe(0);
  });

  it("chooses a class by keyboard, and picks by a click on the curve", async () => {
    const evaluation = sampleEvaluation();
    const ui = new PrecisionRecallUI(evaluation);
    const picks: number[] = [];
    ui.onPick(({ precision }) => void picks.push(precision));
    await widgets.show(ui);
    await widgets.page.getByLabel("Class").selectOption("plate");
    await expect.poll(() => ui.label).toBe("plate");
    await widgets.page.getByText(`average precision ${evaluation.averagePrecision("plate").toFixed(3)}`).waitFor();
    await widgets.screenshot("precision-recall-light");
    const before = ui.picked;
    await widgets.page.locator(".vt-plot-canvas .point").nth(4).click({ force: true });
    await expect.poll(() => ui.picked).not.toEqual(before);
    expect(picks.length).toBeGreaterThanOrEqual(2);
    // The click leaves the arrow keys with the curve.
    const clicked = ui.picked;
    await widgets.page.keyboard.press("ArrowRight");
    await expect.poll(() => ui.picked).not.toEqual(clicked);
    await widgets.setTheme("dark");
    await widgets.page.waitForTimeout(300);
    await widgets.screenshot("precision-recall-dark");
  });
});

describe("TrainingView in a browser", () => {
  it("draws its curves again for an epoch, not for a step, and the end at once", async () => {
    const view = new TrainingView();
    await view.onStart({ ...PLAN, epochs: 100 }, () => undefined);
    await widgets.show(view);
    const { page } = widgets;
    view.onEpoch(epochReport(1));
    const curves = page.locator(".vt-plot-canvas");
    await expect.poll(() => page.locator(".vt-plot-canvas .main-svg .scatterlayer").count()).toBe(2);
    // What is drawn is a copy of its own each time: a mark on it is gone with the next drawing.
    const mark = () => curves.evaluateAll((plots) => plots.map((plot) => ((plot as Drawn).data.marked = true)));
    const kept = () => curves.evaluateAll((plots) => plots.map((plot) => (plot as Drawn).data.marked === true));
    let epoch = 1;
    const fiveSteps = async () => {
      await mark();
      for (let step = 1; step <= 5; step++) {
        epoch++;
        view.onStep({ phase: "train", epoch, done: step, total: 41, imagesPerSecond: 118 });
        await page.getByText(`${epoch} of 100`, { exact: true }).waitFor();
      }
      return kept();
    };
    // More than once, since the first sizes and colours may come late.
    await expect.poll(fiveSteps).toEqual([true, true]);
    view.onEpoch(epochReport(2));
    await expect.poll(kept).toEqual([false, false]);
    for (const next of [3, 4, 5, 6, 7, 8]) view.onEpoch(epochReport(next));
    view.onEnd({ reason: "finished", bestEpoch: 8 });
    const points = page.locator(".vt-plot-canvas").first().locator(".scatterlayer .trace").first().locator(".point");
    await expect.poll(() => points.count()).toBe(8);
    // The numbers are there once it has ended, folded away or not.
    expect(await page.locator(".vt-epochs tbody tr").count()).toBe(8);
  });

  it("has its numbers while it goes where they are unfolded", async () => {
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    await widgets.show(view);
    const { page } = widgets;
    for (let epoch = 1; epoch <= 3; epoch++) view.onEpoch(epochReport(epoch));
    await page.getByText("All epochs in numbers").click();
    const rows = page.locator(".vt-epochs tbody tr");
    await expect.poll(() => rows.count()).toBe(3);
    view.onEpoch(epochReport(4));
    await expect.poll(() => rows.count()).toBe(4);
    await page.getByText("All epochs in numbers").click();
    await expect.poll(() => rows.count()).toBe(0);
  });

  it("shows steps and epochs as they come, stops once, and sums up", async () => {
    const view = new TrainingView();
    let stops = 0;
    await view.onStart(PLAN, () => stops++);
    await widgets.show(view);
    const { page } = widgets;
    view.onStep({ phase: "features", epoch: 0, done: 20, total: 41, imagesPerSecond: 90 });
    await page.getByText("Features: 20 of 41 pictures").waitFor();
    for (let epoch = 1; epoch <= 5; epoch++) view.onEpoch(epochReport(epoch));
    view.onStep({ phase: "train", epoch: 6, done: 20, total: 41, imagesPerSecond: 118 });
    await page.getByText("6 of 8", { exact: true }).waitFor();
    await page.locator(".vt-plot-canvas svg").first().waitFor();
    await widgets.screenshot("training-light");
    await widgets.setTheme("dark");
    await page.waitForTimeout(300);
    await widgets.screenshot("training-dark");
    const stop = page.getByRole("button", { name: "Stop" });
    await stop.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => stops).toBe(1);
    await page.getByRole("button", { name: "Stopping…" }).waitFor();
    expect(await page.getByRole("button", { name: "Stopping…" }).isDisabled()).toBe(true);
    // A step that was under way does not take the stop back.
    view.onStep({ phase: "train", epoch: 6, done: 40, total: 41, imagesPerSecond: 118 });
    view.onEnd({ reason: "stopped", bestEpoch: 5 });
    await page.getByText("Stopped after 5 of 8 epochs").first().waitFor();
    await page.getByText("Kept the weights of epoch 5").first().waitFor();
    expect(await page.getByRole("button", { name: /Stop/ }).count()).toBe(0);
    await widgets.screenshot("training-stopped-dark");
  });

  it("looks right without a kernel: says so, and its button does nothing", async () => {
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    await widgets.show(view);
    view.onEpoch(epochReport(1));
    await widgets.page.getByText("1 of 8", { exact: true }).waitFor();
    await widgets.page.evaluate(() => window.vitrineTest.disconnect());
    await widgets.page.getByText("No kernel is connected").waitFor();
    expect(await widgets.page.getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await widgets.screenshot("training-no-kernel");
  });
});

describe("Figure in a browser", () => {
  it("draws typed arrays, follows update, and tells the kernel of clicks", async () => {
    const figure = new Figure({
      data: [
        { type: "scatter", mode: "markers", name: "points", x: Float32Array.of(1, 2, 3), y: Float64Array.of(2, 4, 8) },
      ],
      layout: { title: { text: "Before" } },
    });
    const events: FigureEvent[] = [];
    figure.on("click", (event) => void events.push(event));
    await widgets.show(figure);
    const points = widgets.page.locator(".points .point");
    await points.first().waitFor();
    expect(await points.count()).toBe(3);
    await points.nth(1).click({ force: true });
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]).toEqual({ type: "click", points: [{ trace: 0, index: 1, name: "points", x: 2, y: 4 }] });
    figure.update({ data: [{ type: "bar", x: ["a", "b"], y: [1, 2] }], layout: { title: { text: "After" } } });
    await widgets.page.getByText("After").waitFor();
    expect(await widgets.page.locator(".bars .point").count()).toBe(2);
  });

  it("puts figures side by side, and one below the other where it is narrow", async () => {
    const evaluation = sampleEvaluation();
    const matrix = plotConfusionMatrix(evaluation);
    const row = figureRow(plotRocCurve(evaluation), plotPrecisionRecallCurve(evaluation), matrix);
    const events: FigureEvent[] = [];
    await widgets.page.setViewportSize({ width: 1300, height: 600 });
    await widgets.show(row);
    const plots = widgets.page.getByRole("figure");
    await widgets.page.locator(".vt-plot-canvas .hm, .vt-plot-canvas .heatmaplayer").last().waitFor();
    await widgets.page.waitForTimeout(300);
    await widgets.screenshot("evaluation-light");
    expect(await plots.count()).toBe(3);
    const tops = async () => Promise.all((await plots.all()).map(async (plot) => (await plot.boundingBox())?.y));
    expect(new Set(await tops()).size).toBe(1);
    // Listening begins after the row was made.
    matrix.on("click", (event) => void events.push(event));
    await widgets.kernel.settled();
    await plots.nth(2).click();
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]?.points[0]).toMatchObject({ trace: 0 });
    await widgets.setTheme("dark");
    await widgets.page.waitForTimeout(300);
    await widgets.screenshot("evaluation-dark");
    await widgets.page.setViewportSize({ width: 420, height: 900 });
    await expect.poll(async () => new Set(await tops()).size).toBe(3);
    await widgets.page.waitForTimeout(300);
    await widgets.screenshot("evaluation-narrow-dark");
  });

  it("loads plotly for the first plot only, from the extension's own folder", async () => {
    const loads: string[] = [];
    widgets.page.on("request", (request) => loads.push(new URL(request.url()).pathname));
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    await widgets.show(view);
    await widgets.page.getByText("starting…").waitFor();
    expect(loads).toEqual([]);
    await widgets.show(new Figure({ data: [{ y: [1, 2] }] }));
    await widgets.page.locator(".vt-plot-canvas svg").first().waitFor();
    const plotly = (await staticFiles()).find((file) => file.startsWith("plotly."));
    expect(loads).toEqual([`/dist/labextension/static/${plotly ?? "missing"}`]);
  });
});

describe("every widget in a browser", () => {
  it("has no accessibility problem that axe-core 4.14 finds, in both themes", async () => {
    const training = new TrainingView();
    await training.onStart(PLAN, () => undefined);
    for (let epoch = 1; epoch <= 3; epoch++) training.onEpoch(epochReport(epoch));
    await widgets.show(training);
    await widgets.show(new PrecisionRecallUI(sampleEvaluation()));
    await widgets.show(plotRocCurve(sampleEvaluation()));
    await widgets.page.locator(".vt-plot-canvas svg").nth(3).waitFor();
    expect(await widgets.accessibilityProblems()).toEqual([]);
    await widgets.setTheme("dark");
    await widgets.page.waitForTimeout(300);
    expect(await widgets.accessibilityProblems()).toEqual([]);
  });

  it("keeps its keys from JupyterLab, and leaves nothing behind when its view goes", async () => {
    await widgets.show(plotRocCurve(sampleEvaluation()));
    await widgets.page.locator(".vt-plot-canvas svg").first().waitFor();
    expect(await widgets.page.locator(".vt-host").getAttribute("data-lm-suppress-shortcuts")).toBe("true");
    await widgets.page.evaluate(() => window.vitrineTest.removeViews());
    expect(await widgets.page.locator(".vt-root").count()).toBe(0);
  });

  it("shows two views of one widget, which agree", async () => {
    const ui = new PrecisionRecallUI(sampleEvaluation());
    await widgets.show(ui);
    await widgets.show(ui);
    const sliders = widgets.page.getByRole("slider", { name: "Point" });
    await sliders.first().press("Home");
    await expect.poll(() => sliders.nth(1).inputValue()).toBe("0");
  });
});

describe("the AMD bundle", () => {
  it("shows a figure as well, with plotly from beside it", async () => {
    await widgets.close();
    widgets = await WidgetPage.open("amd");
    await widgets.show(new Figure({ data: [{ y: [1, 3, 2] }], layout: { title: { text: "From AMD" } } }));
    await widgets.page.getByText("From AMD").waitFor();
  });
});
