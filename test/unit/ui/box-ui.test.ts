/** `AnnotationUI` with boxes, without a browser: what is kept, and what two notebooks see of each other. */
import { join } from "node:path";

import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import type { BoxesState } from "../../../src/kernel-lib/protocol/index.js";
import { AnnotationUI, type BoxAnnotationOptions } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { put } from "../data/pictures.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { pictureFolder } from "./picture-folder.js";

afterEach(() => installKernelPort(undefined));

const folderOfPictures = () => pictureFolder({ pictures: ["a.png", "b.png"] });

async function load(root: string): Promise<ObjectDetectionDataset> {
  const options = { imageSubdirectory: "pictures", unannotated: "include", labels: ["cup", "bowl"] } as const;
  return ObjectDetectionDataset.createFromDir("boxes", root, options);
}

async function shown(dataset: ObjectDetectionDataset, options?: BoxAnnotationOptions) {
  const kernel = withMemoryKernel();
  await new AnnotationUI(dataset, options).show();
  const said = () => kernel.events("announce").map(({ content }) => content["text"]);
  return { kernel, said, state: () => kernel.state<BoxesState>() };
}

const box = (label: string, xmin: number) => {
  return { label, xmin, ymin: 2, xmax: xmin + 8, ymax: 12, difficult: false, truncated: false, occluded: false };
};

const detector = {
  labels: ["cup", "bowl"],
  detect: ({ images }: { images: readonly unknown[] }) =>
    Promise.resolve(
      images.map(() => ({
        boxes: Float32Array.of(1, 2, 9, 12, 20, 2, 28, 12),
        scores: Float32Array.of(0.9, 0.7),
        classes: Int32Array.of(0, 1),
      })),
    ),
};

test("a rejected box is a step of undo and redo, and stays rejected when the folder is opened again", async () => {
  const root = await folderOfPictures();
  const { kernel, state, said } = await shown(await load(root), { model: detector });
  const open = () => state().suggestions.map(({ label }) => label);
  await expect.poll(open).toEqual(["cup", "bowl"]);
  await kernel.command({ type: "rejectBox", id: 0 });
  expect(open()).toEqual(["bowl"]);
  await kernel.command({ type: "undo" });
  expect(open()).toEqual(["cup", "bowl"]);
  await kernel.command({ type: "redo" });
  expect(open()).toEqual(["bowl"]);
  expect(said()).toEqual([
    "a.png: cup rejected",
    "a.png: cup no longer rejected, undone",
    "a.png: cup rejected, redone",
  ]);
  const again = await load(root);
  expect(again.images[0]?.rejectedBoxes).toMatchObject([{ label: "cup", xmin: 1, ymax: 12 }]);
  expect(again.images[0]?.boxes).toEqual([]);
  const later = await shown(again, { model: detector });
  await expect.poll(() => later.state().suggestions.map(({ label }) => label)).toEqual(["bowl"]);
});

test("two notebooks on one folder are told of each other, and see each other's boxes, flags and rejections", async () => {
  const root = await folderOfPictures();
  const [one, two] = [await load(root), await load(root)];
  const self = { user: "ann", host: "another machine", pid: 1, since: new Date().toISOString() };
  await put(join(root, ".vitrine", "open", "another-1.json"), JSON.stringify(self));
  const { kernel, state, said } = await shown(one);
  expect(state().others).toBe(1);
  expect(one.sharedWith).toMatchObject([{ user: "ann", host: "another machine" }]);
  two.changeBoxesForImage(0, [box("cup", 1)]);
  await kernel.command({ type: "addBox", id: 0, box: box("bowl", 20) });
  two.flagImage(1, "unsure");
  two.rejectBox(1, box("cup", 5));
  await kernel.command({ type: "refresh" });
  expect(state().page.map(({ boxes, flag }) => [boxes.map(({ label }) => label), flag])).toEqual([
    [["cup", "bowl"], null],
    [[], "unsure"],
  ]);
  expect(said()).toContain("b.png: cup rejected, changed in another notebook");
  two.refresh();
  const labelsOf = (set: ObjectDetectionDataset) => set.images.map(({ boxes }) => boxes.map(({ label }) => label));
  expect(labelsOf(two)).toEqual(labelsOf(one));
  expect(labelsOf(await load(root))).toEqual(labelsOf(one));
  // What one takes back is gone for both, and the other's box stays.
  await kernel.command({ type: "undo" });
  two.refresh();
  expect(labelsOf(two)).toEqual([["cup"], []]);
});
