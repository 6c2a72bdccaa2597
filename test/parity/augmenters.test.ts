import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Kernel } from "../../src/kernel-lib/augmenters/index.js";
import { picture } from "../unit/augmenters/picture.js";

interface Case {
  name: string;
  options: object;
  size: [width: number, height: number, channels: 1 | 3 | 4];
  result: { width: number; height: number; data: string };
}

const path = new URL("../fixtures/augmenters/imgaug.json", import.meta.url);
const { versions, cases } = JSON.parse(readFileSync(path, "utf8")) as {
  versions: Record<string, string>;
  cases: Case[];
};
/** Where parameters come before the options. */
const special: Record<string, (options: object) => Augmenter> = {
  Convolve: (options) => augmenters.Convolve((options as { matrix: Kernel }).matrix),
  ReplaceElementwise: (options) => {
    const { mask, replacement } = options as { mask: number; replacement: number };
    return augmenters.ReplaceElementwise(mask, replacement);
  },
};

function make({ name, options }: Case): Augmenter {
  const all = augmenters as unknown as Record<string, ((options: object) => Augmenter) | undefined>;
  const maker = special[name] ?? all[name];
  if (!maker) throw new Error(`no ${name}`);
  return maker(options);
}

const differences = (each: Case) => {
  const { size, result } = each;
  const image = make(each).augmentImage(picture(...size));
  const expected = Buffer.from(result.data, "base64");
  expect([image.width, image.height, image.data.length]).toEqual([result.width, result.height, expected.length]);
  return [...image.data].map((value, i) => Math.abs(value - (expected[i] ?? -1000)));
};
const named = (filter: (each: Case) => boolean) =>
  cases
    .filter(filter)
    .map((each) => [`${each.name} ${JSON.stringify(each.options)} of ${each.size.join(" × ")}`, each] as const);

test("the fixtures are of the versions that the titles name", () => {
  expect(versions).toEqual({ imgaug: "0.4.0", "opencv-python": "4.2.0.34", "scikit-image": "0.17.2", numpy: "1.18.5" });
  expect(cases.length).toBeGreaterThan(100);
});

describe("matches imgaug 0.4.0 byte for byte", () => {
  test.each(named(({ name }) => name !== "GaussianBlur"))("%s", (_, each) => {
    expect(differences(each).filter((difference) => difference > 0)).toEqual([]);
  });
});

describe("matches imgaug 0.4.0 within 2 of 255 levels, 0.5 on average", () => {
  test.each(named(({ name }) => name === "GaussianBlur"))("%s", (_, each) => {
    const all = differences(each);
    expect(Math.max(...all)).toBeLessThanOrEqual(2);
    expect(all.reduce((sum, difference) => sum + difference, 0) / all.length).toBeLessThan(0.5);
  });
});
