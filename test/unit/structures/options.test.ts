/** What a caller gets whose option is wrong, where no compiler has looked: in JavaScript, or after `as any`. */
import { describe, expect, it } from "vitest";

import { Fliplr } from "../../../src/kernel-lib/augmenters/index.js";
import { augmentDataset } from "../../../src/kernel-lib/data/augment-dataset.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { numberOption } from "../../../src/kernel-lib/structures/options.js";
import { AnnotationUI } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { showImages } from "../../../src/kernel-lib/ui/image-grid.js";
import { pictureDataset } from "../ui/picture-folder.js";

describe("a misspelt option is named, and the right ones with it", () => {
  // Types would stop each of them.
  const misspelt = (name: string) => ({ [name]: 3 }) as object;

  it.each<[call: string, (dataset: ClassificationDataset) => unknown, RegExp]>([
    [
      "split",
      (dataset) => dataset.split({ trainSize: 0.5, ...misspelt("stratfy") }),
      /trainSize, stratify, seed .*"stratfy"/,
    ],
    ["showImages", (dataset) => showImages(dataset, misspelt("colums")), /columns, rows, captions, side .*"colums"/],
    [
      "AnnotationUI",
      (dataset) => new AnnotationUI(dataset, misspelt("grid")),
      /gridSize, imageIndices, autoAdvance, model .*"grid"/,
    ],
    [
      "createFromDir",
      () => ClassificationDataset.createFromDir("x", "x", misspelt("maxPixel")),
      /maxPixels.*"maxPixel"/,
    ],
    ["augmentDataset", (dataset) => augmentDataset(dataset, Fliplr(0.5), misspelt("sead")), /seed, context.*"sead"/],
  ])("in %s", async (call, run, sentence) => {
    const dataset = await pictureDataset({ cup: ["a.png", "b.png"], bowl: ["c.png", "d.png"] });
    const refused = Promise.resolve(dataset).then(run);
    await expect(refused).rejects.toThrow(`for ${call}'s options but received`);
    await expect(refused).rejects.toThrow(sentence);
  });
});

describe("a number's range is said as a person says it", () => {
  it.each([
    [[-Infinity, Infinity], "a number"],
    [[0, Infinity], "a number of at least 0"],
    [[Number.MIN_VALUE, Infinity], "a number above 0"],
    [[Number.MIN_VALUE, 1], "a number above 0 and up to 1"],
    [[0, 1], "a number between 0 and 1"],
  ] as const)("%j: %s", ([min, max], words) => {
    expect(() => numberOption("x", NaN, min, max)).toThrow(`Expected ${words} for x but received NaN`);
  });
});
