/** A classifier written for other programs. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { ExportOptions } from "../../../src/kernel-lib/engine/export-options.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { matrixRow } from "../../../src/kernel-lib/structures/matrix.js";
import { failure } from "../failure.js";
import { tableware } from "./tableware.js";

const { folder, train, test, newModel } = await tableware();

/** Small and quick: fine-tuning at 64 pixels. */
const small = { imageSize: 64, mirror: false } as const;

describe("an exported model", () => {
  const names = JSON.parse(readFileSync(new URL("../../fixtures/hub/names.json", import.meta.url), "utf8")) as Record<
    "resnet18",
    Record<"torchvision", Record<string, string>>
  >;

  it("as safetensors has torchvision 0.24.1's names and shapes, all of them, and scores by its last layer", async () => {
    const model = newModel({ baseModel: "resnet18", weights: "random", ...small });
    await model.train(train, { learningRates: [0.01], observer: null });
    const path = join(folder, "exported.safetensors");
    await model.export(path);
    const tensors = await readSafetensors(path);
    const expected = { ...names.resnet18.torchvision, "fc.weight": "4x512", "fc.bias": "4" };
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape.join("x")]))).toEqual(expected);
    const features = await model.features(test);
    const scores = await model.score(test);
    const [weight, bias] = ["fc.weight", "fc.bias"].map((name) => tensors.get(name)?.data ?? []);
    for (let row = 0; row < features.rows; row++) {
      const x = matrixRow(features, row);
      const logits = [0, 1, 2, 3].map((label) =>
        x.reduce((sum, value, i) => sum + value * Number(weight?.[label * 512 + i]), Number(bias?.[label])),
      );
      const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
      const total = powers.reduce((sum, value) => sum + value, 0);
      [...matrixRow(scores, row)].forEach((score, i) => expect((powers[i] ?? NaN) / total).toBeCloseTo(score, 4));
    }
  });

  it("as ONNX is one file that can be had before a training too; what was there stays until it is whole", async () => {
    const path = join(folder, "exported.bin");
    writeFileSync(path, "old");
    await newModel().export(path, { format: "onnx" });
    const bytes = readFileSync(path);
    // ir_version 8, then the producer.
    expect([...bytes.subarray(0, 4)]).toEqual([8, 8, 18, 7]);
    expect(bytes.subarray(4, 11).toString()).toBe("vitrine");
    expect(bytes.includes("features")).toBe(true);
    expect(bytes.includes("probabilities")).toBe(false);
    expect(bytes.length).toBeGreaterThan(5e6);
  });

  it("to tfjs layers is a model.json with its labels, and the weights beside it in parts", async () => {
    const path = join(folder, "web", "model.json");
    await newModel().export(path);
    const { format, userDefinedMetadata, weightsManifest } = JSON.parse(readFileSync(path, "utf8")) as {
      format: string;
      userDefinedMetadata: object;
      weightsManifest: { paths: string[] }[];
    };
    expect(format).toBe("layers-model");
    expect(userDefinedMetadata).toMatchObject({ labels: train.labels, fit: "crop" });
    const parts = weightsManifest.flatMap(({ paths }) => paths);
    expect(parts.length).toBeGreaterThan(1);
    expect(readdirSync(join(folder, "web")).sort()).toEqual(["model.json", ...parts].sort());
  });

  it.each([
    ["model.h5", {}, 'Expected one of "safetensors", "onnx", "tfjs" for format but received "h5"'],
    ["model", { format: "keras" }, 'for format but received "keras"'],
    ["", { format: "onnx" }, "Expected a text that is not empty for path"],
    ["model.onnx", { opset: 9 }, 'received "opset"'],
  ])("is refused as %j %j", async (path, options, message) => {
    expect((await failure(newModel().export(path, options as ExportOptions))).message).toContain(message);
  });
});
