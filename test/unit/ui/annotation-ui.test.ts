/** The annotation tool as a whole: what it opens with, its pages, its columns, its end. */

import { expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { AnnotationUI, type AnnotationOptions } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { displayed } from "./memory-kernel.js";
import { pictureDataset } from "./picture-folder.js";
import { shown, THINGS } from "./shown-annotation.js";

test("opens with totals, counts and the first page only", async () => {
  const { state } = await shown(await pictureDataset(THINGS), { gridSize: [2, 1] });
  expect(state()).toMatchObject({ dataset: "things", total: 8, matching: 8, position: 0, columns: 2, rows: 1 });
  expect(state().labels).toEqual(["bowl", "cup", "plate"]);
  expect(state().counts).toEqual([3, 4, 1]);
  expect(state().page.map(({ name, id, width, height }) => [name, id, width, height])).toEqual([
    ["b1.png", 0, 40, 30],
    ["b2.png", 1, 40, 30],
  ]);
});

test("turns pages, keeps within the list, and takes another grid", async () => {
  const { kernel, state } = await shown(await pictureDataset(THINGS), { gridSize: [3, 1] });
  await kernel.command({ type: "move", by: 1 });
  await kernel.command({ type: "page", page: 1 });
  expect(state().page.map(({ id }) => id)).toEqual([3, 4, 5]);
  expect(state().position).toBe(4);
  await kernel.command({ type: "page", page: 99 });
  expect(state().position).toBe(7);
  await kernel.command({ type: "move", by: -99 });
  expect(state().position).toBe(0);
  await kernel.command({ type: "grid", columns: 2, rows: 2 });
  expect(state().page).toHaveLength(4);
  await kernel.command({ type: "select", position: Number.NaN });
  expect(state().position).toBe(0);
});

test("an error of the data set is told, and the widget lives on", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  await kernel.command({ type: "label", label: "spoon" });
  expect(kernel.events("failed")[0]?.content["text"]).toMatch(/spoon/);
  expect(dataset.getLabelsForImage(0)).toEqual(["bowl"]);
  await kernel.command({ type: "addLabel", label: " spoon " });
  await kernel.command({ type: "label", label: "spoon" });
  expect(state().labels).toEqual(["bowl", "cup", "plate", "spoon"]);
  expect(state().counts).toEqual([2, 4, 1, 1]);
});

test("its static picture holds names as text, whatever they are", async () => {
  installKernelPort(undefined);
  const names = ["<script>alert(1)<∕script>.png", "\"quoted\" & 'so'.png", "two\nlines.png", "☕️.png"];
  const bundle = await displayed(new AnnotationUI(await pictureDataset({ "<b>": names })));
  const html = String(bundle["text/html"]);
  expect(html).not.toMatch(/<script|<b>|onerror/);
  expect(html).toContain("&lt;script&gt;alert(1)");
  expect(html).toContain("&quot;quoted&quot; &amp; &#39;so&#39;.png");
  expect(html).toContain("☕️.png");
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(4);
  expect(String(bundle["text/plain"])).toContain("two␀lines.png: <b>");
  expect(bundle).not.toHaveProperty(["application/vnd.jupyter.widget-view+json"]);
});

test.each([
  [{ gridSize: [0, 2] }, "Expected an integer between 1 and 20 for gridSize[0] but received 0"],
  [{ gridSize: [3, 2.5] }, "Expected an integer between 1 and 20 for gridSize[1] but received 2.5"],
  [{ imageIndices: [0, 8] }, "Expected an integer between 0 and 7 for imageIndices[1] but received 8"],
])("refuses %j", async (options, message) => {
  const dataset = await pictureDataset(THINGS);
  expect(() => new AnnotationUI(dataset, options as unknown as AnnotationOptions)).toThrow(message);
});

test("a closed widget follows the data set no more", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, widget } = await shown(dataset);
  widget.close();
  const before = kernel.sent.length;
  dataset.changeLabelForImage(0, "cup");
  expect(kernel.sent.length).toBe(before);
});

test("arrows among columns: of several quick presses none is lost, and the columns' windows come along", async () => {
  const many = Object.fromEntries(
    ["a", "b", "c"].map((label) => [label, Array.from({ length: 20 }, (_, i) => `${label}${i}.png`)]),
  );
  const { kernel, state } = await shown(await pictureDataset(many));
  await kernel.command({ type: "view", view: "columns" });
  const chosen = () => state().page[state().position % 6]?.name;
  const press = (across: number, down: number, wide = 1) =>
    kernel.command({ type: "moveInColumns", across, down, wide });
  await Promise.all(Array.from({ length: 14 }, () => press(0, 1)));
  expect(chosen()).toBe("a14.png");
  const column = (label: string) => state().labelColumns.find((one) => one.label === label);
  expect(column("a")?.rows.some(({ name }) => name === "a14.png")).toBe(true);
  await press(1, 0);
  expect(chosen()).toBe("b11.png");
  await Promise.all([press(1, 0), press(0, -1), press(0, -1), press(-1, 0)]);
  expect(chosen()).toBe("b9.png");
  await press(-1, 0);
  await press(-1, 0);
  expect(chosen()?.startsWith("a")).toBe(true);
});

test("arrows go as the pictures lie where a column has two side by side", async () => {
  const many = Object.fromEntries(
    ["a", "b"].map((label) => [label, Array.from({ length: 15 }, (_, i) => `${label}${i}.png`)]),
  );
  const { kernel, state } = await shown(await pictureDataset(many));
  await kernel.command({ type: "view", view: "columns" });
  const to = async (across: number, down: number) => {
    await kernel.command({ type: "moveInColumns", across, down, wide: 2 });
    return state().page[state().position % 6]?.name;
  };
  expect(await to(0, 1)).toBe("a2.png");
  expect(await to(1, 0)).toBe("a3.png");
  expect(await to(1, 0)).toBe("b2.png");
  expect(await to(-1, 0)).toBe("a3.png");
  expect(await to(0, -1)).toBe("a1.png");
  // Nothing lies above the first line, and nothing below the last picture.
  expect(await to(0, -1)).toBe("a1.png");
  for (let line = 0; line < 6; line++) await to(0, 1);
  expect(await to(0, 1)).toBe("a13.png");
  const shownOf = (label: string) => state().labelColumns.find((one) => one.label === label);
  expect(shownOf("a")).toMatchObject({ from: 2 });
  expect(await to(1, 0)).toBe("b10.png");
});
