/** `ResultsUI` in a real Chromium: what a model said, filtered, sorted, and labels corrected on the spot. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { ClassificationDataset, extendDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../src/kernel-lib/engine/feature-classifier.js";
import { TransferLearningModel } from "../../src/kernel-lib/engine/transfer-learning-model.js";
import { ResultsUI } from "../../src/kernel-lib/ui/results-ui.js";
import type { Matrix } from "../../src/kernel-lib/structures/matrix.js";
import { tablewareCopy } from "./tableware-copy.js";
import { settledBox } from "./settled.js";
import { WidgetPage } from "./widget-page.js";

let widgets: WidgetPage;

beforeAll(async () => {
  widgets = await WidgetPage.open();
});

beforeEach(async () => {
  await widgets.page.setViewportSize({ width: 900, height: 900 });
});

afterEach(async () => {
  await widgets.page.evaluate(() => window.vitrineTest.removeViews());
  expect(widgets.complaints).toEqual([]);
  expect(widgets.kernel.errors).toEqual([]);
});

afterAll(async () => {
  await widgets.close();
  await engine.close();
});

/** Every eighth picture is taken for the next label; the later a picture, the surer. */
function scoresFor(dataset: ClassificationDataset): Matrix {
  const columns = dataset.labels.length;
  const data = new Float32Array(dataset.size() * columns);
  dataset.images.forEach(({ labels }, id) => {
    const truth = dataset.labels.indexOf(labels[0] ?? "");
    const taken = (truth + (id % 8 === 7 ? 1 : 0)) % columns;
    const top = 0.5 + (0.45 * id) / dataset.size();
    data.fill((1 - top) / (columns - 1), id * columns, (id + 1) * columns);
    data[id * columns + taken] = top;
  });
  return { rows: dataset.size(), columns, data };
}

async function open() {
  const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
  await widgets.show(new ResultsUI(dataset, { scores: scoresFor(dataset) }));
  return { dataset, page: widgets.page };
}

const cells = () => widgets.page.getByRole("gridcell");

it("leaves what is incorrect by one key, and walks through it by the arrows", async () => {
  const { page } = await open();
  await cells().first().focus();
  await page.keyboard.press("i");
  await page.getByText("1 of 7, incorrect").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByText("2 of 7, incorrect").waitFor();
  const verdict = page.getByRole("group", { name: "Verdict" });
  expect(await verdict.innerText()).toMatch(/Incorrect: taken for/);
  expect(await page.evaluate(() => document.activeElement?.querySelector(".vt-cell-summary")?.textContent)).toMatch(
    /2 of 7$/,
  );
  await page.keyboard.press("b");
  await page
    .getByText(/of 63$/)
    .first()
    .waitFor();
});

it("filters by label and by prediction, and says kindly that nothing is left", async () => {
  const { dataset, page } = await open();
  await page.getByLabel("Label", { exact: true }).selectOption("label:cup");
  const cups = dataset.counts().get("cup") ?? 0;
  await page.getByText(`1 of ${cups}`, { exact: true }).waitFor();
  await page.getByLabel("Taken for").selectOption("label:plate");
  await page.getByText("No picture passes these filters.").waitFor();
  await page.getByRole("button", { name: "Show all 63" }).click();
  await page.getByText("1 of 63", { exact: true }).waitFor();
});

it("sorts by confidence, and shows all scores as numbers", async () => {
  const { dataset, page } = await open();
  await page.getByLabel("Order").selectOption("confidence descending");
  const last = dataset.images.at(-1)?.name ?? "";
  await expect.poll(() => cells().first().locator(".vt-cell-summary").textContent()).toContain(last);
  const scores = await page.getByRole("list", { name: "Scores of all labels" }).getByRole("listitem").allInnerTexts();
  expect(scores).toHaveLength(dataset.labels.length);
  const numbers = scores.map((text) => Number(/[\d.]+$/.exec(text)?.[0]));
  expect(numbers.reduce((sum, score) => sum + score)).toBeCloseTo(1, 2);
});

it("corrects a wrong label on the spot, and takes it back", async () => {
  const { dataset, page } = await open();
  await page.getByLabel("Correct (56)").uncheck();
  await page.getByText("1 of 7, incorrect").waitFor();
  const wrong = dataset.images[7];
  const before = wrong?.labels;
  const taken = (await page.locator(".vt-verdict strong").innerText()).trim();
  await page.getByLabel("It is").selectOption(taken);
  await expect.poll(() => wrong?.labels).toEqual([taken]);
  await page.getByLabel("Correct (57)").waitFor();
  await cells().first().focus();
  await page.keyboard.press("Control+z");
  await expect.poll(() => wrong?.labels).toEqual(before);
  await page.getByLabel("Correct (56)").waitFor();
});

it("lists what a click on the matrix and on a bar of the histogram is about, and the figures follow a correction", async () => {
  const { page } = await open();
  await page.getByLabel("Plot", { exact: true }).selectOption("matrix");
  const plot = page.locator(".vt-analysis .js-plotly-plot");
  await plot.locator(".heatmaplayer").waitFor();
  const whole = page.getByRole("region", { name: "All results" });
  await whole.getByText(/Accuracy 0\.889/).waitFor();
  // Rows: bowl, cup, cutlery, plate. The cell of cups that were taken for cutlery.
  const area = plot.locator(".nsewdrag");
  const size = await settledBox(area);
  await area.click({ position: { x: (2.5 / 4) * size.width, y: (1.5 / 4) * size.height } });
  await expect.poll(() => page.getByLabel("Taken for").inputValue()).toBe("label:cutlery");
  expect(await page.getByLabel("Label", { exact: true }).inputValue()).toBe("label:cup");
  const summary = await cells().first().locator(".vt-cell-summary").textContent();
  expect(summary).toMatch(/incorrect: cutlery, is cup/);
  await page.getByLabel("It is").selectOption("cutlery");
  await whole.getByText(/Accuracy 0\.905/).waitFor();
  await page.getByLabel("Plot", { exact: true }).selectOption("scores");
  const bar = plot.locator(".bars").nth(1).locator(".point path:visible").first();
  await settledBox(bar);
  // Plotly takes a click for the point that it saw the pointer come to.
  await bar.hover({ force: true });
  await page.locator(".hoverlayer .hovertext").first().waitFor();
  await bar.click({ force: true });
  await expect.poll(() => page.getByLabel("Score from").inputValue()).not.toBe("");
  expect(await page.getByLabel(/^Correct/).isChecked()).toBe(false);
  for (const text of await cells().locator(".vt-cell-summary").allTextContents()) expect(text).toContain("incorrect");
  await page.getByLabel("Score from").fill("");
  await page.getByLabel("Score to").fill("");
  await page.getByLabel("Score to").press("Enter");
});

it("marks a picture, leaves the doubtful labels, and takes what is suggested by one key", async () => {
  const { dataset, page } = await open();
  await cells().first().focus();
  await page.keyboard.press("u");
  await expect.poll(() => dataset.images[0]?.flag).toBe("unsure");
  await page.getByLabel("Marked").selectOption("unsure");
  await page.getByText("1 of 1", { exact: true }).waitFor();
  await page.getByLabel("Marked").selectOption("any");
  await page.getByLabel(/^Doubtful labels/).check();
  await page.getByRole("button", { name: /^Doubtful: make it/ }).waitFor();
  await cells().first().focus();
  const name = /^(\S+),/.exec((await cells().first().locator(".vt-cell-summary").textContent()) ?? "")?.[1];
  const doubted = dataset.images.find((image) => image.name === name);
  const before = doubted?.labels;
  await page.keyboard.press("a");
  await expect.poll(() => doubted?.labels).not.toEqual(before);
});

it("shows the most similar training pictures, and where the model looked", async () => {
  const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
  const [train, test] = dataset.split({ trainSize: 0.66, stratify: "label", seed: 1 });
  const model = new FeatureClassifier(new TransferLearningModel({ labels: dataset.labels }));
  await model.train(train);
  const scores = await model.score(test);
  await widgets.show(new ResultsUI(test, { scores }, { model, training: train }));
  const { page } = widgets;
  await page.getByLabel("Most similar training pictures").first().check();
  const similar = page.getByRole("list", { name: "Most similar training pictures" });
  await expect.poll(() => similar.getByRole("img").count()).toBe(6);
  const own = test.images[0]?.labels[0] ?? "";
  expect(await similar.getByRole("listitem").first().innerText()).toContain(own);
  await page.getByLabel("Where the model looked").check();
  await page.locator(".vt-saliency").waitFor();
  const [over, under] = [
    await page.locator(".vt-saliency").boundingBox(),
    await page.locator(".vt-zoom > img").first().boundingBox(),
  ];
  for (const side of ["x", "y", "width", "height"] as const) {
    expect(Math.abs((over?.[side] ?? 0) - (under?.[side] ?? 99)), side).toBeLessThan(1);
  }
  // Another picture, another map: it follows who is chosen.
  const first = await page.locator(".vt-saliency").getAttribute("src");
  await cells().nth(1).click();
  await expect.poll(() => page.locator(".vt-saliency").getAttribute("src")).not.toBe(first);
  await page.getByLabel("Plot", { exact: true }).selectOption("curve");
  await page.locator(".vt-analysis .js-plotly-plot .scatterlayer").waitFor();
  for (const theme of ["light", "dark"] as const) {
    await widgets.setTheme(theme);
    await page.waitForTimeout(300);
    expect(await widgets.accessibilityProblems()).toEqual([]);
    await widgets.screenshot(`results-explained-${theme}`);
  }
  await widgets.setTheme("light");
});

it("holds 100,000 pictures: a page of cells, a small state, and keys to either end", async () => {
  const sample = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
  const { images } = sample;
  const added = Array.from({ length: 100_000 - images.length }, (_, i) => {
    const image = images[i % images.length];
    if (!image) throw new Error("no sample");
    const { storageId, storagePath, width, height, labels } = image;
    return { facts: { name: `p-${i}.jpg`, storageId: `${storageId}${i}`, storagePath, width, height }, labels };
  });
  const dataset = extendDataset(sample, "many", added);
  const ui = new ResultsUI(dataset, { scores: scoresFor(dataset) });
  expect(JSON.stringify((ui as unknown as { state: object }).state).length).toBeLessThan(10_000);
  const { page } = widgets;
  await widgets.show(ui);
  await page.getByText("1 of 100000", { exact: true }).waitFor();
  await cells().first().focus();
  await page.keyboard.press("End");
  await page.getByText("100000 of 100000", { exact: true }).waitFor();
  expect(await cells().count()).toBeLessThanOrEqual(6);
  await page.keyboard.press("i");
  await page.getByText(/of 12500, incorrect$/).waitFor();
  await page.getByLabel("Order").selectOption("loss descending");
  await page.getByText("1 of 12500, incorrect", { exact: true }).waitFor();
  // A label that is corrected counts at once, in all of them.
  const { correct } = (ui as unknown as { state: { correct: number } }).state;
  await page.getByLabel("It is").selectOption(dataset.labels[0] ?? "");
  await page.getByLabel("It is").selectOption(dataset.labels[1] ?? "");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.getByLabel(`Correct (${correct})`).waitFor();
});

it.each(["light", "dark"] as const)("has names, roles and contrast in the %s theme, wide and narrow", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await cells().first().focus();
  await page.keyboard.press("i");
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(6);
  await page.locator(".vt-zoom img").waitFor();
  await page.waitForTimeout(300);
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await widgets.screenshot(`results-${theme}-900`);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await widgets.screenshot(`results-${theme}-600`);
  const overflow = await page.locator(".vt-host").evaluate((host) => host.scrollWidth - host.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
