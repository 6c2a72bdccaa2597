/** Many pictures at once in `AnnotationUI`: selections, flags, notes, the wall, columns, other keys. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";

import { ClassificationDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { TransferLearningModel } from "../../src/kernel-lib/engine/transfer-learning-model.js";
import { Context } from "../../src/kernel-lib/structures/context.js";
import { AnnotationUI, type AnnotationOptions } from "../../src/kernel-lib/ui/annotation-ui.js";
import { tablewareCopy } from "./tableware-copy.js";
import { WidgetPage } from "./widget-page.js";

let widgets: WidgetPage;
let home: string;

beforeAll(async () => {
  // Keys that a test chooses are not the user's.
  home = await mkdtemp(path.join(tmpdir(), "vitrine-home-"));
  Context.create({ persistentPath: home, outputsPath: home });
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

afterAll(async () => {
  await widgets.close();
  await rm(home, { recursive: true, force: true });
});

async function open(options?: AnnotationOptions) {
  const dataset = await ClassificationDataset.createFromDir("tableware", await tablewareCopy());
  await widgets.show(new AnnotationUI(dataset, options));
  await widgets.page.locator(".vt-zoom img").waitFor();
  return { dataset, page: widgets.page };
}

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => widgets.page.keyboard.press(key)), Promise.resolve());

const cell = (name: string) => widgets.page.getByRole("gridcell", { name: new RegExp(`^${name}`) });

const labelsOf = (dataset: ClassificationDataset, ...ids: number[]) =>
  ids.map((id) => dataset.getLabelsForImage(id).join(" "));

it("labels ten pictures by the keyboard alone, each by one key", async () => {
  const { dataset, page } = await open({ autoAdvance: true });
  const keys = ["4", "3", "2", "1", "4", "3", "2", "1", "4", "3"];
  const inGrid = () => page.evaluate(() => document.activeElement?.getAttribute("role") === "gridcell");
  for (let stops = 0; stops < 40 && !(await inGrid()); stops++) await press("Tab");
  await press(...keys);
  await expect
    .poll(() => labelsOf(dataset, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
    .toEqual(keys.map((key) => dataset.labels[Number(key) - 1]));
});

it("labels what is selected by Ctrl, Shift, a rubber band or keys at once, as one step of undo", async () => {
  const { dataset, page } = await open();
  await cell("bowl-01").click();
  await cell("bowl-03").click({ modifiers: ["Control"] });
  await page.getByText("2 pictures selected", { exact: true }).first().waitFor();
  await press("4");
  await expect.poll(() => labelsOf(dataset, 0, 1, 2)).toEqual(["plate", "bowl", "plate"]);
  await press("Control+z");
  await expect.poll(() => labelsOf(dataset, 0, 1, 2)).toEqual(["bowl", "bowl", "bowl"]);
  await cell("bowl-01").click();
  await cell("bowl-04").click({ modifiers: ["Shift"] });
  await page.getByText("4 pictures selected", { exact: true }).first().waitFor();
  await press("Shift+Digit2");
  await expect.poll(() => labelsOf(dataset, 0, 3, 4)).toEqual(["bowl cup", "bowl cup", "bowl"]);
  await press("Escape");
  await page.getByText("Nothing selected").first().waitFor();
  const from = await cell("bowl-02").boundingBox();
  const to = await cell("bowl-06").boundingBox();
  if (!from || !to) throw new Error("the cells are not on the page");
  await page.mouse.move(from.x + 20, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(to.x + 30, to.y + 30, { steps: 4 });
  await page.mouse.up();
  await page.getByText("4 pictures selected", { exact: true }).first().waitFor();
  await press("u");
  await expect
    .poll(() => [0, 1, 2, 3, 4, 5].map((id) => dataset.flagOf(id)))
    .toEqual([null, "unsure", "unsure", null, "unsure", "unsure"]);
  await press("Escape");
  await cell("bowl-01").click();
  await press(" ", "Shift+ArrowRight", "Shift+ArrowRight", "3");
  await expect.poll(() => labelsOf(dataset, 0, 1, 2, 3)).toEqual(["cutlery", "cutlery", "cutlery", "bowl cup"]);
});

it("notes, flags and the history of a picture, and filters by them and by name", async () => {
  const { dataset, page } = await open();
  await cell("bowl-02").click();
  await press("m");
  await page.keyboard.type("a blue one");
  await press("Enter");
  await expect.poll(() => dataset.noteOf(1)).toBe("a blue one");
  await cell("bowl-02").click();
  await press("i", "2");
  await expect.poll(() => dataset.flagOf(1)).toBe("skip");
  await page.getByText("Changes of this picture").click();
  await page.getByText("bowl → cup").waitFor();
  await page.getByText("note: a blue one", { exact: true }).waitFor();
  await page.getByLabel("Show").selectOption("mark:noted");
  await expect.poll(() => page.getByRole("gridcell").count()).toBe(1);
  await page.getByLabel("Show").selectOption("any");
  await page.getByLabel("Search by name").fill("PLATE-0");
  await expect.poll(() => page.getByText("Page 1 of 2").count()).toBe(1);
  await page.getByLabel("Search by name").fill("");
  await expect.poll(() => page.getByText(/Page \d+ of 11/).count()).toBe(1);
});

it("on a slow line, a note and a label are for the picture that was clicked before", async () => {
  const { dataset, page } = await open();
  const release = widgets.kernel.hold();
  onTestFinished(release);
  await cell("bowl-02").click();
  await press("m");
  await page.keyboard.type("a blue one");
  await press("Enter", "2");
  await cell("bowl-02.jpg, cup").waitFor();
  expect([dataset.noteOf(1), ...labelsOf(dataset, 0, 1)]).toEqual(["", "bowl", "bowl"]);
  // Who waits for long is told that it is not saved.
  const late = page.getByText("what you did meanwhile is not saved yet");
  await late.waitFor();
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await widgets.screenshot("annotation-late");
  release();
  await late.waitFor({ state: "detached" });
  await expect.poll(() => dataset.noteOf(1)).toBe("a blue one");
  await expect.poll(() => labelsOf(dataset, 0, 1)).toEqual(["bowl", "cup"]);
});

it("relabels by dragging from column to column, and by keys there", async () => {
  const { dataset, page } = await open();
  // All of it in sight: a page that scrolls under a drag takes hold of what came under the mouse.
  await page.setViewportSize({ width: 1400, height: 1800 });
  await page.getByLabel("View").selectOption("columns");
  const column = (label: string) => page.getByRole("listbox", { name: new RegExp(`^${label},`) });
  await column("bowl")
    .getByRole("option", { name: /^bowl-01/ })
    .dragTo(column("plate"));
  await expect.poll(() => labelsOf(dataset, 0)).toEqual(["plate"]);
  await column("plate")
    .getByRole("option", { name: /^bowl-01\.jpg, plate, changed/ })
    .waitFor();
  await column("bowl")
    .getByRole("option", { name: /^bowl-02/ })
    .click();
  await column("bowl")
    .getByRole("option", { name: /^bowl-03/ })
    .click({ modifiers: ["Control"] });
  await column("bowl")
    .getByRole("option", { name: /^bowl-04/ })
    .click({ modifiers: ["Control"] });
  await column("bowl")
    .getByRole("option", { name: /^bowl-04/ })
    .dragTo(column("no label"));
  await expect.poll(() => labelsOf(dataset, 1, 2, 3)).toEqual(["", "", ""]);
  await press("Control+z");
  await expect.poll(() => labelsOf(dataset, 1, 2, 3)).toEqual(["bowl", "bowl", "bowl"]);
  await column("bowl")
    .getByRole("option", { name: /^bowl-02/ })
    .click();
  // Two pictures lie side by side in a column of this width.
  const chosen = page.locator('.vt-column-cell[aria-current="true"]');
  for (const [key, name] of [
    ["ArrowDown", "bowl-04"],
    ["ArrowUp", "bowl-02"],
    ["ArrowRight", "bowl-03"],
    ["ArrowRight", "cup-01"],
    ["ArrowDown", "cup-03"],
  ] as const) {
    await press(key);
    await chosen.getByText(new RegExp(`^${name}`)).waitFor();
  }
  // Quick presses: each goes on from where the one before has led.
  await press("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "3");
  await column("cutlery")
    .getByRole("option", { name: /^cup-03\.jpg, cutlery, changed/ })
    .waitFor();
});

it("the wall scrolls through everything with few cells on the page, and keys bring it along", async () => {
  const { dataset, page } = await open();
  await page.getByLabel("View").selectOption("wall");
  const wall = page.locator(".vt-wall");
  await expect.poll(() => wall.locator("img").count()).toBeGreaterThan(5);
  await wall.evaluate((element) => (element.scrollTop = element.scrollHeight));
  await cell("plate-31").waitFor();
  expect(await wall.getByRole("gridcell").count()).toBeLessThan(40);
  await cell("plate-31").click();
  await press("1");
  await expect.poll(() => labelsOf(dataset, dataset.size() - 1)).toEqual(["bowl"]);
  await press("Home");
  await page.getByRole("gridcell", { name: "bowl-01.jpg, bowl, 1 of 63" }).waitFor();
  await press("End", "ArrowUp");
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.querySelector(".vt-cell-summary")?.textContent))
    .toMatch(/ of 63$/);
});

it("keys can be changed for others, which are kept", async () => {
  const { dataset, page } = await open();
  await cell("bowl-01").click();
  await press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await keys.getByRole("button", { name: /^U: change the key for Unsure/ }).click();
  await press("x");
  await keys.getByRole("button", { name: /^X: change the key for Unsure/ }).waitFor();
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await press("Escape", "u", "x");
  await expect.poll(() => dataset.flagOf(0)).toBe("unsure");
  await page.evaluate(() => window.vitrineTest.removeViews());
  await widgets.show(new AnnotationUI(dataset));
  await cell("bowl-01").click();
  await press("x");
  await expect.poll(() => dataset.flagOf(0)).toBe(null);
  await press("?");
  await keys.getByRole("button", { name: "All as they were" }).click();
  await keys.getByRole("button", { name: /^U: change the key for Unsure/ }).waitFor();
});

it("works with a model: suggestions, the order by doubt, accepting and rejecting, training while one labels", async () => {
  const trained: number[] = [];
  const labels = ["bowl", "cup", "cutlery", "plate"];
  // It takes everything for a cup, bowls not so surely; once it has learnt, for a plate.
  const scoreOf = (label: string | undefined) => {
    const best = trained.length > 0 ? 3 : 1;
    const sure = label === "bowl" ? 0.6 : 0.95;
    return labels.map((_, column) => (column === best ? sure : (1 - sure) / 3));
  };
  const model = {
    labels,
    score: ({ images }: { images: readonly { labels: readonly string[] }[] }) => {
      const data = Float32Array.from(images.flatMap((image) => scoreOf(image.labels[0])));
      return Promise.resolve({ rows: images.length, columns: 4, data });
    },
    train: async ({ images }: { images: readonly unknown[] }) => {
      await new Promise((resolve) => setTimeout(resolve, 800));
      trained.push(images.length);
    },
  };
  const { dataset, page } = await open({ model });
  await page.getByRole("group", { name: "Suggestion" }).getByText("cup").waitFor();
  await cell("bowl-01").click();
  await press("q");
  await page.getByText("bowl-01.jpg: cup rejected").first().waitFor();
  await press("ArrowRight", "Enter");
  await expect.poll(() => labelsOf(dataset, 0, 1)).toEqual(["bowl", "cup"]);
  // Nobody's label is overruled, unless that is what one looks at.
  await page.getByRole("button", { name: "Accept all 0" }).waitFor();
  await page.getByLabel("Show").selectOption("disagrees");
  await page.getByRole("button", { name: "Accept all 37" }).waitFor();
  await page.getByLabel("Order").selectOption("least confidence");
  await page
    .getByRole("gridcell", { name: /^bowl-03/ })
    .first()
    .waitFor();
  await widgets.screenshot("annotation-model");
  expect(await widgets.accessibilityProblems()).toEqual([]);
  await cell("bowl-03").click();
  await press("t");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await press("4");
  await expect.poll(() => labelsOf(dataset, 2)).toEqual(["plate"]);
  await page.getByText(/^The model: knows 63 pictures/).waitFor();
  expect(trained).toEqual([63]);
  await page.getByLabel("Show").selectOption("any");
  await page.getByRole("group", { name: "Suggestion" }).getByText("plate").first().waitFor();
});

it("trains a real network on the labels in the background, suggests by it, and finds a label that is wrong", async () => {
  const folder = await tablewareCopy();
  const dataset = await ClassificationDataset.createFromDir("tableware", folder);
  const numbered = (wanted: string) => dataset.images.findIndex(({ name }) => name === wanted);
  const wrong = numbered("plate-02.jpg");
  const unlabelled = numbered("cutlery-02.jpg");
  dataset.changeLabelForImage(wrong, "cup");
  dataset.changeLabelForImage(unlabelled, []);
  const model = new TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
  await widgets.show(new AnnotationUI(dataset, { model, gridSize: [4, 3] }));
  const { page } = widgets;
  await page.getByText("The model: It has not learnt yet").waitFor();
  await cell(dataset.images[0]?.name ?? "").click();
  await press("t");
  await page.getByText(/^The model: knows \d+ pictures/).waitFor({ timeout: 150_000 });
  await page.getByLabel("Order").selectOption("disagreement");
  await expect.poll(() => page.getByRole("gridcell").first().textContent()).toContain("plate-02.jpg");
  await page.getByLabel("Show").selectOption("none");
  await page.getByRole("button", { name: /^Accept all/ }).waitFor();
  await page.getByRole("gridcell").first().click();
  await press("Enter");
  await expect.poll(() => labelsOf(dataset, unlabelled)[0]).toBe("cutlery");
  await widgets.screenshot("annotation-real-model");
  expect(await model.score({ name: "one", images: dataset.images.slice(0, 1) })).toMatchObject({ rows: 1, columns: 4 });
});

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
