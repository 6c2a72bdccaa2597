/** Many pictures at once in `AnnotationUI`: selections, flags, notes, the wall, columns, other keys. */
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
  await widgets.page.setViewportSize({ width: 1000, height: 1000 });
});

afterEach(async () => {
  await widgets.page.evaluate(() => window.vitrineTest.removeViews());
  expect(widgets.complaints).toEqual([]);
  expect(widgets.kernel.errors).toEqual([]);
});

afterAll(() => widgets.close());

async function open(options?: AnnotationOptions) {
  const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
  const widget = new AnnotationUI(dataset, options);
  await widgets.show(widget);
  await widgets.page.locator(".vt-zoom img").waitFor();
  return { dataset, widget, page: widgets.page };
}

it.each(["light", "dark"] as const)("all views look right in the %s theme", async (theme) => {
  const { page } = await open();
  await widgets.setTheme(theme);
  for (const view of ["grid", "wall", "columns"]) {
    await page.getByLabel("View").selectOption(view);
    for (const width of [600, 900, 1400]) {
      await page.setViewportSize({ width, height: 1000 });
      await page.waitForTimeout(400);
      await widgets.screenshot(`annotation-${view}-${theme}-${width}`);
    }
    expect(await widgets.accessibilityProblems()).toEqual([]);
  }
});
