import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { loadWeights } from "../../src/kernel-lib/hub/load-weights.js";
import { writeSafetensors } from "../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../src/kernel-lib/hub/tensor.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { weightShapes } from "../../src/kernel-lib/models/plan.js";
import { resnetPlan } from "../../src/kernel-lib/models/resnet.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { formulaPictures, formulaValues } from "./torch-formula.js";

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const answers = read("../fixtures/huggingface/huggingface.json") as Record<
  string,
  { side: number; features: number[]; logits: number[] }
>;
const names = read("../fixtures/hub/names.json") as Record<
  "resnet18" | "resnet50",
  Record<string, Record<string, string>>
>;

let hub: string;

beforeAll(async () => {
  hub = mkdtempSync(join(tmpdir(), "vitrine-hub-"));
  process.env["VITRINE_HUB"] = hub;
  loadTensorFlow();
  await tf.ready();
});

afterAll(() => {
  delete process.env["VITRINE_HUB"];
  rmSync(hub, { recursive: true });
});

/** Weights as the repository has them: under Hugging Face's names, by the formula. */
function published(architecture: "resnet18" | "resnet50"): Map<string, Tensor> {
  const named = Object.entries(names[architecture]["huggingface"] ?? {});
  const shapes = named.flatMap(([name, text]): [string, number[]][] =>
    name.endsWith("num_batches_tracked") ? [] : [[name, text.split("x").map(Number)]],
  );
  return new Map([...formulaValues(new Map(shapes))].map(([name, tensor]) => [name, { dtype: "F32", ...tensor }]));
}

/** Writes one file, or two shards and their index. */
async function publish(repository: string, tensors: Map<string, Tensor>, shards: number): Promise<void> {
  const folder = join(hub, repository);
  mkdirSync(folder, { recursive: true });
  if (shards === 1) return writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
  const all = [...tensors];
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const name = `model-0000${shard + 1}-of-0000${shards}.safetensors`;
    const own = all.filter((_, index) => index % shards === shard);
    await writeSafetensors(join(folder, name), new Map(own));
    for (const [tensor] of own) weightMap[tensor] = name;
  }
  const index = { metadata: { total_size: 0 }, weight_map: weightMap };
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
}

describe("Hugging Face's ResNets, from a hub's folder to features and logits, match transformers 4.57.1", () => {
  it.each([
    ["microsoft/resnet-18", "resnet18", 2],
    ["microsoft/resnet-50", "resnet50", 1],
  ] as const)("%s as %s, files: %i", async (repository, architecture, shards) => {
    await publish(repository, published(architecture), shards);
    const { tensors, source } = await loadWeights(`hf:${repository}`);
    expect(source).toContain(shards === 1 ? "model.safetensors" : "model.safetensors.index.json");
    const plan = resnetPlan(architecture);
    const network = new Network(plan, pickTensors(source, tensors, weightShapes(plan)));
    const { side, features, logits } = answers[repository] ?? { side: 0, features: [], logits: [] };
    tf.tidy(() => {
      const y = network.infer(tf.tensor4d(formulaPictures(1, side), [1, side, side, 3]));
      const ours = y.dataSync();
      const scale = Math.max(...features.map(Math.abs));
      expect(features).toHaveLength(64);
      expect(Math.max(...features.map((value, i) => Math.abs(value - (ours[i] ?? NaN)))) / scale).toBeLessThan(1e-5);
      const fc = ["weight", "bias"].map((part) => tensors.get(`fc.${part}`)?.data ?? new Float32Array());
      const kernel = tf.tensor2d(fc[0] ?? [], [1000, plan.features]);
      const all = tf.add(tf.matMul(y, kernel, false, true), tf.tensor1d(fc[1] ?? [])).dataSync();
      const range = Math.max(1, ...logits.map(Math.abs));
      expect(Math.max(...logits.map((value, i) => Math.abs(value - (all[i] ?? NaN)))) / range).toBeLessThan(1e-5);
    });
    network.dispose();
  });
});
