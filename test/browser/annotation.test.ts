/** `AnnotationUI` as a person has it: the real bundle in a real Chromium, driven by keys and by the wheel. */
import { copyFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { ClassificationDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { AnnotationUI, type AnnotationOptions } from "../../src/kernel-lib/ui/annotation-ui.js";
import { tablewareCopy } from "./tableware-copy.js";
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

afterAll(() => widgets.close());

async function open(options?: AnnotationOptions, folder?: string) {
  const dataset = await ClassificationDataset.createFromDir("tableware", folder ?? (await tablewareCopy()));
  const widget = new AnnotationUI(dataset, options);
  await widgets.show(widget);
  return { dataset, widget, page: widgets.page };
}

/** The chosen cell's name for screen readers. */
const chosen = () => widgets.page.locator('[role="gridcell"][aria-selected="true"] .vt-cell-summary').textContent();

/** What has the focus, for screen readers. */
const focusedCell = () =>
  widgets.page.evaluate(() => document.activeElement?.querySelector(".vt-cell-summary")?.textContent);

/** Tab until the grid's one stop has the focus. */
async function tabIntoGrid(): Promise<void> {
  const focused = () => widgets.page.evaluate(() => document.activeElement?.getAttribute("role"));
  for (let stops = 0; stops < 40 && (await focused()) !== "gridcell"; stops++) await widgets.page.keyboard.press("Tab");
  expect(await focused()).toBe("gridcell");
}

const zoomTransform = () =>
  widgets.page.locator(".vt-zoom img").evaluate((image) => new DOMMatrix(getComputedStyle(image).transform).a);

it("labels, moves, undoes and redoes by keyboard alone, and the focus goes along", async () => {
  const { dataset, page } = await open();
  await tabIntoGrid();
  expect(await chosen()).toBe("bowl-01.jpg, bowl, 1 of 63");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("2");
  await expect.poll(() => dataset.getLabelsForImage(1)).toEqual(["cup"]);
  await page.getByText("bowl-02.jpg: cup", { exact: true }).first().waitFor();
  expect(await chosen()).toBe("bowl-02.jpg, cup, changed, 2 of 63");
  // Across the end of the page: the last cell's right neighbour is the next page's first.
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect.poll(chosen).toMatch(/7 of 63$/);
  expect(await focusedCell()).toMatch(/7 of 63$/);
  await page.keyboard.press("Control+z");
  await expect.poll(chosen).toBe("bowl-02.jpg, bowl, 2 of 63");
  expect(dataset.getLabelsForImage(1)).toEqual(["bowl"]);
  await page.getByRole("status").getByText("bowl-02.jpg: bowl, undone").waitFor();
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(() => dataset.getLabelsForImage(1)).toEqual(["cup"]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+y");
  await expect.poll(() => dataset.getLabelsForImage(1)).toEqual(["cup"]);
});

it("takes keys that come faster than the kernel answers, each for the picture that it was meant for", async () => {
  const { dataset, page } = await open({ autoAdvance: true });
  await tabIntoGrid();
  for (const key of "aa1234") void page.keyboard.press(key);
  await expect.poll(() => dataset.images.slice(0, 4).map(({ labels }) => labels[0])).toEqual(dataset.labels);
  await expect.poll(chosen).toMatch(/5 of 63$/);
});

it("a menu's choice labels its picture, counts it, and gives the keys back to the grid", async () => {
  const { dataset, page } = await open();
  await page.getByLabel("Label of bowl-03.jpg").selectOption("plate");
  await expect.poll(() => dataset.getLabelsForImage(2)).toEqual(["plate"]);
  const plates = dataset.counts().get("plate") ?? 0;
  await page.getByRole("button", { name: `plate ${plates} pictures` }).waitFor();
  await expect.poll(chosen).toMatch(/^bowl-03\.jpg, plate, changed/);
  await page.keyboard.press("1");
  await expect.poll(() => dataset.getLabelsForImage(2)).toEqual(["bowl"]);
});

it("shows at once what a cell or a second widget changes", async () => {
  const { dataset, page } = await open();
  await widgets.show(new AnnotationUI(dataset));
  dataset.changeLabelForImage(0, "plate");
  await expect.poll(() => page.getByRole("gridcell", { name: "bowl-01.jpg, plate, changed" }).count()).toBe(2);
});

it("comes back as it was: labels, page, filter and choice, in a view made anew", async () => {
  const { widget, page } = await open();
  await page.getByLabel("Show").selectOption("label:cup");
  await expect.poll(chosen).toMatch(/^cup-01\.jpg/);
  await tabIntoGrid();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("4");
  await expect.poll(chosen).toMatch(/plate, changed, 7 of/);
  const before = await chosen();
  await page.evaluate(() => window.vitrineTest.removeViews());
  await widgets.show(widget);
  expect(await chosen()).toBe(before);
  expect(await page.getByLabel("Show").inputValue()).toBe("label:cup");
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(6);
});

it("works nothing out while no page shows it, and is up to date in a view made without its cell", async () => {
  const { dataset, widget, page } = await open();
  await expect.poll(chosen).toBe("bowl-01.jpg, bowl, 1 of 63");
  await page.evaluate(() => window.vitrineTest.removeViews());
  await expect.poll(() => widget["seen"]).toBe(false);
  dataset.changeLabelForImage(0, "cup");
  await widgets.kernel.settled();
  await page.evaluate((id) => window.vitrineTest.show(id), widget.id);
  await expect.poll(chosen).toBe("bowl-01.jpg, cup, changed, 1 of 63");
  expect(widget["seen"]).toBe(true);
});

it("zooms about the cursor by wheel, moves by dragging, and zooms by keys", async () => {
  // A picture as wide as its frame: one that leaves room beside it is kept in the middle first.
  const { page } = await open({ imageIndices: [1] });
  await page.locator(".vt-zoom img").waitFor();
  const box = await page.locator(".vt-zoom").boundingBox();
  if (!box) throw new Error("the picture is not on the page");
  const at = { x: box.x + box.width / 4, y: box.y + box.height / 2 };
  const under = () =>
    page.locator(".vt-zoom img").evaluate((image, x) => {
      const { left, width } = image.getBoundingClientRect();
      return (x - left) / width;
    }, at.x);
  const before = await under();
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -200);
  await expect.poll(zoomTransform).toBeGreaterThan(1.5);
  expect(await under()).toBeCloseTo(before, 2);
  await page.mouse.down();
  await page.mouse.move(at.x + 30, at.y, { steps: 3 });
  await page.mouse.up();
  expect(await under()).toBeLessThan(before);
  await page.mouse.dblclick(at.x, at.y);
  await expect.poll(zoomTransform).toBe(1);
  await tabIntoGrid();
  await page.keyboard.press("+");
  await expect.poll(zoomTransform).toBe(1.5);
  await page.keyboard.press("-");
  await expect.poll(zoomTransform).toBe(1);
  await page.keyboard.press("+");
  await page.keyboard.press("0");
  await expect.poll(zoomTransform).toBe(1);
});

it("fetches the picture's own pixels once they are looked at", async () => {
  const folder = await tablewareCopy();
  const noise = { channels: 3, background: "gray", width: 2400, height: 1600 } as const;
  await sharp({ create: { ...noise, noise: { type: "gaussian", mean: 128, sigma: 30 } } })
    .jpeg()
    .toFile(path.join(folder, "bowl", "a-large.jpg"));
  const { page } = await open({ imageIndices: [0] }, folder);
  const pixels = () => page.locator(".vt-zoom img").evaluate((image) => (image as HTMLImageElement).naturalWidth);
  await expect.poll(pixels).toBeGreaterThan(300);
  expect(await pixels()).toBeLessThan(700);
  await tabIntoGrid();
  for (let i = 0; i < 5; i++) await page.keyboard.press("+");
  await expect.poll(pixels).toBe(2400);
});

it("asks for the pictures on screen and for no others, each once", async () => {
  const asked: { ids: number[]; side: number }[] = [];
  const receive = widgets.kernel.receive.bind(widgets.kernel);
  widgets.kernel.receive = async (message) => {
    const { content } = message.data as { content?: { type: string; ids: number[]; side: number } };
    if (content?.type === "pictures") asked.push(content);
    await receive(message);
  };
  const { page } = await open();
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(6);
  await page.locator(".vt-zoom img").waitFor();
  await tabIntoGrid();
  await page.keyboard.press("PageDown");
  await expect.poll(chosen).toMatch(/7 of 63$/);
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(6);
  await page.keyboard.press("PageUp");
  await expect.poll(chosen).toMatch(/1 of 63$/);
  const ids = asked.flatMap(({ ids, side }) => ids.map((id) => `${id}@${side}`));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(asked.flatMap(({ ids }) => ids))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
});

it("filters, says what no longer fits, and is kind where nothing is left", async () => {
  const { page } = await open();
  await page.getByLabel("Show").selectOption("label:cutlery");
  await expect.poll(chosen).toMatch(/^cutlery-01/);
  await tabIntoGrid();
  await page.keyboard.press("1");
  await page.getByRole("button", { name: "1 no longer fits: refresh" }).click();
  await expect.poll(chosen).toMatch(/^cutlery-02/);
  await page.getByLabel("changed (1)").check();
  await page.getByText("No picture passes this filter.").waitFor();
  await page.getByRole("button", { name: "Show all 63" }).click();
  await expect.poll(chosen).toMatch(/of 63$/);
});

it("lists its keys on ?, and Escape goes back to where one was", async () => {
  const { page } = await open();
  await tabIntoGrid();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByText("Label as cup").waitFor();
  await page.keyboard.press("2");
  await page.keyboard.press("Escape");
  await keys.waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("gridcell");
  // What was pressed while the list was open was not meant for the picture.
  expect(await chosen()).toBe("bowl-01.jpg, bowl, 1 of 63");
});

it("gives a label that is typed, old or new, without taking its letters for keys", async () => {
  const { dataset, page } = await open();
  await tabIntoGrid();
  await page.keyboard.press("n");
  await page.keyboard.type("ab1?");
  await page.keyboard.press("Enter");
  await expect.poll(() => dataset.getLabelsForImage(0)).toEqual(["ab1?"]);
  await page.getByRole("button", { name: "ab1? 1 picture" }).waitFor();
  // The keys are the pictures' again; one that is there already is given alike.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("n");
  await page.keyboard.type("plate");
  await page.keyboard.press("Enter");
  await expect.poll(() => dataset.getLabelsForImage(1)).toEqual(["plate"]);
  expect(dataset.labels).toEqual(["bowl", "cup", "cutlery", "plate", "ab1?"]);
});

it("shows names as text, unreadable files with their reason, and pictures that vanish", async () => {
  const folder = await tablewareCopy();
  const cup = path.join(folder, "cup", "cup-01.jpg");
  const evil = '<img src=x onerror=alert(1)> "q" ☕\nnew.jpg';
  await copyFile(cup, path.join(folder, "bowl", evil));
  await writeFile(path.join(folder, "bowl", "broken.jpg"), "not a picture");
  const dataset = await ClassificationDataset.createFromDir("odd", folder);
  const index = dataset.images.findIndex(({ name }) => name === evil);
  await rm(dataset.images[index + 1]?.storagePath ?? "");
  await widgets.show(new AnnotationUI(dataset, { imageIndices: [index, index + 1] }));
  const { page } = widgets;
  await page.locator(".vt-zoom img").waitFor();
  expect(await page.locator("img[onerror]").count()).toBe(0);
  expect(await page.getByLabel("Properties").locator("dd").first().textContent()).toBe(evil);
  await page.locator(".vt-cell-failure").getByText("bowl-01.jpg").waitFor();
  await page.getByText("1 problem with the files").click();
  await page.getByText("broken.jpg").waitFor();
});

it("an empty data set is said kindly", async () => {
  await widgets.show(new AnnotationUI(ClassificationDataset.create("nothing yet")));
  await widgets.page.getByText("There are no pictures here yet.").waitFor();
  expect(await widgets.accessibilityProblems()).toEqual([]);
});

it("without a kernel its controls are off, and it says so", async () => {
  const { dataset, page } = await open();
  await page.locator(".vt-zoom img").waitFor();
  await page.evaluate(() => window.vitrineTest.disconnect());
  await page.getByText("No kernel is connected").waitFor();
  expect(await page.getByLabel("Label of bowl-01.jpg").isDisabled()).toBe(true);
  expect(await page.getByRole("button", { name: "Next picture" }).isDisabled()).toBe(true);
  await page.getByRole("gridcell").first().focus();
  await page.keyboard.press("2");
  await page.keyboard.press("+");
  await expect.poll(zoomTransform).toBe(1.5);
  expect(dataset.getLabelsForImage(0)).toEqual(["bowl"]);
});

it.each(["light", "dark"] as const)("has names, roles and contrast in the %s theme, wide and narrow", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await tabIntoGrid();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("3");
  await expect.poll(() => page.locator(".vt-cell img").count()).toBe(6);
  await page.locator(".vt-zoom img").waitFor();
  await page.waitForTimeout(300);
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await widgets.screenshot(`annotation-${theme}-900`);
  await page.setViewportSize({ width: 600, height: 900 });
  await page.waitForTimeout(300);
  await widgets.screenshot(`annotation-${theme}-600`);
  const overflow = await page.locator(".vt-host").evaluate((host) => host.scrollWidth - host.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
