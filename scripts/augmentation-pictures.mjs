/**
 * `node scripts/augmentation-pictures.mjs`: what every augmenter makes of one sample picture, a sheet a module, into docs/augmentation/.
 * The examples are those of `augmenters.examples()`, as in the gallery notebook.
 */
import { mkdir, writeFile } from "node:fs/promises";

import sharp from "sharp";

import { inRoot } from "./places.mjs";
import { runScript } from "./set-up-error.mjs";

const SIDE = 96;
const COLUMNS = 8;
const CAPTION = 16;

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

await runScript(async () => {
  const { augmenters, decodeImage } = (await import("vitrine")).default;
  const sample = await decodeImage(inRoot("sample_data", "tableware", "cup", "cup-01.jpg"), {
    width: 144,
    height: 108,
    fit: "crop",
  });
  const classes = { data: new Int32Array(144 * 108).fill(1, 0, 72 * 108), width: 144, height: 108, channels: 1 };
  const subject = { image: sample, boxes: [{ x1: 36, y1: 20, x2: 108, y2: 90 }], segmentationMaps: [classes] };
  /** @type {Map<string, import("vitrine").augmenters.AugmenterExample[]>} */
  const byModule = new Map();
  for (const each of augmenters.examples()) byModule.set(each.module, [...(byModule.get(each.module) ?? []), each]);
  await mkdir(inRoot("docs", "augmentation"), { recursive: true });
  for (const [module, examples] of byModule) {
    const tiles = [];
    for (const [i, { name, augmenter }] of [
      { name: "original", augmenter: augmenters.Identity() },
      ...examples,
    ].entries()) {
      const { data, width, height, channels } = augmenter.augment(subject, { seed: name }).image;
      const picture = sharp(data, { raw: { width, height, channels } });
      const input = await picture.resize(SIDE, SIDE, { fit: "contain", background: "#ffffff" }).png().toBuffer();
      const [left, top] = [(i % COLUMNS) * (SIDE + 4), Math.floor(i / COLUMNS) * (SIDE + CAPTION)];
      const size = Math.min(10, (SIDE * 1.7) / name.length);
      const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${CAPTION}"><text x="0" y="11" font-family="sans-serif" font-size="${size}">${escaped(name)}</text></svg>`;
      tiles.push({ input, left, top: top + CAPTION }, { input: Buffer.from(text), left, top });
    }
    const rows = Math.ceil((examples.length + 1) / COLUMNS);
    const background = { r: 255, g: 255, b: 255 };
    /** @type {import("sharp").Create} */
    const sheet = {
      width: Math.min(examples.length + 1, COLUMNS) * (SIDE + 4),
      height: rows * (SIDE + CAPTION),
      channels: 3,
      background,
    };
    const bytes = await sharp({ create: sheet }).composite(tiles).jpeg({ quality: 72 }).toBuffer();
    await writeFile(inRoot("docs", "augmentation", `${module}.jpg`), bytes);
    console.log(`${module}: ${examples.length} augmenters, ${Math.ceil(bytes.length / 1024)} KB`);
  }
});
