/** A training whose steps are graphs, through the worker: repeatable, resumable, and the same as operation by operation. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-graphs-"));

afterEach(async () => {
  delete process.env["VITRINE_GRAPHS"];
  await engine.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Of 63 pictures 15 full batches an epoch: thirty steps, enough for a graph; a rest of three runs operation by operation. */
const OPTIONS: TrainOptions = {
  freeze: false,
  batchNorm: "frozen",
  batchSize: 4,
  epochs: 2,
  learningRates: [0.01],
  baseRate: 0.05,
  seed: 3,
  observer: null,
};

async function trained(options: TrainOptions = {}) {
  const dataset = await ClassificationDataset.createFromDir("tableware", samples);
  const model = new TransferLearningModel({ labels: dataset.labels, imageSize: 32, mirror: false });
  const { history } = await model.train(dataset, { ...OPTIONS, ...options });
  return { losses: history.map(({ loss }) => loss), scores: [...(await model.score(dataset)).data] };
}

it("is the same again to the last digit, leaves no tensor, and agrees with operations one by one", async () => {
  const first = await trained();
  expect(await trained()).toEqual(first);
  expect((await engine.info()).withoutGraphs).toBeUndefined();
  const { tensors, networkTensors } = await engine.memory();
  expect(tensors - networkTensors).toBe(0);
  await engine.close();
  process.env["VITRINE_GRAPHS"] = "none";
  const single = await trained();
  const info = await engine.info();
  expect(info.withoutGraphs).toBe("VITRINE_GRAPHS=none");
  expect(String(info)).toContain("operation by operation (VITRINE_GRAPHS=none)");
  single.losses.forEach((loss, i) => expect(first.losses[i]).toBeCloseTo(loss, 3));
  single.scores.forEach((score, i) => expect(first.scores[i]).toBeCloseTo(score, 2));
});

it("resumed in the middle of an epoch goes on as if nothing had happened", async () => {
  const path = join(folder, "checkpoint");
  const whole = await trained();
  const controller = new AbortController();
  const observer = {
    onStep: ({ phase, epoch, done }: { phase: string; epoch: number; done: number }) => {
      if (phase === "train" && epoch === 2 && done >= 20) controller.abort();
    },
  };
  const checkpoints = { path, every: 3 };
  await trained({ checkpoints, observer, signal: controller.signal }).catch(() => undefined);
  expect(controller.signal.aborted).toBe(true);
  expect(await trained({ checkpoints, resume: true })).toEqual(whole);
});
