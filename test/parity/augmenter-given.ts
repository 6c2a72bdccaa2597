/** The fixture of make_given.py, and what the library makes of the same. */
import { readFileSync } from "node:fs";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter } from "../../src/kernel-lib/augmenters/index.js";
import type { ImageData8 } from "../../src/kernel-lib/structures/image.js";
import { picture } from "../unit/augmenters/picture.js";
import { made } from "./augmenter-cases.js";
import { formulaMaps } from "./augmenter-maps.js";

export interface GivenCase {
  name: string;
  options: { points?: number; channels?: number };
  /** The size of the segmentation map that lies on the picture. */
  map?: [width: number, height: number];
  image: string;
}

export const givenFixture = JSON.parse(
  readFileSync(new URL("../fixtures/augmenters/given.json", import.meta.url), "utf8"),
) as {
  version: string;
  given: {
    width: number;
    height: number;
    boxes: [x1: number, y1: number, x2: number, y2: number, label: string][];
    points: [x: number, y: number][][];
  };
  cases: GivenCase[];
};
export const givenCases = givenFixture.cases;
const { width, height, boxes, points } = givenFixture.given;
const before = picture(width, height, 3, "slopes");

function maskOf(channels: number): Float32Array {
  return Float32Array.from({ length: width * height * channels }, (_, i) => {
    const [c, pixel] = [i % channels, Math.floor(i / channels)];
    return (((pixel % width) * 7 + Math.floor(pixel / width) * 5 + c * 3) % 32) / 31;
  });
}

const inverted = (image: ImageData8): ImageData8 => ({ ...image, data: image.data.map((level) => 255 - (level >> 1)) });

function augmenterOf({ name, options }: GivenCase, folder: string): Augmenter {
  switch (name) {
    case "BlendAlphaMask": {
      const { channels = 1, ...branches } = options;
      return augmenters.BlendAlphaMask({ ...(made(branches) as object), maskGenerator: () => maskOf(channels) });
    }
    case "Voronoi":
      return augmenters.Voronoi({ pointsSampler: () => points[options.points ?? 0] ?? [], pReplace: 1 });
    case "Lambda":
      return augmenters.Lambda({ funcImages: (images) => images.map(inverted) });
    case "AssertLambda":
      return augmenters.AssertLambda({ funcImages: ([image]) => image?.width === width });
    case "AssertShape":
      return augmenters.AssertShape([1, height, [width, 99, 120], [3, 5]]);
    case "SaveDebugImageEveryNBatches":
      return augmenters.SaveDebugImageEveryNBatches({ destination: folder, interval: 1 });
    default:
      return made({ augmenter: name, options }) as Augmenter;
  }
}

/** @param folder for what is saved */
export function givenResult(each: GivenCase, folder: string): ImageData8 {
  return augmenterOf(each, folder).augment({
    image: before,
    boxes: boxes.map(([x1, y1, x2, y2, label]) => ({ x1, y1, x2, y2, label })),
    ...(each.map && { segmentationMaps: formulaMaps(each.map).segmentationMaps }),
  }).image;
}
