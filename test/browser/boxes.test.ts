/** `AnnotationUI` of boxes as a person has it: the real bundle in a real Chromium, drawn on by mouse and by keys. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";

import { ObjectDetectionDataset } from "../../src/kernel-lib/data/object-detection-dataset.js";
import type { Detections } from "../../src/kernel-lib/structures/detections.js";
import type { ObjectBox } from "../../src/kernel-lib/structures/object-box.js";
import { AnnotationUI, type BoxAnnotationOptions } from "../../src/kernel-lib/ui/annotation-ui.js";
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

async function open(options?: BoxAnnotationOptions, names = NAMES) {
  const dataset = await ObjectDetectionDataset.createFromDir("fridge", await fridgeCopy(names));
  await widgets.show(new AnnotationUI(dataset, options));
  await widgets.page.locator(".vt-canvas img").waitFor();
  return { dataset, page: widgets.page, boxes: () => boxesOf(dataset, 0) };
}

const boxesOf = (dataset: ObjectDetectionDataset, id: number): readonly ObjectBox[] => dataset.images[id]?.boxes ?? [];

/** The box at a place of a list that must have one there; -1 is the last. */
function boxAt(boxes: readonly ObjectBox[], index: number): ObjectBox {
  const box = boxes.at(index);
  if (!box) throw new Error(`no box ${index}`);
  return box;
}

const corners = ({ xmin, ymin, xmax, ymax }: ObjectBox) => [xmin, ymin, xmax, ymax];

/** Where a place of the picture is on the page. */
async function at(x: number, y: number): Promise<[number, number]> {
  return widgets.page.locator(".vt-canvas > img").evaluate(
    (image, { px, py }) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      return [left + (px / 480) * width, top + (py / 360) * height];
    },
    { px: x, py: y },
  );
}

/** Drags from one place of the picture to another. */
async function drag(from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const { mouse } = widgets.page;
  await mouse.move(...(await at(...from)));
  await mouse.down();
  await mouse.move(...(await at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
  await mouse.move(...(await at(...to)));
  await mouse.up();
}

const click = async (x: number, y: number) => widgets.page.mouse.click(...(await at(x, y)));

const said = (text: string | RegExp) => widgets.page.getByRole("status").getByText(text).first().waitFor();

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => widgets.page.keyboard.press(key)), Promise.resolve());

it("draws a box by dragging, in pixels of the picture at whatever zoom, and undoes it", async () => {
  const { boxes, page } = await open();
  const before = boxes().length;
  await press("2");
  await page.locator(".vt-canvas").focus();
  await press("2");
  await drag([10, 20], [60, 95]);
  await expect.poll(() => boxes().length).toBe(before + 1);
  expect(boxes().at(-1)).toMatchObject({ label: "joghurt", xmin: 10, ymin: 20, xmax: 60, ymax: 95 });
  await said(`joghurt added, ${before + 1} boxes`);
  // The same place twice as large.
  await page.mouse.move(...(await at(400, 180)));
  await page.mouse.wheel(0, -300);
  await page.waitForTimeout(100);
  await press("Escape");
  await drag([330, 150], [470, 215]);
  await expect.poll(() => boxes().length).toBe(before + 2);
  expect(boxes().at(-1)).toMatchObject({ xmin: 330, ymin: 150, xmax: 470, ymax: 215 });
  await press("Control+z", "Control+z");
  await expect.poll(() => boxes().length).toBe(before);
  await press("Control+y");
  await expect.poll(() => boxes().length).toBe(before + 1);
});

it("draws a box inside a box, chooses the smaller first and the one below by another click", async () => {
  const { boxes } = await open(undefined, ["fridge-03"]);
  const before = boxes().length;
  await drag([10, 10], [90, 100]);
  await expect.poll(() => boxes().length).toBe(before + 1);
  await press("Escape");
  await drag([30, 30], [60, 70]);
  await expect.poll(() => boxes().length).toBe(before + 2);
  await press("Escape");
  await click(80, 85);
  await said(/^Box \d+ of \d+: \w+, 80 × 90 pixels at 10, 10/);
  await press("Escape");
  await click(55, 65);
  await said(/30 × 40 pixels at 30, 30/);
  await click(55, 65);
  await said(/80 × 90 pixels at 10, 10/);
  // Within the chosen box a drag would move it; with Shift it draws.
  await widgets.page.keyboard.down("Shift");
  await drag([65, 75], [85, 95]);
  await widgets.page.keyboard.up("Shift");
  await expect.poll(() => boxes().length).toBe(before + 3);
});

it("moves and resizes by its handles with a magnifier and the size beside it, and snaps to the picture's edges", async () => {
  const { boxes, page } = await open();
  await drag([20, 150], [90, 200]);
  await expect.poll(() => boxes().at(-1)?.ymax).toBe(200);
  const last = () => corners(boxAt(boxes(), -1));
  await drag([50, 175], [60, 185]);
  await expect.poll(last).toEqual([30, 160, 100, 210]);
  // A corner, held half-way: the magnifier shows where it lies.
  await page.mouse.move(...(await at(100, 210)));
  await page.mouse.down();
  await page.mouse.move(...(await at(130, 220)));
  await page.locator(".vt-magnifier img").waitFor();
  await page.getByText("100 × 60 px, 1.67 : 1").waitFor();
  await widgets.screenshot("boxes-magnifier");
  await page.mouse.up();
  await expect.poll(last).toEqual([30, 160, 130, 220]);
  for (const [from, to, shape] of [
    [
      [80, 160],
      [80, 150],
      [30, 150, 130, 220],
    ],
    [
      [130, 185],
      [140, 185],
      [30, 150, 140, 220],
    ],
    [
      [85, 220],
      [85, 230],
      [30, 150, 140, 230],
    ],
    [
      [30, 190],
      [2, 190],
      [0, 150, 140, 230],
    ],
  ] as const) {
    await drag(from, to);
    await expect.poll(last).toEqual([...shape]);
  }
  // Past the opposite edge it turns over.
  await drag([140, 230], [150, 140]);
  await expect.poll(last).toEqual([0, 140, 150, 150]);
});

it("edits the chosen box by keys: nudges, stretches, labels, flags, copies, order, figures", async () => {
  const { boxes, page } = await open();
  const first = boxAt(boxes(), 1);
  await page.locator(".vt-canvas").focus();
  await press("j", "j");
  await said(/^Box 2 of/);
  await page.keyboard.down("ArrowRight");
  await page.keyboard.down("ArrowRight");
  await page.keyboard.down("ArrowRight");
  await page.keyboard.up("ArrowRight");
  await expect.poll(() => boxes()[1]?.xmin).toBe(first.xmin + 3);
  await press("Shift+ArrowDown", "Control+ArrowRight", "Control+Shift+ArrowDown");
  await expect.poll(() => boxes()[1]?.ymax).toBe(first.ymax + 20);
  expect(boxes()[1]).toMatchObject({ ymin: first.ymin + 10, xmax: first.xmax + 4 });
  // Three presses that were held are one step of undo.
  await press("Control+z", "Control+z", "Control+z", "Control+z");
  await expect.poll(() => corners(boxAt(boxes(), 1))).toEqual(corners(first));
  await press("6", "x", "t", "o");
  await expect
    .poll(() => boxes()[1])
    .toMatchObject({ label: "orange", difficult: true, truncated: true, occluded: true });
  const count = boxes().length;
  await press("d");
  await expect.poll(() => boxes().length).toBe(count + 1);
  expect(boxes().at(-1)).toMatchObject({ label: "orange", xmin: first.xmin + 12, ymin: first.ymin + 12 });
  await press("l");
  await expect.poll(() => boxes()[0]?.label).toBe("orange");
  await press("r", "Delete");
  await expect.poll(() => boxes().length).toBe(count);
  // The kernel has deleted it; the page must have heard of it, or the field would be drawn anew under the figure.
  await expect.poll(() => page.locator(".vt-box-item").count()).toBe(count);
  await press("k");
  await page.getByLabel("Left").fill("7.5");
  await page.getByLabel("Left").press("Tab");
  await expect.poll(() => boxes().at(-1)?.xmin).toBe(7.5);
});

it("labels ten pictures with boxes by the keyboard alone", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `fridge-${String(i + 1).padStart(2, "0")}`);
  const { dataset, page } = await open(undefined, names);
  const before = dataset.images.map(({ boxes }) => boxes.length);
  const onCanvas = () => page.evaluate(() => document.activeElement?.classList.contains("vt-canvas"));
  for (let stops = 0; stops < 20 && (await onCanvas()) !== true; stops++) await press("Tab");
  expect(await onCanvas()).toBe(true);
  for (let i = 0; i < 10; i++) {
    await page.getByRole("application", { name: new RegExp(`^${names[i]}`) }).waitFor();
    await press("n", "Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", `${(i % 8) + 1}`, "PageDown");
    await expect.poll(() => boxesOf(dataset, i).at(-1)?.label).toBe(dataset.labels[i % 8]);
  }
  expect(dataset.images.map(({ boxes }, i) => boxes.length - (before[i] ?? 0))).toEqual(Array(10).fill(1));
  expect(await onCanvas()).toBe(true);
});

it("copies the previous picture's boxes, hides them, and says what a filter leaves", async () => {
  const { dataset, page } = await open();
  await page.locator(".vt-canvas").focus();
  await press("ArrowRight");
  await page.getByRole("button", { name: "Copy 6 from previous" }).waitFor();
  await press("c");
  await expect.poll(() => boxesOf(dataset, 1).length).toBe(14);
  expect(boxesOf(dataset, 1).slice(8)).toEqual(boxesOf(dataset, 0));
  await expect.poll(() => page.locator(".vt-canvas .vt-box").count()).toBe(14);
  await press("h");
  await expect.poll(() => page.locator(".vt-canvas .vt-box").count()).toBe(0);
  await press("h");
  await press("u");
  await expect.poll(() => dataset.flagOf(1)).toBe("unsure");
  await page.getByLabel("Search by name").fill("03");
  await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
  await page.getByLabel("Search by name").fill("");
  await page.getByLabel("Show").selectOption("mark:unsure");
  await expect.poll(() => page.getByRole("gridcell").allTextContents()).toEqual([expect.stringMatching(/fridge-02/)]);
});

it("on a slow line, shows at once what is done to the boxes, and loses nothing of it", async () => {
  const { dataset, page } = await open();
  const before = boxesOf(dataset, 0).length;
  const untouched = dataset.images.map(({ boxes }) => boxes.length);
  const onCanvas = page.locator(".vt-canvas .vt-box");
  const release = widgets.kernel.hold();
  onTestFinished(release);
  await press("2");
  await drag([20, 150], [90, 200]);
  // It is moved, labelled, stretched and copied before the kernel has heard of it.
  await drag([50, 175], [60, 185]);
  await press("3", "Shift+ArrowDown", "Control+ArrowRight", "d", "x");
  await expect.poll(() => onCanvas.count()).toBe(before + 2);
  await press("PageDown");
  await page.getByRole("application", { name: /^fridge-02/ }).waitFor();
  await drag([10, 20], [60, 95]);
  await expect.poll(() => onCanvas.count()).toBe(9);
  expect(dataset.images.map(({ boxes }) => boxes.length)).toEqual(untouched);
  release();
  await expect.poll(() => boxesOf(dataset, 1).length).toBe(9);
  expect(boxesOf(dataset, 0).slice(before)).toMatchObject([
    { label: dataset.labels[2], xmin: 30, ymin: 170, xmax: 101, ymax: 220, difficult: false },
    { label: dataset.labels[2], xmin: 42, ymin: 182, xmax: 113, ymax: 232, difficult: true },
  ]);
  expect(boxesOf(dataset, 1).at(-1)).toMatchObject({ xmin: 10, ymin: 20, xmax: 60, ymax: 95 });
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])("a picture of EXIF orientation %i is drawn on as it is seen", async (orientation) => {
  const folder = await fridgeCopy(["fridge-01"]);
  const file = path.join(folder, "JPEGImages", "fridge-01.jpg");
  // 480 × 360 in the file; from orientation 5 on they are 360 × 480 upright.
  await sharp(await readFile(file))
    .withMetadata({ orientation })
    .toFile(path.join(folder, "JPEGImages", "turned.jpg"));
  const dataset = await ObjectDetectionDataset.createFromDir("turned", folder, { unannotated: "include" });
  const id = dataset.images.findIndex(({ name }) => name === "turned.jpg");
  await widgets.show(new AnnotationUI(dataset, { imageIndices: [id] }));
  const image = widgets.page.locator(".vt-canvas > img");
  await image.waitFor();
  const { left, top, width, height } = await image.evaluate(
    (element) => element.getBoundingClientRect().toJSON() as DOMRect,
  );
  const [across, down] = orientation >= 5 ? [360, 480] : [480, 360];
  expect(width / height).toBeCloseTo(across / down, 2);
  const { mouse } = widgets.page;
  await mouse.move(left + width * 0.5, top + height * 0.5);
  await mouse.down();
  await mouse.move(left + width * 0.75, top + height * 0.75, { steps: 3 });
  await mouse.up();
  const drawn = [across / 2, down / 2, across * 0.75, down * 0.75];
  await expect.poll(() => dataset.images[id]?.boxes.map(corners)).toEqual([drawn]);
});

it("shows what a detector sees, accepted and rejected by one key each, or all that is sure", async () => {
  const labels = ["eggBox", "water"];
  const answer = (): Detections => ({
    boxes: Float32Array.from([10, 10, 50, 60, 100, 100, 180, 190, 300, 20, 340, 90]),
    scores: Float32Array.from([0.9, 0.6, 0.2]),
    classes: Int32Array.from([1, 0, 1]),
  });
  const model = {
    labels,
    detect: ({ images }: { images: readonly unknown[] }) => Promise.resolve(images.map(answer)),
  };
  const { dataset, page } = await open({ model });
  const count = boxesOf(dataset, 0).length;
  await page.getByText("water 90 %", { exact: false }).first().waitFor();
  await page.locator(".vt-canvas").focus();
  await widgets.screenshot("boxes-suggestions");
  await press("Enter");
  await expect.poll(() => boxesOf(dataset, 0).length).toBe(count + 1);
  expect(boxesOf(dataset, 0).at(-1)).toMatchObject({ label: "water", xmin: 10, ymin: 10, xmax: 50, ymax: 60 });
  await press("q");
  await said("fridge-01.jpg: eggBox rejected");
  await page.getByRole("button", { name: /^Accept 6 in all pictures/ }).waitFor();
  await press("Shift+Enter");
  await expect.poll(() => boxesOf(dataset, 3).length).toBe(8);
  // One step takes all of it back, and what was suggested is suggested again.
  await press("Control+z");
  await expect.poll(() => boxesOf(dataset, 3).length).toBe(6);
  await page.getByRole("button", { name: /^Accept 6 in all pictures/ }).waitFor();
});

it.each(["light", "dark"] as const)("has names, roles and contrast in the %s theme at three widths", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await page.locator(".vt-canvas").focus();
  await press("j", "n");
  await press("Escape", "j");
  for (const width of [600, 900, 1400]) {
    await page.setViewportSize({ width, height: 1000 });
    await page.waitForTimeout(300);
    await widgets.screenshot(`boxes-${theme}-${width}`);
    const overflow = await page.locator(".vt-host").evaluate((host) => host.scrollWidth - host.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
  expect(await widgets.accessibilityProblems()).toEqual([]);
});
