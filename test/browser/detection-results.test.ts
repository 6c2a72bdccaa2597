/** `DetectionResultsUI` in a real Chromium: thresholds that are live, plots that list pictures, boxes that are mended. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";

import { ObjectDetectionDataset } from "../../src/kernel-lib/data/object-detection-dataset.js";
import { DetectionEvaluation } from "../../src/kernel-lib/metrics/detection-evaluation.js";
import type { Detections } from "../../src/kernel-lib/structures/detections.js";
import { DetectionResultsUI } from "../../src/kernel-lib/ui/detection-results-ui.js";
import { fridgeCopy } from "./fridge-copy.js";
import { settledBox } from "./settled.js";
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

it("stresses the chosen box alone, and says what lines and colours mean", async () => {
  const { page } = await open();
  const stressed = page.locator(".vt-zoom .vt-box[data-chosen]");
  await page.locator(".vt-zoom .vt-box").first().waitFor();
  expect(await stressed.count()).toBe(0);
  expect(await page.locator(".vt-zoom .vt-box[data-dashed]").count()).toBeLessThan(
    await page.locator(".vt-zoom .vt-box").count(),
  );
  await page.getByRole("region", { name: "Ground truth" }).getByRole("button").first().click();
  await expect.poll(() => stressed.count()).toBe(1);
  const legend = page.getByRole("list", { name: "Boxes in the picture" });
  expect(await legend.getByRole("listitem").allTextContents()).toContain("missed, or taken for another");
});

it("lists what a cell of the matrix and a kind of error is about", async () => {
  const { evaluation, page } = await open();
  await page.getByLabel("Plot", { exact: true }).selectOption("errors");
  const plot = page.locator(".vt-analysis .js-plotly-plot");
  const bar = plot.locator(".bars .point path:visible").last();
  await settledBox(bar);
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
  const box = await settledBox(drag);
  const position = { x: ((column + 0.5) / size) * box.width, y: ((row + 0.5) / size) * box.height };
  await drag.hover({ position });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await drag.click({ position });
  await expect
    .poll(() => page.getByRole("combobox", { name: "Truth" }).inputValue())
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
  const truth = page.getByRole("region", { name: "Ground truth" });
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
  const release = widgets.kernel.hold();
  onTestFinished(release);
  await detected.getByRole("button", { name: "It is there: add it" }).click();
  // A right one's outline is taken over: it is chosen before the kernel has answered, and stays chosen when it has.
  const right = detected.getByRole("button", { name: /: right, overlap 0\.\d/ }).first();
  await right.click();
  release();
  await expect.poll(() => first.boxes.some(({ xmin, ymax }) => xmin === 1 && ymax === 13)).toBe(true);
  await detected.getByRole("button", { name: "Its outline is better: take it" }).click();
  await detected
    .getByRole("button", { name: /: right, overlap 1\.00/ })
    .first()
    .waitFor();
});

it("lists what a point of a curve and a bar of scores are about", async () => {
  const { evaluation, ui, page } = await open();
  const plot = page.locator(".vt-analysis .js-plotly-plot");
  await page.getByLabel("Plot", { exact: true }).selectOption("curve");
  await plot.locator(".scatterlayer").waitFor();
  await settledBox(plot.locator(".nsewdrag"));
  // Near the point of the lowest threshold of a curve: its recall is the highest.
  const label = evaluation.labels.find((own) => evaluation.averagePrecision(own) > 0) ?? "";
  const { precision, recall } = evaluation.precisionRecallCurve(label);
  const place = await plot.evaluate(
    (element, point) => {
      const { xaxis, yaxis } = (
        element as unknown as { _fullLayout: { [axis: string]: { l2p: (value: number) => number } } }
      )._fullLayout;
      return { x: xaxis?.l2p(point.x) ?? 0, y: yaxis?.l2p(point.y) ?? 0 };
    },
    { x: recall[0] ?? 0, y: precision[0] ?? 0 },
  );
  await plot.locator(".nsewdrag").hover({ position: place });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await plot.locator(".nsewdrag").click({ position: place });
  const taken = page.getByLabel("Taken for");
  await expect.poll(() => taken.inputValue()).toMatch(/^label:/);
  const chosen = (await taken.inputValue()).slice("label:".length);
  // The lowest score of all that the detector gave that label has become the threshold.
  const column = evaluation.labels.indexOf(chosen);
  const scores = evaluation.detections.flatMap((one) => [...one.scores].filter((_, k) => one.classes[k] === column));
  expect(evaluation.precisionRecallCurve(chosen).thresholds).toContain(ui.thresholds.score);
  expect(scores.some((score) => Math.abs(score - ui.thresholds.score) < 1e-6)).toBe(true);
  const listed = await cells().count();
  const withIt = evaluation.detections.filter((one) =>
    [...one.scores].some((score, k) => one.classes[k] === column && score >= ui.thresholds.score),
  );
  expect(listed).toBe(withIt.length);

  await page.getByLabel("Plot", { exact: true }).selectOption("scores");
  const bars = plot.locator(".bars .point path:visible");
  await settledBox(bars.last());
  // The lowest bar of all: detections of 0.3, which are under no object.
  const lowest = bars.last();
  await lowest.hover({ force: true });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await lowest.click({ force: true });
  const range = page.getByRole("button", { name: /^(right|wrong), .*: show all$/ });
  await range.waitFor();
  const wrong = (await range.innerText()).startsWith("wrong");
  for (const text of await cells().locator(".vt-cell-summary").allTextContents()) {
    expect(text).toMatch(wrong ? /[1-9]\d* wrong/ : /[1-9]\d* right/);
  }
  await range.click();
  await expect.poll(() => cells().count()).toBe(4);
});

it("draws a box that is missing, and fixes one by its handles, with the annotation tool's hands", async () => {
  const { dataset, evaluation, page } = await open();
  const first = dataset.images[0];
  if (!first) throw new Error("no picture");
  const before = total(evaluation, { score: 0.5 });
  const count = first.boxes.length;
  await page.getByRole("button", { name: "Draw and fix" }).click();
  const canvas = page.locator(".vt-canvas");
  await canvas.locator("img").waitFor();
  const label = dataset.labels[1] ?? "";
  await page.getByLabel("New boxes are").selectOption(label);
  const frame = await canvas.boundingBox();
  if (!frame) throw new Error("no picture on screen");
  const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 3 });
    await page.mouse.move(...to, { steps: 3 });
    await page.mouse.up();
  };
  const middle = [frame.x + frame.width / 2, frame.y + frame.height / 2] as const;
  await drag([middle[0] - 10, middle[1] - 12], [middle[0] + 30, middle[1] + 25]);
  await expect.poll(() => first.boxes.length).toBe(count + 1);
  expect(first.boxes.at(-1)?.label).toBe(label);
  await page.getByText(subtitle({ ...before, missed: before.missed + 1 })).waitFor();
  // It is the chosen one, in the list too; a handle makes it larger.
  await page.getByLabel("The chosen box is").waitFor();
  const truth = page.getByRole("region", { name: "Ground truth" });
  await truth.getByRole("button", { name: "Not there: remove it" }).waitFor();
  const drawn = first.boxes.at(-1);
  const handle = await canvas.locator('.vt-handle[data-handle="se"]').boundingBox();
  if (!handle || !drawn) throw new Error("nothing is chosen");
  const corner = [handle.x + handle.width / 2, handle.y + handle.height / 2] as const;
  await drag(corner, [corner[0] + 24, corner[1] + 18]);
  await expect.poll(() => (first.boxes.at(-1)?.xmax ?? 0) > drawn.xmax).toBe(true);
  expect(first.boxes.at(-1)).toMatchObject({ xmin: drawn.xmin, ymin: drawn.ymin, label });
  await page.screenshot({ path: "out/screenshots/detection-results-drawing.png", fullPage: true });
  expect(await widgets.accessibilityProblems()).toEqual([]);
  // One of the list is chosen on the picture, renamed by a digit, and moved by arrows in one step of undo.
  await truth.getByRole("button", { name: /: / }).first().click();
  const [old] = first.boxes;
  await canvas.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => first.boxes[0]?.xmin).toBe((old?.xmin ?? 0) + 1);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.getByText(subtitle(before)).waitFor();
  expect(first.boxes).toHaveLength(count);
  // By keys alone: the cross, two corners.
  await canvas.focus();
  for (const key of ["n", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"]) await page.keyboard.press(key);
  await expect.poll(() => first.boxes.length).toBe(count + 1);
  await page.keyboard.press("Delete");
  await expect.poll(() => first.boxes.length).toBe(count);
  await page.getByRole("button", { name: "Draw and fix" }).click();
  await page.locator(".vt-zoom:not(.vt-canvas) img").waitFor();
});

it.each(["light", "dark"] as const)("has names, roles and contrast in the %s theme, wide and narrow", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await page.getByRole("slider", { name: "Score from" }).fill("0.2");
  await page
    .getByRole("region", { name: "Ground truth" })
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
