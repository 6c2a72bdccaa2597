/** A classifier before its training: what it is told, refused, and says of itself. */
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import type { TransferLearningModelOptions } from "../../../src/kernel-lib/engine/model-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { matrixRow } from "../../../src/kernel-lib/structures/matrix.js";
import { failure } from "../failure.js";
import { tableware } from "./tableware.js";

const { folder, whole, train, test, newModel, relabelled } = await tableware();

describe("a model's options", () => {
  it.each([
    [{ labels: ["one"] }, 'Expected a list of at least two different labels for labels but received ["one"]'],
    [{ labels: ["a", "a"] }, "at least two different labels"],
    [{ labels: ["a", " "] }, "Expected a text that is not empty for labels[1]"],
    [{ baseModel: "vgg" }, '"resnet152", "alexnet" for baseModel but received "vgg"'],
    [{ imageSize: {} }, "Expected a number of pixels, or a list of two for imageSize but received {}"],
    [{ imageSize: [3, 224, 224] }, "or a list of two for imageSize but received [3,224,224]"],
    [{ imageSize: 16 }, "Expected an integer between 32 and 1024 for imageSize but received 16"],
    [{ baseModel: "alexnet", imageSize: 62 }, "Expected an integer between 63 and 1024 for imageSize but received 62"],
    [{ fit: "squash" }, 'Expected one of "crop", "stretch" for fit'],
    [{ weights: "imagenet" }, 'a path or a URL for baseModel "embedded" for weights but received "imagenet"'],
    [{ wieghts: "random" }, `for TransferLearningModel's options but received "wieghts"`],
  ])("%j is refused by name", (options, message) => {
    expect(() => newModel(options as Partial<TransferLearningModelOptions>)).toThrow(message);
  });

  it.each([
    [{ learningRates: [] }, "learningRates"],
    [{ learningRates: [0.1, NaN] }, "learningRates[1]"],
    [{ epochs: 0 }, "epochs"],
    [{ batchSize: 1.5 }, "batchSize"],
    [{ momentum: 1 }, "momentum"],
    [{ dropout: 1 }, "dropout"],
    [{ freeze: "yes" }, "freeze"],
    [{ evalDataset: 5 }, "evalDataset"],
    [{ learningrate: 0.1 }, "train's options"],
  ])("train refuses %j", async (options, option) => {
    const error = await failure(newModel().train(train, options as object));
    expect(isVitrineError(error, "InvalidOption") && error.details.option).toBe(option);
  });
});

describe("data that nothing can be learnt from", () => {
  it.each([
    ["no picture", [], "InvalidDataset", "it has no pictures"],
    ["one picture", [["bowl"]], "InvalidDataset", "one picture is not enough"],
    [
      "a class that nobody has",
      [["bowl"], ["cup"]],
      "InvalidDataset",
      'no picture has one of the labels "cutlery", "plate"',
    ],
    ["a picture without label", [["bowl"], []], "InvalidDataset", "bowl-02.jpg has no label"],
    ["a label that the model lacks", [["bowl"], ["spoon"]], "UnknownLabel", ": Expected one of the labels"],
  ] as const)("%s", async (_, take, code, message) => {
    const set = await relabelled(
      whole.labels,
      take.map((labels) => [...labels]),
    );
    const error = await failure(newModel().train(set));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it("nothing is scored before a training, and no empty set", async () => {
    expect((await failure(newModel().score(test))).code).toBe("NotReady");
    expect((await failure(newModel().features(ClassificationDataset.create("none")))).code).toBe("InvalidDataset");
  });

  it("a picture of several labels counts for each of them", async () => {
    const set = await relabelled(["bowl", "cup"], [["bowl"], ["bowl", "cup"], ["cup"], ["cup"]]);
    const model = new TransferLearningModel({ labels: ["bowl", "cup"] });
    await model.train(set, { observer: null, epochs: 40, dropout: 0 });
    const scores = await model.score(set);
    const [bowl = 0, cup = 0] = matrixRow(scores, 1);
    expect(bowl).toBeGreaterThan(0.2);
    expect(cup).toBeGreaterThan(0.2);
  });
});

describe("a summary", () => {
  it("has layers with their outputs and parameters, and where the weights came from", async () => {
    const summary = await newModel().summary();
    const displayed = summary as unknown as Record<symbol, () => object>;
    expect(summary.layers.map(({ name, output }) => [name, output.join(" × ")])).toEqual([
      ["stem", "28 × 28 × 24"],
      ["layer1", "28 × 28 × 24"],
      ["layer2", "14 × 14 × 48"],
      ["layer3", "7 × 7 × 96"],
      ["layer4", "4 × 4 × 192"],
      ["mean", "192"],
      ["head", "4"],
    ]);
    expect(summary.parameters).toBe(summary.layers.reduce((sum, { parameters }) => sum + parameters, 0));
    expect(summary.source).toContain("MODEL_CARD.md");
    expect(String(summary)).toContain("Not trained yet");
    expect(Object.keys(displayed[Symbol.for("Jupyter.display")]?.() ?? {})).toEqual(["text/plain", "text/html"]);
  });
});

describe("the bases of the zoo", () => {
  it("AlexNet's summary names its layers, with as many parameters as torchvision 0.24.1 counts", async () => {
    const summary = await newModel({ baseModel: "alexnet", weights: "random" }).summary();
    expect(summary.layers.map(({ name, output }) => [name, output.join(" × ")])).toEqual([
      ["conv1", "27 × 27 × 64"],
      ["conv2", "13 × 13 × 192"],
      ["conv3", "13 × 13 × 384"],
      ["conv4", "13 × 13 × 256"],
      ["conv5", "6 × 6 × 256"],
      ["pool5", "6 × 6 × 256"],
      ["classifier.1", "4096"],
      ["classifier.4", "4096"],
      ["head", "4"],
    ]);
    // The head has 4 classes, torchvision's 1000.
    expect(summary.parameters).toBe(61_100_840 - 4097 * 996);
  });

  it.each([
    ["resnet34", 512],
    ["resnet50", 2048],
    ["alexnet", 4096],
  ] as const)("%s gives %i features, and is saved and loaded as what it is", async (baseModel, count) => {
    const model = newModel({ baseModel, weights: "random", imageSize: [64, 96], mirror: false });
    const set = await relabelled(whole.labels, [["bowl"], ["cup"], ["cutlery"], ["plate"]]);
    const features = await model.features(set);
    expect([features.rows, features.columns]).toEqual([4, count]);
    const path = join(folder, baseModel);
    await model.save(path);
    const loaded = await TransferLearningModel.load(path);
    expect(loaded.baseModel).toBe(baseModel);
    expect((await loaded.features(set)).data).toEqual(features.data);
    expect((await loaded.summary()).layers.at(-2)?.output).toEqual([count]);
  });
});
