/** `DetectionResultsUI` in a real Chromium: thresholds that are live, plots that list pictures, boxes that are mended. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { ObjectDetectionDataset } from "../../src/kernel-lib/data/object-detection-dataset.js";
import { DetectionEvaluation } from "../../src/kernel-lib/metrics/detection-evaluation.js";
import type { Detections } from "../../src/kernel-lib/structures/detections.js";
import { DetectionResultsUI } from "../../src/kernel-lib/ui/detection-results-ui.js";
import { fridgeCopy } from "./fridge-copy.js";
import { WidgetPage } from "./widget-page.js";

const NAMES = ["fridge-01", "fridge-02", "fridge-03", "fridge-04"];

let widgets: WidgetPage;

beforeAll(async () => {
  widgets = await WidgetPage.open();
});

beforeEach(async () => {
  await widgets.page.setViewportSize({ width: 1100, height: 1000 });
});

afterEach(async () => {
  await widgets.page.evaluate(() => window.vitrineTest.removeViews());
  expect(widgets.complaints).toEqual([]);
  expect(widgets.kernel.errors).toEqual([]);
});

afterAll(() => widgets.close());

/** Of each picture: the first object missed, the second under another name, the others right and less and less sure, and one where nothing is. */
function found(labels: readonly string[], { images }: ObjectDetectionDataset): Detections[] {
  return images.map(({ boxes }) => {
    const seen = boxes.slice(1).map((box, i) => {
      const named = labels.indexOf(box.label);
      return {
        box: [box.xmin + 2, box.ymin, box.xmax + 2, box.ymax],
        label: i === 0 ? (named + 1) % labels.length : named,
        score: 0.95 - 0.1 * i,
      };
    });
    const all = [...seen, { box: [1, 1, 16, 13], label: 0, score: 0.3 }].sort((a, b) => b.score - a.score);
    return {
      boxes: Float32Array.from(all.flatMap(({ box }) => box)),
      scores: Float32Array.from(all, ({ score }) => score),
      classes: Int32Array.from(all, ({ label }) => label),
    };
  });
}

async function open() {
  const dataset = await ObjectDetectionDataset.createFromDir("fridge", await fridgeCopy(NAMES));
  const { labels } = dataset;
  const detector = { labels, detect: () => Promise.resolve(found(labels, dataset)) };
  const evaluation = await DetectionEvaluation.run(detector, dataset);
  const ui = new DetectionResultsUI(dataset, evaluation);
  await widgets.show(ui);
  await widgets.page.locator(".vt-zoom img").waitFor();
  return { dataset, evaluation, ui, page: widgets.page };
}

const subtitle = (counts: { right: number; wrong: number; missed: number }) =>
  `4 pictures: ${counts.right} right, ${counts.wrong} wrong, ${counts.missed} missed`;

function total(evaluation: DetectionEvaluation, cut: { score: number; iou?: number }) {
  const counts = evaluation.counts(cut);
  const sum = (key: "right" | "wrong" | "missed") => counts.reduce((all, one) => all + one[key], 0);
  return { right: sum("right"), wrong: sum("wrong"), missed: sum("missed") };
}

const cells = () => widgets.page.getByRole("gridcell");

it("counts anew as the thresholds move, and the average precision and the matrix with them", async () => {
  const { evaluation, ui, page } = await open();
  await page.getByText(subtitle(total(evaluation, { score: 0.5 }))).waitFor();
  await page.getByLabel("Plot", { exact: true }).selectOption("matrix");
  await page.locator(".js-plotly-plot .heatmaplayer").waitFor();
  const before = await page.locator(".js-plotly-plot").innerText();
  await page.getByRole("slider", { name: "Score from" }).fill("0.2");
  const low = total(evaluation, { score: 0.2 });
  await page.getByText(subtitle(low)).waitFor();
  expect(low.wrong).toBeGreaterThan(total(evaluation, { score: 0.5 }).wrong);
  await expect.poll(() => page.locator(".js-plotly-plot").innerText()).not.toBe(before);
  expect(ui.thresholds.score).toBe(0.2);
  await page.getByRole("slider", { name: "Overlap from" }).fill("0.95");
  await page.getByText(subtitle(total(evaluation, { score: 0.2, iou: 0.95 }))).waitFor();
  const area = evaluation.averagePrecision(undefined, { iou: 0.95 }).toFixed(3);
  await page.getByText(`mAP at IoU 0.95 ${area}`).waitFor();
  await cells().first().focus();
  await page.keyboard.press(".");
  await expect.poll(() => ui.thresholds.score).toBe(0.25);
});

it("lists what a cell of the matrix and a kind of error is about", async () => {
  const { evaluation, page } = await open();
  await page.getByLabel("Plot", { exact: true }).selectOption("errors");
  const plot = page.locator(".vt-analysis .js-plotly-plot");
  const bar = plot.locator(".bars .point path:visible").last();
  await bar.waitFor();
  await bar.hover({ force: true });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await bar.click({ force: true });
  await expect.poll(() => page.getByLabel("Error", { exact: true }).inputValue()).toBe("missed");
  for (const text of await cells().locator(".vt-cell-summary").allTextContents())
    expect(text).toMatch(/[1-9]\d* missed/);
  await page.getByLabel("Plot", { exact: true }).selectOption("matrix");
  await plot.locator(".heatmaplayer").waitFor();
  const size = evaluation.labels.length + 1;
  const matrix = evaluation.confusionMatrix();
  const row = matrix.findIndex(
    (counts, i) => i < size - 1 && counts.some((count, j) => count > 0 && j !== i && j < size - 1),
  );
  const column = (matrix[row] ?? []).findIndex((count, j) => count > 0 && j !== row && j < size - 1);
  const drag = plot.locator(".nsewdrag");
  // The axes find their place once the labels beside them are measured.
  await page.waitForTimeout(500);
  const box = await drag.boundingBox();
  if (!box) throw new Error("no plot on screen");
  const position = { x: ((column + 0.5) / size) * box.width, y: ((row + 0.5) / size) * box.height };
  await drag.hover({ position });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await drag.click({ position });
  await expect
    .poll(() => page.getByRole("combobox", { name: "True" }).inputValue())
    .toBe(`label:${evaluation.labels[row] ?? ""}`);
  expect(await page.getByLabel("Taken for").inputValue()).toBe(`label:${evaluation.labels[column] ?? ""}`);
  const verdicts = page.getByRole("region", { name: "Detected" });
  await verdicts
    .getByRole("button", { name: new RegExp(`^${evaluation.labels[column] ?? ""} .*wrong label, overlap 0\\.\\d`) })
    .first()
    .waitFor();
});

it("mends boxes on the spot, and takes it back", async () => {
  const { dataset, evaluation, page } = await open();
  const first = dataset.images[0];
  if (!first) throw new Error("no picture");
  const [missed, mislabelled] = first.boxes;
  if (!missed || !mislabelled) throw new Error("no boxes");
  const truth = page.getByRole("region", { name: "True" });
  const before = total(evaluation, { score: 0.5 });
  await truth
    .getByRole("button", { name: `${missed.label}: missed` })
    .first()
    .click();
  await truth.getByRole("button", { name: "Not there: remove it" }).click();
  await page.getByText(subtitle({ ...before, missed: before.missed - 1 })).waitFor();
  expect(first.boxes).not.toContainEqual(missed);
  await truth
    .getByRole("button", { name: `${mislabelled.label}: taken for another` })
    .first()
    .click();
  const taken = dataset.labels[(dataset.labels.indexOf(mislabelled.label) + 1) % dataset.labels.length] ?? "";
  await truth.getByLabel("It is").selectOption(taken);
  await page
    .getByText(subtitle({ right: before.right + 1, wrong: before.wrong - 1, missed: before.missed - 2 }))
    .waitFor();
  await cells().first().focus();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.getByText(subtitle(before)).waitFor();
  // What was found where nothing was drawn turns out to be there.
  await page.getByRole("slider", { name: "Score from" }).fill("0.2");
  const detected = page.getByRole("region", { name: "Detected" });
  await detected
    .getByRole("button", { name: /nothing there/ })
    .first()
    .click();
  await detected.getByRole("button", { name: "It is there: add it" }).click();
  await expect.poll(() => first.boxes.some(({ xmin, ymax }) => xmin === 1 && ymax === 13)).toBe(true);
  // A right one's outline is taken over.
  await detected
    .getByRole("button", { name: /: right, overlap 0\.\d/ })
    .first()
    .click();
  await detected.getByRole("button", { name: "Its outline is better: take it" }).click();
  await detected
    .getByRole("button", { name: /: right, overlap 1\.00/ })
    .first()
    .waitFor();
});

it.each(["light", "dark"] as const)("has names, roles and contrast in the %s theme, wide and narrow", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await page.getByRole("slider", { name: "Score from" }).fill("0.2");
  await page
    .getByRole("region", { name: "True" })
    .getByRole("button", { name: /missed/ })
    .first()
    .click();
  await page.getByLabel("Plot", { exact: true }).selectOption("matrix");
  await page.locator(".js-plotly-plot .heatmaplayer").waitFor();
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(4);
  await page.waitForTimeout(300);
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await widgets.screenshot(`detection-results-${theme}-1100`);
  await page.setViewportSize({ width: 620, height: 1000 });
  await page.waitForTimeout(400);
  await widgets.screenshot(`detection-results-${theme}-620`);
  const overflow = await page.locator(".vt-host").evaluate((host) => host.scrollWidth - host.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
