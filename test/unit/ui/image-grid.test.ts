import { expect, test } from "vitest";
import sharp, { type Metadata } from "sharp";

import { showImages, type ImageGrid, type ImageGridOptions } from "../../../src/kernel-lib/ui/image-grid.js";
import { displayed } from "./memory-kernel.js";
import { imageAt, pictureDataset } from "./picture-folder.js";

const PIXELS = { data: Uint8Array.from({ length: 48 }, (_, i) => i * 5), width: 4, height: 4, channels: 3 as const };

const html = async (grid: ImageGrid): Promise<string> => String((await displayed(grid))["text/html"]);

/** The pictures in a piece of HTML, decoded. */
function embedded(text: string): Promise<Metadata>[] {
  const found = [...text.matchAll(/base64,([^"]+)"/g)];
  return found.map(([, data]) => sharp(Buffer.from(data ?? "", "base64")).metadata());
}

test("shows a data set's pictures with names and labels", async () => {
  const grid = showImages(await pictureDataset({ cup: ["c1.png", "c2.png", "c3.png"] }), {
    columns: 2,
    rows: 1,
    side: 64,
  });
  const text = await html(grid);
  expect(grid.count).toBe(2);
  expect(text).toContain("c1.png: cup");
  expect(text).not.toContain("c3.png");
  expect(await Promise.all(embedded(text))).toMatchObject([
    { width: 40, height: 30 },
    { width: 40, height: 30 },
  ]);
});

test("shows pixels, bytes and files beside each other, with captions as text", async () => {
  const dataset = await pictureDataset({ cup: ["c1.png"] });
  const path = imageAt(dataset, 0).storagePath;
  const bytes = await sharp(path).jpeg().toBuffer();
  const text = await html(showImages([PIXELS, bytes, path], { captions: ["<i>", "b", "c"] }));
  expect(text).toContain("&lt;i&gt;");
  expect(await Promise.all(embedded(text))).toMatchObject([{ width: 4, height: 4 }, { width: 40 }, { width: 40 }]);
});

test("a picture that can't be read says why, the others are shown", async () => {
  const text = await html(showImages([new Uint8Array([1, 2, 3]), PIXELS]));
  expect(text).toContain("not a picture");
  expect(embedded(text)).toHaveLength(1);
});

test("shows at most 60 pictures where nobody says how many", () => {
  expect(showImages(Array.from({ length: 70 }, () => PIXELS)).count).toBe(60);
});

test.each<[ImageGridOptions, string]>([
  [{ columns: 0 }, "Expected an integer between 1 and 20 for columns but received 0"],
  [{ captions: ["one", "two"] }, "Expected 1 texts, one a picture, for captions but received 2"],
])("refuses %j", (options, message) => {
  expect(() => showImages([PIXELS], options)).toThrow(message);
});
