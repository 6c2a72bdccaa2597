/** What tests of classifiers have in common: the sample pictures, a folder of their own, and an engine that ends with them. */
import { afterAll } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { TransferLearningModelOptions } from "../../../src/kernel-lib/engine/model-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { temporaryFolder } from "../data/pictures.js";

export const SAMPLES = inRoot("sample_data", "tableware");

interface Tableware {
  /** Gone after the tests. */
  folder: string;
  /** 63 pictures of 4 labels. */
  whole: ClassificationDataset;
  /** 41 and 22 of them. */
  train: ClassificationDataset;
  test: ClassificationDataset;
  newModel: (options?: Partial<TransferLearningModelOptions>) => TransferLearningModel;
  /** Pictures of the sample under labels of our choice. */
  relabelled: (labels: readonly string[], take: readonly string[][]) => Promise<ClassificationDataset>;
}

export async function tableware(): Promise<Tableware> {
  const folder = await temporaryFolder();
  const whole = await ClassificationDataset.createFromDir("tableware", SAMPLES);
  const [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
  afterAll(() => engine.close());
  const newModel: Tableware["newModel"] = (options = {}) =>
    new TransferLearningModel({ labels: whole.labels, ...options });
  const relabelled: Tableware["relabelled"] = async (labels, take) => {
    const set = ClassificationDataset.create("picked", { labels });
    for (const [index, own] of take.entries()) await set.addImage(whole.images[index]?.storagePath ?? "", own);
    return set;
  };
  return { folder, whole, train, test, newModel, relabelled };
}

/** Tensors that belong to no network that is kept on purpose. */
export async function strayTensors(): Promise<number> {
  const { tensors, networkTensors } = await engine.memory();
  return tensors - networkTensors;
}
