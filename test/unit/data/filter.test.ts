/** Some of a data set's pictures as a data set: labels, journal and undo stay one. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const png = async (seed: number) => noiseImage(20, 10, seed).png().toBuffer();
for (const [index, label] of ["cup", "cup", "plate", "plate"].entries()) {
  await put(join(folder, "labels", label, `${index}.png`), await png(index + 1));
  await put(join(folder, "boxes", "JPEGImages", `${index}.png`), await png(index + 1));
}

test("keeps what the function says, in order; what is changed in the part is changed in the whole", async () => {
  const whole = await ClassificationDataset.createFromDir("set", join(folder, "labels"));
  whole.flagImage(1, "skip");
  const part = whole.filter(({ flag }, index) => flag !== "skip" && index > 0, "without skipped");
  expect([part.name, part.images.map(({ name }) => name)]).toEqual(["without skipped", ["2.png", "3.png"]]);
  expect(part.labels).toEqual(whole.labels);
  part.changeLabelForImage(0, "cup");
  expect(whole.images[2]?.labels).toEqual(["cup"]);
  whole.undo();
  expect(part.images[0]?.labels).toEqual(["plate"]);
  expect(part.split({ trainSize: 1 }).map((each) => each.size())).toEqual([1, 1]);
  await part.export(join(folder, "out"), { format: "folders" });
  expect((await ClassificationDataset.createFromDir("again", join(folder, "out"))).size()).toBe(2);
  expect(whole.filter(() => false).size()).toBe(0);
  expect(() => whole.filter("cup" as never)).toThrow(
    'Expected a function that says of a picture whether it stays for keeps but received "cup"',
  );
});

test("of boxes too, and they are still saved into their files", async () => {
  const root = join(folder, "boxes");
  const whole = await ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
  whole.addLabel("cup");
  const part = whole.filter(({ name }) => name === "2.png");
  part.changeBoxesForImage(0, [{ label: "cup", xmin: 1, ymin: 1, xmax: 5, ymax: 5 }]);
  expect(await part.saveAnnotations()).toBe(1);
  const again = await ObjectDetectionDataset.createFromDir("again", root);
  expect(again.images.map(({ name, boxes }) => [name, boxes.length])).toEqual([["2.png", 1]]);
});
