/** Weights with their own classifier; their labels beside them, or given. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { labelNames } from "../../../src/kernel-lib/hub/label-names.js";
import { loadConfig } from "../../../src/kernel-lib/hub/load-weights.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-pretrained-"));
const weights = join(folder, "model.safetensors");
let dataset: ClassificationDataset;
let whole: Map<string, Tensor>;

const FEATURES = 192;
const CLASSES = 5;
const fc = Float32Array.from({ length: CLASSES * FEATURES }, (_, i) => Math.sin(i) / 4);
const bias = Float32Array.from({ length: CLASSES }, (_, i) => i / 10);

beforeAll(async () => {
  [, dataset] = (await ClassificationDataset.createFromDir("tableware", samples)).split({ trainSize: 0.8, seed: 1 });
  const backbone = new URL("../../../src/kernel-lib/backbone/backbone.safetensors", import.meta.url);
  whole = new Map(await readSafetensors(fileURLToPath(backbone)));
  whole.set("fc.weight", { dtype: "F32", shape: [CLASSES, FEATURES], data: fc });
  whole.set("fc.bias", { dtype: "F32", shape: [CLASSES], data: bias });
  await writeSafetensors(weights, whole);
  const id2label = { 0: "tench, Tinca tinca", 1: "crane", 2: "größe", 3: "crane", 4: "cup" };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ id2label }));
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe("TransferLearningModel.pretrained", () => {
  it("scores with the classifier that lies in the weights, under the labels beside them", async () => {
    const model = await TransferLearningModel.pretrained({ weights, imageSize: 64 });
    expect(model.labels).toEqual(["tench, Tinca tinca", "crane (1)", "größe", "crane (3)", "cup"]);
    const [features, scores] = [await model.features(dataset), await model.score(dataset)];
    expect(features.columns).toBe(FEATURES);
    for (let row = 0; row < features.rows; row++) {
      const seen = features.data.subarray(row * FEATURES, (row + 1) * FEATURES);
      const logits = Array.from(bias, (b, k) => seen.reduce((sum, x, i) => sum + x * (fc[k * FEATURES + i] ?? 0), b));
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      logits.forEach((logit, k) => expect(scores.data[row * CLASSES + k]).toBeCloseTo(Math.exp(logit) / total, 5));
    }
    expect(String(await model.summary())).toContain("With its own classifier");
  });

  it("takes labels that are given, can be saved and loaded, and learns other classes by a new head", async () => {
    const labels = ["a", "b", "c", "d", "e"];
    const model = await TransferLearningModel.pretrained({ weights, imageSize: 64, labels });
    expect(model.labels).toEqual(labels);
    await model.save(join(folder, "saved"));
    const loaded = await TransferLearningModel.load(join(folder, "saved"));
    expect((await loaded.score(dataset)).data).toEqual((await model.score(dataset)).data);
    const { tensors, networkTensors } = await engine.memory();
    expect(tensors - networkTensors).toBe(0);
  });

  it.each([
    ["too few labels", { labels: ["a", "b"] }, "Expected 5 labels, or weights with a config.json beside them"],
    [
      "another base than its weights",
      { baseModel: "resnet18" as const },
      'expected a tensor of 64 × 3 × 7 × 7 for "conv1.weight"',
    ],
    [
      "weights without a classifier",
      { weights: "embedded" },
      'expected the classifier that they were trained with for "fc.weight"',
    ],
    ["an option that nobody knows", { size: 3 }, 'received "size"'],
  ])("refuses %s", async (_, options, message) => {
    const opening = TransferLearningModel.pretrained({ weights, imageSize: 64, ...options });
    await expect(opening).rejects.toThrow(message);
  });

  it("asks for labels where none lie beside the weights", async () => {
    const lonely = join(folder, "lonely", "model.safetensors");
    mkdirSync(join(folder, "lonely"));
    writeFileSync(lonely, readFileSync(weights));
    const opening = TransferLearningModel.pretrained({ weights: lonely, imageSize: 64 });
    await expect(opening).rejects.toThrow(
      "Expected 5 labels, or weights with a config.json beside them that names them",
    );
  });
});

describe("labels beside weights", () => {
  it.each([
    ['{"id2label":{"0":"a","1":"b"}}', ["a", "b"]],
    ['{"id2label":{"0":"a","2":"b"}}', undefined],
    ['{"id2label":{"0":"a","1":7}}', undefined],
    ['{"id2label":{}}', undefined],
    ['{"id2label":null}', undefined],
    ["null", undefined],
    ["<html>", undefined],
  ])("of %s are %j", (text, names) => {
    expect(labelNames(text)).toEqual(names);
  });

  it("are fetched from a hub, once, and missed without harm", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (request.url === "/own/net/resolve/main/config.json") response.end('{"id2label":{"0":"a"}}');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const before = process.env["VITRINE_HUB"];
    process.env["VITRINE_HUB"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = { cacheDir: join(folder, "cache"), retryDelay: 1 };
    try {
      expect(await loadConfig("hf:own/net", options)).toBe('{"id2label":{"0":"a"}}');
      expect(await loadConfig("hf:own/net", options)).toBe('{"id2label":{"0":"a"}}');
      expect(asked).toEqual(["/own/net/resolve/main/config.json"]);
      expect(await loadConfig("hf:own/other", options)).toBeUndefined();
    } finally {
      if (before === undefined) delete process.env["VITRINE_HUB"];
      else process.env["VITRINE_HUB"] = before;
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
