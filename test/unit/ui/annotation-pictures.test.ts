/** The pictures of the annotation tool: which, in which order, as which bytes, and which not. */
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect, test } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { AnnotationUI } from "../../../src/kernel-lib/ui/annotation-ui.js";
import type { AnnotationState } from "../../../src/kernel-lib/protocol/index.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { imageAt, pictureDataset, pictureFolder } from "./picture-folder.js";
import { shown, THINGS } from "./shown-annotation.js";

test("shows the asked pictures in the asked order", async () => {
  const { state } = await shown(await pictureDataset(THINGS), { imageIndices: [5, 0, 5] });
  expect(state().page.map(({ id }) => id)).toEqual([5, 0]);
  expect(state()).toMatchObject({ total: 2, counts: [1, 1, 0] });
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
