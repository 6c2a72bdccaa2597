/** What tests of classifiers have in common: the sample pictures, a folder of their own, and an engine that ends with them. */
import { afterAll } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
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
}

export async function tableware(): Promise<Tableware> {
  const folder = await temporaryFolder();
  const whole = await ClassificationDataset.createFromDir("tableware", SAMPLES);
  const [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
  afterAll(() => engine.close());
  return { folder, whole, train, test };
}

/** Tensors that belong to no network that is kept on purpose. */
export async function strayTensors(): Promise<number> {
  const { tensors, networkTensors } = await engine.memory();
  return tensors - networkTensors;
}
