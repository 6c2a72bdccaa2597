import { rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { AnnotationUI, type AnnotationOptions } from "../../../src/kernel-lib/ui/annotation-ui.js";
import type { AnnotationState } from "../../../src/kernel-lib/protocol/index.js";
import { displayed, withMemoryKernel, type MemoryKernel } from "./memory-kernel.js";
import { imageAt, pictureDataset, pictureFolder } from "./picture-folder.js";

const THINGS = {
  bowl: ["b1.png", "b2.png", "b3.png"],
  cup: ["c1.png", "c2.png", "c3.png", "c4.png"],
  plate: ["p1.png"],
};

afterEach(() => installKernelPort(undefined));

async function shown(dataset: ClassificationDataset, options?: AnnotationOptions) {
  const kernel = withMemoryKernel();
  const widget = new AnnotationUI(dataset, options);
  await widget.show();
  return { kernel, widget, state: () => kernel.state<AnnotationState>() };
}

const announcements = (kernel: MemoryKernel) => kernel.events("announce").map(({ content }) => content["text"]);

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

test("a label command changes the chosen picture, the data set and the counts, and says so", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  await kernel.command({ type: "move", by: 3 });
  await kernel.command({ type: "label", label: "plate" });
  expect(dataset.getLabelsForImage(3)).toEqual(["plate"]);
  expect(state().counts).toEqual([3, 3, 2]);
  expect(state()).toMatchObject({ changed: 1, canUndo: true, canRedo: false, position: 3 });
  expect(state().page[3]).toMatchObject({ name: "c1.png", labels: ["plate"], changed: true });
  expect(announcements(kernel)).toEqual(["c1.png: plate"]);
});

test("undo and redo go to the picture that they change", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset, { gridSize: [2, 1] });
  await kernel.command({ type: "label", label: "cup" });
  await kernel.command({ type: "select", position: 7 });
  await kernel.command({ type: "undo" });
  expect(state()).toMatchObject({ position: 0, canUndo: false, canRedo: true, changed: 0 });
  expect(dataset.getLabelsForImage(0)).toEqual(["bowl"]);
  await kernel.command({ type: "redo" });
  expect(dataset.getLabelsForImage(0)).toEqual(["cup"]);
  await kernel.command({ type: "redo" });
  expect(announcements(kernel)).toEqual([
    "b1.png: cup",
    "b1.png: bowl, undone",
    "b1.png: cup, redone",
    "Nothing to redo",
  ]);
});

test("a label is on disk: the folder read again has it", async () => {
  const folder = await pictureFolder(THINGS);
  const { kernel } = await shown(await ClassificationDataset.createFromDir("things", folder));
  await kernel.command({ type: "label", label: "cup", id: 1 });
  const again = await ClassificationDataset.createFromDir("things", folder);
  expect(again.images[1]?.labels).toEqual(["cup"]);
});

test("changes made elsewhere appear: in a cell, in a second widget, in a part of the data set", async () => {
  const dataset = await pictureDataset(THINGS);
  const [train] = dataset.split({ trainSize: 0.5 });
  const first = await shown(dataset);
  const second = await shown(train);
  dataset.changeLabelForImage(imageAt(train, 0), "plate");
  expect(first.state().counts).toEqual([2, 4, 2]);
  expect(second.state().page[0]).toMatchObject({ labels: ["plate"], changed: true });
  await second.kernel.command({ type: "undo" });
  expect(first.state().counts).toEqual([3, 4, 1]);
});

test("goes on after a label where that is switched on, not after a menu's choice", async () => {
  const { kernel, state } = await shown(await pictureDataset(THINGS));
  await kernel.command({ type: "autoAdvance", on: true });
  await kernel.command({ type: "label", label: "cup" });
  expect(state()).toMatchObject({ autoAdvance: true, position: 1 });
  await kernel.command({ type: "label", label: "cup", id: 4 });
  expect(state().position).toBe(4);
  await kernel.command({ type: "autoAdvance" });
  expect(state().autoAdvance).toBe(false);
});

test("toggles one of several labels, and takes all away", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  await kernel.command({ type: "label", label: "cup", toggle: true });
  expect(dataset.getLabelsForImage(0)).toEqual(["bowl", "cup"]);
  expect(state().counts).toEqual([3, 5, 1]);
  await kernel.command({ type: "label", label: "bowl", toggle: true });
  expect(dataset.getLabelsForImage(0)).toEqual(["cup"]);
  await kernel.command({ type: "unlabel" });
  expect(state()).toMatchObject({ unlabelled: 1, counts: [2, 4, 1] });
  await kernel.command({ type: "filter", filter: { label: null, unlabelled: true, changed: false } });
  expect(state().page.map(({ name }) => name)).toEqual(["b1.png"]);
});

test("filters by label and by change; what no longer fits stays until the filter is applied again", async () => {
  const { kernel, state } = await shown(await pictureDataset(THINGS));
  const filter = { label: "cup", unlabelled: false, changed: false };
  await kernel.command({ type: "filter", filter });
  expect(state()).toMatchObject({ matching: 4, position: 0, filter });
  await kernel.command({ type: "label", label: "plate" });
  expect(state()).toMatchObject({ matching: 4, stale: 1 });
  await kernel.command({ type: "filter", filter });
  expect(state()).toMatchObject({ matching: 3, stale: 0 });
  expect(state().page.map(({ name }) => name)).toEqual(["c2.png", "c3.png", "c4.png"]);
  await kernel.command({ type: "filter", filter: { label: null, unlabelled: false, changed: true } });
  expect(state().page.map(({ name }) => name)).toEqual(["c1.png"]);
});

test("shows the asked pictures in the asked order", async () => {
  const { state } = await shown(await pictureDataset(THINGS), { imageIndices: [5, 0, 5] });
  expect(state().page.map(({ id }) => id)).toEqual([5, 0]);
  expect(state()).toMatchObject({ total: 2, counts: [1, 1, 0] });
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

test("pictures that are added later come in", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, state } = await shown(dataset);
  const added = await dataset.addImage(imageAt(dataset, 0).storagePath.replace("b1.png", "b2.png"), "bowl");
  expect(added).toBe(dataset.images[1]);
  await dataset.addImage({ data: new Uint8Array(12), width: 2, height: 2, channels: 3 }, "cup");
  await kernel.command({ type: "label", label: "plate", id: 8 });
  expect(state()).toMatchObject({ total: 9, matching: 9, counts: [3, 4, 2], changed: 1 });
  await rm(imageAt(dataset, 8).storagePath);
});

test("sends a thumbnail for what is asked for, as bytes that fit, and a reason for what can't be read", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel } = await shown(dataset);
  await rm(imageAt(dataset, 2).storagePath);
  await kernel.command({ type: "pictures", reader: "a", ids: [1, 2, 99], side: 16 });
  await expect.poll(() => kernel.events("pictureFailed")).toHaveLength(2);
  await expect.poll(() => kernel.events("picture")).toHaveLength(1);
  const [picture] = kernel.events("picture");
  expect(picture?.content).toMatchObject({ id: 1, side: 16, mime: "image/jpeg", width: 16, height: 12 });
  expect([...(picture?.buffers[0]?.subarray(0, 3) ?? [])]).toEqual([0xff, 0xd8, 0xff]);
  const reasons = kernel.events("pictureFailed").map(({ content }) => [content["id"], content["reason"]]);
  expect(reasons).toContainEqual([2, expect.stringContaining("b3.png")]);
});

test("a request takes the place of the reader's last one: pages that were left behind are not made", async () => {
  const dataset = await pictureDataset({ many: Array.from({ length: 60 }, (_, i) => `m${i}.png`) });
  const { kernel } = await shown(dataset);
  const all = dataset.images.map((_, id) => id);
  await kernel.command({ type: "pictures", reader: "a", ids: all.slice(0, 50), side: 32 });
  await kernel.command({ type: "pictures", reader: "a", ids: [59], side: 32 });
  await expect.poll(() => kernel.events("picture").map(({ content }) => content["id"])).toContain(59);
  expect(kernel.events("picture").length).toBeLessThan(10);
});

test("lists what was left out when the folder was read", async () => {
  const { state } = await shown(await pictureDataset({ ...THINGS, cup: ["c1.png", "broken.jpg"] }));
  expect(state().problemCount).toBe(1);
  expect(state().problems[0]?.path).toMatch(/broken\.jpg$/);
});

test("an empty data set is no error", async () => {
  const { kernel, state } = await shown(ClassificationDataset.create("nothing"));
  for (const command of [
    { type: "move", by: 1 },
    { type: "label", label: "x" },
    { type: "undo" },
    { type: "unlabel" },
  ]) {
    await kernel.command(command);
  }
  expect(state()).toMatchObject({ total: 0, matching: 0, position: -1, page: [] });
  expect(kernel.events("failed")).toEqual([]);
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

const cupModel = {
  labels: ["bowl", "cup", "plate"],
  score: ({ images }: { images: readonly unknown[] }) =>
    Promise.resolve({
      rows: images.length,
      columns: 3,
      data: Float32Array.from(images.flatMap(() => [0.1, 0.8, 0.1])),
    }),
};

test("a rejected suggestion is a step of undo and redo, is in the history, and stays rejected when the folder is opened again", async () => {
  const folder = await pictureFolder(THINGS);
  const dataset = await ClassificationDataset.createFromDir("things", folder);
  const { kernel, state } = await shown(dataset, { model: cupModel });
  const suggested = () => state().page[0]?.suggestion?.label;
  await expect.poll(suggested).toBe("cup");
  await kernel.command({ type: "reject" });
  expect(suggested()).toBeUndefined();
  expect(state().history[0]?.text).toBe("cup rejected");
  await kernel.command({ type: "undo" });
  expect(suggested()).toBe("cup");
  await kernel.command({ type: "redo" });
  expect(suggested()).toBeUndefined();
  expect(announcements(kernel)).toEqual([
    "b1.png: cup rejected",
    "b1.png: cup no longer rejected, undone",
    "b1.png: cup rejected, redone",
  ]);
  const again = await ClassificationDataset.createFromDir("things", folder);
  expect(again.images[0]?.rejectedLabels).toEqual(["cup"]);
  const later = await shown(again, { model: cupModel });
  await expect.poll(() => later.state().page[1]?.suggestion?.label).toBe("cup");
  expect(later.state().page[0]?.suggestion).toBeNull();
  // Who sets the label all the same has the last word.
  await later.kernel.command({ type: "label", label: "cup" });
  expect(later.state().page[0]?.suggestion).toMatchObject({ label: "cup", agrees: true });
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

test("says whose a picture is, and follows no address that is not of the web", async () => {
  const folder = await pictureFolder(THINGS);
  const head = "file,label,title,author,licence,licence_url,page,url,provider,query";
  const row =
    "bowl/b1.png,bowl,'=Bowls,Ann,CC BY 4.0,https://creativecommons.org/licenses/by/4.0/,javascript:alert(1),,openverse,bowl";
  await writeFile(path.join(folder, "attribution.csv"), `${head}\n${row}\n`);
  const dataset = await ClassificationDataset.createFromDir("things", folder);
  expect(dataset.images[0]?.attribution).toMatchObject({ title: "=Bowls", author: "Ann", provider: "openverse" });
  const { state } = await shown(dataset);
  expect(state().page[0]?.credit).toEqual({
    title: "=Bowls",
    author: "Ann",
    licence: "CC BY 4.0",
    licenceUrl: "https://creativecommons.org/licenses/by/4.0/",
    page: "",
  });
  expect(state().page[1]?.credit).toBeUndefined();
});

test("what can't be read turns up while pictures are looked at in the background", async () => {
  const folder = await pictureFolder(THINGS);
  await writeFile(path.join(folder, "cup", "text.png"), "no picture");
  const dataset = await ClassificationDataset.createFromDir("things", folder, { check: "behind" });
  expect(dataset.unchecked).toBe(9);
  const widget = new AnnotationUI(dataset);
  const kernel = withMemoryKernel();
  await widget.show();
  await dataset.whenChecked();
  // It has left the list, and the person was told.
  expect(kernel.state<AnnotationState>()).toMatchObject({ unchecked: 0, problemCount: 1, total: 8, matching: 8 });
  expect(kernel.state<AnnotationState>().page[0]).toMatchObject({ width: 40, height: 30 });
  const announced = kernel.events("announce").map(({ content }) => JSON.stringify(content));
  expect(announced.filter((text) => text.includes("text.png can't be used"))).toHaveLength(1);
});
