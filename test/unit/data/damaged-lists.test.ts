/** Lists and texts of others with bytes changed or cut off: a data set, or an error of ours, and never anything else. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const png = await noiseImage(40, 30).png().toBuffer();

const coco = JSON.stringify({
  images: [{ id: 1, file_name: "a.png", width: 40, height: 30 }],
  categories: [{ id: 4, name: "plate" }],
  annotations: [
    { id: 1, image_id: 1, category_id: 4, bbox: [10, 7.5, 20, 15], iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 4, segmentation: [[1, 1, 9, 1, 9, 9]] },
  ],
});
const formats = {
  coco: {
    list: "annotations.json",
    text: coco,
    open: (path: string) => ObjectDetectionDataset.createFromCoco("set", path),
  },
  csv: {
    list: "annotations.csv",
    text: 'filename,class,xmin,ymin,xmax,ymax\na.png,"a ""cup""",1,2,3,4\na.png,plate,5,6,7,8\n',
    open: (path: string) => ObjectDetectionDataset.createFromCsv("set", path),
  },
  jsonl: {
    list: "annotations.jsonl",
    text: '{"classes":["cup"]}\n{"image":"a.png","boxes":[{"label":"cup","xmin":1,"ymin":2,"xmax":3,"ymax":4}]}\n',
    open: (path: string) => ObjectDetectionDataset.createFromJsonLines("set", path),
  },
  "yolo's data.yaml": {
    list: "data.yaml",
    text: "path: .\ntrain: images\nval: [images]\nnames:\n  0: cup\n  1: plate\n",
    open: (path: string) => ObjectDetectionDataset.createFromYolo("set", path),
  },
  "yolo's texts": {
    list: join("labels", "a.txt"),
    text: "0 0.5 0.5 0.5 0.5\n1 0.1 0.1 0.2 0.1 0.2 0.2\n",
    open: (path: string) => ObjectDetectionDataset.createFromYolo("set", path),
    beside: { "data.yaml": "train: images\nnames: [cup, plate]\n" },
  },
  "darknet's obj.data": {
    list: "obj.data",
    text: "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\n",
    open: (path: string) => ObjectDetectionDataset.createFromYolo("set", path),
    beside: { "obj.names": "cup\nplate\n", "train.txt": "data/images/a.png\n" },
  },
};

test.each(Object.entries(formats))("%s", async (name, { list, text, open, ...rest }) => {
  const root = join(folder, name.replaceAll(/\W/g, "-"));
  await put(join(root, "images", "a.png"), png);
  for (const [file, content] of Object.entries("beside" in rest ? rest.beside : {}))
    await put(join(root, file), content);
  const path = await put(join(root, list), text);
  expect((await open(root)).size()).toBe(1);
  const whole = Buffer.from(text);
  const damage = fc.record({
    changes: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 9, max: 127 })), { maxLength: 4 }),
    // Most are not cut: else it would happen by chance that of 80 not one can be looked at.
    length: fc.oneof({ weight: 3, arbitrary: fc.constant(whole.length) }, fc.nat(whole.length)),
  });
  let opened = 0;
  await fc.assert(
    fc.asyncProperty(damage, async ({ changes, length }) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      await writeFile(path, bytes.subarray(0, length));
      await rm(join(root, ".vitrine"), { recursive: true, force: true });
      try {
        const set = await open(root);
        for (const { boxes, width, height } of set.images)
          for (const { label, xmin, ymin, xmax, ymax } of boxes) {
            expect(label.trim()).not.toBe("");
            expect(xmin >= 0 && xmin < xmax && xmax <= width && ymin >= 0 && ymin < ymax && ymax <= height).toBe(true);
          }
        opened++;
      } catch (error) {
        if (!isVitrineError(error)) throw error;
        expect(error.message).toContain(root);
      }
    }),
    { numRuns: 80 },
  );
  // Not all of it is so broken that nothing is looked at.
  expect(opened).toBeGreaterThan(0);
});
