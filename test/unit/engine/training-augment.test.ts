import { rmSync } from "node:fs";

import { describe, expect, it } from "vitest";

import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import type { ImageAugmenter } from "../../../src/kernel-lib/data/augment-dataset.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { tablewareCopy } from "../../browser/tableware-copy.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { strayTensors, tableware } from "./tableware.js";

const { train, test } = await tableware();

const how = { freeze: "layer1", epochs: 2, batchSize: 8, learningRates: [0.01], observer: null } as const;

async function run(options: TrainOptions) {
  const model = new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: false });
  const { history } = await model.train(train, { ...how, ...options });
  expect(await strayTensors()).toBe(0);
  return { losses: history.map(({ loss }) => loss), scores: (await model.score(test)).data };
}

/** Passes pictures on, and tells of each. */
function spy(seen: string[], change: ImageAugmenter["augment"] = (subject) => subject): ImageAugmenter {
  return {
    augment: (subject, options) => {
      seen.push(options.seed);
      return change(subject, options);
    },
  };
}

describe("augmentation on the fly", () => {
  it("that changes nothing is a training without, and sees each picture once an epoch under another seed", async () => {
    const seen: string[] = [];
    expect(await run({ augment: spy(seen) })).toEqual(await run({}));
    expect(new Set(seen).size).toBe(2 * 41);
    expect(seen).toHaveLength(2 * 41);
  });

  it("changes what is learnt, the same again with the same seed", async () => {
    const augment = augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Affine({ rotate: [-20, 20] })]);
    const first = await run({ augment });
    expect(await run({ augment })).toEqual(first);
    expect((await run({})).losses).not.toEqual(first.losses);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no such colour");
      },
      "no such colour",
    ],
    [
      "changes the size",
      () => ({ image: { data: new Uint8Array(12), width: 2, height: 2, channels: 3 as const } }),
      "keeps the size, 64 × 64 × 3, for augment but received 2 × 2 × 3",
    ],
  ])("by an augmenter that %s ends the training and says so", async (_, change, message) => {
    const seen: string[] = [];
    await expect(run({ augment: spy(seen, change) })).rejects.toThrow(message);
    const { tensors, networkTensors } = await engine.memory();
    expect(tensors - networkTensors).toBe(0);
  });

  it("names a picture that vanishes half-way, and leaves the model as it was", async () => {
    const folder = await tablewareCopy();
    const copy = await ClassificationDataset.createFromDir("tableware", folder);
    const model = new TransferLearningModel({ labels: copy.labels, imageSize: 64, mirror: false });
    await model.train(copy, { epochs: 1, observer: null });
    const { data: before } = await model.score(test);
    const lost = copy.images[5]?.storagePath ?? "";
    const observer = { onEpoch: () => rmSync(lost, { force: true }) };
    const error: unknown = await model
      .train(copy, { ...how, augment: spy([]), epochs: 9, observer })
      .catch((e: unknown) => e);
    expect(isVitrineError(error, "MissingFile") && error.details.path).toBe(lost);
    expect((await model.score(test)).data).toEqual(before);
  });

  it.each([
    ["a base that is frozen as a whole", { freeze: true, augment: spy([]) }, "augmentDataset"],
    ["what is no augmenter", { augment: 5 }, "Expected an augmenter"],
  ])("is refused with %s", async (_, options, message) => {
    const error: unknown = await run(options as unknown as TrainOptions).catch((reason: unknown) => reason);
    expect(isVitrineError(error, "InvalidOption") && error.message).toContain(message);
  });
});
