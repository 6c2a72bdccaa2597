/** A classifier as a folder, and weights from files of others. */
import { readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { randomTensors } from "../../../src/kernel-lib/models/random-weights.js";
import { resnetPlan } from "../../../src/kernel-lib/models/resnet.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { failure } from "../failure.js";
import { tableware } from "./tableware.js";

const { folder, train, test, newModel } = await tableware();

/** Small and quick: fine-tuning at 64 pixels. */
const small = { imageSize: 64, mirror: false } as const;

describe("saving", () => {
  it.each([
    ["frozen", { observer: null, epochs: 3 }, {}],
    ["fine-tuned", { observer: null, epochs: 1, freeze: false, batchSize: 8 }, small],
  ] as const)("a %s model scores the same to the bit after loading, in a new engine", async (name, how, options) => {
    const model = newModel(options);
    await model.train(train, how);
    const path = join(folder, name);
    await model.save(path);
    const before = await model.score(test);
    await engine.close();
    const again = await TransferLearningModel.load(path);
    expect(await again.score(test)).toEqual(before);
    expect(again.trainEvalAccs).toEqual(model.trainEvalAccs);
    expect(String(await again.summary())).toBe(String(await model.summary()));
  });

  it("over a model that is there replaces it, and leaves two files", async () => {
    const path = join(folder, "twice");
    const model = newModel();
    await model.train(train, { observer: null, epochs: 1 });
    await model.save(path);
    await model.train(train, { observer: null, epochs: 2 });
    await model.save(path);
    expect(readdirSync(path)).toHaveLength(2);
    expect((await TransferLearningModel.load(path)).trainEvalAccs[2]).toEqual([1, 2]);
  });

  it.each([
    ["no folder", () => join(folder, "nowhere"), "MissingFile", "expected a saved model"],
    ["half a description", () => spoilt((text) => text.slice(0, 100)), "InvalidFile", "expected JSON"],
    ["another format", () => spoilt((text) => text.replace("vitrine.Transfer", "other.")), "InvalidFile", "format"],
    [
      "a label too many",
      () => spoilt((text) => text.replace('"bowl",', '"bowl", "fork",')),
      "InvalidWeights",
      "fc.weight",
    ],
    ["weights that are gone", () => spoilt((text) => text, "weights"), "MissingFile", "weights-"],
  ] as const)("refuses %s, and says where", async (_, path, code, message) => {
    const error = await failure(TransferLearningModel.load(await path()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  let spoiltCount = 0;
  async function spoilt(change: (text: string) => string, drop?: "weights"): Promise<string> {
    const path = join(folder, `spoilt-${spoiltCount++}`);
    const model = newModel();
    await model.train(train, { observer: null, epochs: 1 });
    await model.save(path);
    const file = join(path, "model.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    if (drop) for (const name of readdirSync(path)) if (name.startsWith(drop)) unlinkSync(join(path, name));
    return path;
  }
});

describe("weights from a file", () => {
  const plan = resnetPlan("resnet18");
  const file = (change: (tensors: Map<string, Tensor>) => void, prefix = "") => {
    const tensors = new Map<string, Tensor>(
      [...randomTensors(plan, 3)].map(([name, { shape, data }]) => [prefix + name, { dtype: "F32", shape, data }]),
    );
    change(tensors);
    return tensors;
  };
  const fc: [string, Tensor] = ["fc.weight", { dtype: "F32", shape: [10, 512], data: new Float32Array(5120) }];

  it.each(["", "module."])(
    "in torchvision's names behind %j, with fc or without, are the same network",
    async (prefix) => {
      const path = join(folder, `weights-${prefix}x.safetensors`);
      const tensors = file((all) => prefix && all.set(prefix + fc[0], fc[1]), prefix);
      await writeSafetensors(path, tensors);
      const options = { baseModel: "resnet18", imageSize: 64 } as const;
      const features = await newModel({ ...options, weights: path }).features(test);
      expect(features.columns).toBe(512);
      expect(features).toEqual(await newModel({ ...options, weights: "random", seed: 3 }).features(test));
    },
  );

  it.each([
    ["lacks a tensor", (all: Map<string, Tensor>) => void all.delete("layer3.0.bn1.running_var"), "found none"],
    [
      "has one of another shape",
      (all: Map<string, Tensor>) =>
        void all.set("layer3.0.bn1.running_var", { dtype: "F32", shape: [5], data: new Float32Array(5) }),
      "found one of 5",
    ],
  ])("say which tensor is wrong when a file %s", async (name, change, found) => {
    const path = join(folder, `${name}.safetensors`);
    await writeSafetensors(path, file(change));
    const error = await failure(newModel({ baseModel: "resnet18", weights: path }).features(test));
    expect(isVitrineError(error, "InvalidWeights") && error.details.tensor).toBe("layer3.0.bn1.running_var");
    expect(error.message).toContain(found);
  });

  it("from the hub, offline: an error that names the ways out", async () => {
    process.env["HF_HUB_OFFLINE"] = "1";
    process.env["XDG_CACHE_HOME"] = join(folder, "empty cache");
    await engine.close();
    try {
      const error = await failure(newModel({ baseModel: "resnet18", weights: "imagenet" }).features(test));
      expect(isVitrineError(error, "WeightsUnavailable") && error.details.waysOut.length).toBe(3);
      expect(error.message).toContain("give the file's path as weights");
    } finally {
      delete process.env["HF_HUB_OFFLINE"];
      delete process.env["XDG_CACHE_HOME"];
      await engine.close();
    }
  });

  it("a failed opening is tried again", async () => {
    const path = join(folder, "late.safetensors");
    const model = newModel({ baseModel: "resnet18", imageSize: 64, weights: path });
    expect((await failure(model.features(test))).code).toBe("MissingFile");
    await writeSafetensors(
      path,
      file(() => undefined),
    );
    expect((await model.features(test)).rows).toBe(22);
  });
});
