/** Labels set, taken back, filtered by and suggested in the annotation tool. */

import { expect, test } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { imageAt, pictureDataset, pictureFolder } from "./picture-folder.js";
import { announcements, shown, THINGS } from "./shown-annotation.js";

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
