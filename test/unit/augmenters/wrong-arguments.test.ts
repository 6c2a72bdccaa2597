/** What is no option and no picture at all is refused by name, in the one sentence form. */
import { expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { picture } from "./picture.js";

/** What a notebook hands over that is of no type at all. */
const untyped = (value: unknown) => value as never;

test.each<[string, string, () => unknown]>([
  ["Fliplr(null)", "Fliplr", () => augmenters.Fliplr(untyped(null))],
  ["Add(null)", "Add", () => augmenters.Add(untyped(null))],
  ["Affine(null)", "Affine", () => augmenters.Affine(untyped(null))],
  ["Rot90(null)", "Rot90", () => augmenters.Rot90(untyped(null))],
  ["Sequential randomOrder", "randomOrder", () => augmenters.Sequential([], { randomOrder: untyped("no") })],
  ["SomeOf randomOrder", "randomOrder", () => augmenters.SomeOf(1, [], { randomOrder: untyped(1) })],
  ["augmentImage(null)", "image", () => augmenters.Fliplr(1).augmentImage(untyped(null))],
  ["augment(picture)", "image", () => augmenters.Fliplr(1).augment(untyped(picture(3, 2)))],
])("%s is refused, and names what is wrong", (_, name, call) => {
  expect(call).toThrow(
    expect.objectContaining({
      code: "InvalidOption",
      message: expect.stringMatching(new RegExp(`^Expected .+ for ${name} but received .+`, "s")) as string,
    }) as Error,
  );
});

test("both orders are still taken", () => {
  const image: ImageData8 = picture(5, 4);
  for (const randomOrder of [true, false]) {
    const both = [augmenters.Fliplr(1), augmenters.Flipud(1)];
    const flipped = augmenters.Rot90({ k: 2 }).augmentImage(image);
    expect(augmenters.Sequential(both, { randomOrder }).augmentImage(image).data).toEqual(flipped.data);
    expect(augmenters.SomeOf(2, both, { randomOrder }).augmentImage(image).data).toEqual(flipped.data);
  }
});
