/** `AnnotationUI` of boxes as a person has it: the real bundle in a real Chromium, drawn on by mouse and by keys. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { ObjectDetectionDataset } from "../../src/kernel-lib/data/object-detection-dataset.js";
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

async function open(options?: BoxAnnotationOptions) {
  const dataset = await ObjectDetectionDataset.createFromDir("fridge", await fridgeCopy(NAMES));
  const widget = new AnnotationUI(dataset, options);
  await widgets.show(widget);
  await widgets.page.locator(".vt-canvas img").waitFor();
  return { dataset, widget, page: widgets.page };
}

it.each(["light", "dark"] as const)("looks right in the %s theme", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  await page.locator(".vt-canvas").focus();
  await page.keyboard.press("j");
  for (const width of [600, 900, 1400]) {
    await page.setViewportSize({ width, height: 1000 });
    await page.waitForTimeout(400);
    await widgets.screenshot(`boxes-${theme}-${width}`);
  }
  expect(await widgets.accessibilityProblems()).toEqual([]);
});
