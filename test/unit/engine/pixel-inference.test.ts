/** Pictures that come decoded, a few at a time, as a service gets them: the same numbers as those that a data set gets. */
import { fileURLToPath } from "node:url";

import { afterAll, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";

const IMAGE_SIZE = 64;
/** One at a time, some, and more than a graph is made for. */
const COUNTS = [1, 3, 1, 3, 17];

afterAll(() => engine.close());

it.each([false, true])("features by number of pictures are those of the data set, mirror %s", async (mirror) => {
  const folder = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
  const whole = await ClassificationDataset.createFromDir("tableware", folder);
  const model = new TransferLearningModel({ labels: whole.labels, imageSize: IMAGE_SIZE, mirror });
  const { data, columns } = await model.features({ images: whole.images.slice(0, 17) });
  const pixels = await Promise.all(
    whole.images.slice(0, 17).map(async ({ storagePath }) => {
      return (await decodeImage(storagePath, { width: IMAGE_SIZE, height: IMAGE_SIZE, fit: "crop" })).data;
    }),
  );
  await model.inferPixels(pixels, "features");
  const { tensors } = await engine.memory();
  for (const count of COUNTS) {
    const features = await model.inferPixels(pixels.slice(0, count), "features");
    expect([features.rows, features.columns]).toEqual([count, columns]);
    features.data.forEach((value, i) => expect(value).toBeCloseTo(data[i] ?? NaN, 4));
  }
  expect((await engine.memory()).tensors).toBe(tensors);
});
