/** Small pictures in a row, the wrong ones marked. */
import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { pictureStrip } from "../../../src/kernel-lib/data/picture-strip.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";

const grey = (value: number): ImageData8 => ({
  data: new Uint8Array(16).fill(value),
  width: 4,
  height: 4,
  channels: 1,
});

async function pixels(bytes: Uint8Array): Promise<(x: number, y: number) => number[]> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x, y) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
}

describe("pictureStrip", () => {
  it("shows grey pictures dark on light, and marked ones light on dark", async () => {
    const strip = await pictureStrip([grey(255), grey(255), grey(0)], { marked: [1], scale: 2 });
    // Each picture is 8 pixels wide, with 4 between.
    expect([strip.width, strip.height]).toEqual([36, 12]);
    const at = await pixels(strip.bytes);
    expect(at(6, 6)).toEqual([0, 0, 0, 255]);
    expect(at(18, 6)).toEqual([255, 255, 255, 255]);
    expect(at(30, 6)).toEqual([255, 255, 255, 255]);
    // Between them is the page.
    expect(at(11, 6)[3]).toBe(0);
  });

  it("frames marked coloured ones, and wraps", async () => {
    const red = {
      data: Uint8Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 200 : 0)),
      width: 4,
      height: 4,
      channels: 3 as const,
    };
    const strip = await pictureStrip([red, red, red], {
      marked: [2],
      columns: 2,
      scale: 4,
      captions: [1, "two", "<3>"],
    });
    expect([strip.width, strip.height]).toEqual([40, 84]);
    const at = await pixels(strip.bytes);
    expect(at(10, 32)).toEqual([200, 0, 0, 255]);
    expect(at(3, 72)).not.toEqual([200, 0, 0, 255]);
    expect(strip.description).toBe("3 pictures: 1 two [<3>]; 1 marked");
  });

  it.each<[ImageData8[], object, RegExp]>([
    [[], {}, /at least one picture/],
    [[grey(0)], { captions: [] }, /1 texts, one a picture/],
    [[grey(0)], { marked: [1] }, /marked/],
    [[{ ...grey(0), width: 5 }], {}, /images\[0\]/],
    [[grey(0)], { colums: 2 }, /colums/],
  ])("refuses %j with %j", async (images, options, message) => {
    await expect(pictureStrip(images, options)).rejects.toThrow(message);
  });
});
