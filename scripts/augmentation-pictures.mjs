/**
 * `node scripts/augmentation-pictures.mjs`: what every augmenter makes of one sample picture, a sheet a module, into docs/augmentation/.
 * The examples are those of `augmenters.examples()`, as in the gallery notebook.
 */
import { mkdir, writeFile } from "node:fs/promises";

import sharp from "sharp";

import { inRoot } from "./places.mjs";
import { runScript } from "./set-up-error.mjs";

/** Of the sample, and of the field that it gets on a sheet; what is larger is made smaller, what is smaller shows it. */
const [WIDTH, HEIGHT, MOST] = [144, 108, 144];
const COLUMNS = 6;
const GAP = 8;
const LINE = 14;
/** Where boxes move, they are drawn. */
const MOVING = ["flip", "geometric", "size"];

/** @typedef {import("vitrine").augmenters.AugmenterExample} Example */
/** @typedef {import("vitrine").augmenters.Box} Box */
/** @typedef {{ lines: string[]; note: string; input: Buffer; width: number; height: number }} Tile */

/** @param {string} name @returns {string[]} two lines where it is long, broken between words */
function linesOf(name) {
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])/);
  if (name.length <= 21) return [name];
  const ends = words.map((_, i) => words.slice(0, i + 1).join(""));
  const first = ends.filter((end) => end.length <= 21).at(-1) ?? name;
  return [first, name.slice(first.length)];
}

/** @param {readonly Box[]} boxes @param {number} width @param {number} height */
function outlines(boxes, width, height) {
  const stroke = Math.max(width, height) / 90;
  const rects = boxes.map(({ x1, y1, x2, y2 }) => `<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}"/>`);
  const style = `fill="none" stroke="#e6007e" stroke-width="${stroke}"`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g ${style}>${rects.join("")}</g></svg>`,
  );
}

/** @param {Tile} tile @param {number} captionHeight */
function captionOf({ lines, note }, captionHeight) {
  const all = [...lines.map((line) => [line, "#222"]), ...(note ? [[note, "#888"]] : [])];
  const texts = all.map(
    ([line, colour], i) =>
      `<text x="0" y="${(i + 1) * LINE - 3}" font-family="sans-serif" font-size="11.5" fill="${colour}">${line}</text>`,
  );
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${MOST}" height="${captionHeight}">${texts.join("")}</svg>`,
  );
}

await runScript(async () => {
  const { augmenters, decodeImage, ObjectDetectionDataset } = (await import("vitrine")).default;
  const { images } = await ObjectDetectionDataset.createFromDir("fridge", inRoot("sample_data", "fridge", "train"));
  const fridge = images.find(({ name }) => name === "fridge-04.jpg");
  if (!fridge) throw new Error("sample_data/fridge/train has no fridge-04.jpg");
  const image = await decodeImage(fridge.storagePath, { width: WIDTH, height: HEIGHT, fit: "stretch" });
  const [across, down] = [WIDTH / fridge.width, HEIGHT / fridge.height];
  const boxes = fridge.boxes.map(({ label, xmin, ymin, xmax, ymax }) => ({
    ...{ label, x1: xmin * across, y1: ymin * down, x2: xmax * across, y2: ymax * down },
  }));
  const classes = new Int32Array(WIDTH * HEIGHT).fill(1, 0, (WIDTH * HEIGHT) / 2);
  const segmentationMaps = [{ data: classes, width: WIDTH, height: HEIGHT, channels: 1 }];

  /** @param {Example} example @returns {Promise<Tile>} */
  async function tileOf({ module, name, augmenter }) {
    const result = augmenter.augment({ image, boxes, segmentationMaps }, { seed: name });
    const { data, width, height, channels } = result.image;
    const isSame = Buffer.compare(data, image.data) === 0 && name !== "original";
    const isResized = width !== WIDTH || height !== HEIGHT;
    const overlay = MOVING.includes(module) ? [{ input: outlines(result.boxes ?? [], width, height) }] : [];
    const drawn = await sharp(data, { raw: { width, height, channels } }).composite(overlay).png().toBuffer();
    const fitted = sharp(drawn).resize(MOST, MOST, { fit: "inside", withoutEnlargement: true }).png();
    const { data: input, info } = await fitted.toBuffer({ resolveWithObject: true });
    const note = isSame ? "pixels stay as they are" : isResized ? `${width} × ${height}` : "";
    return { lines: linesOf(name), note, input, width: info.width, height: info.height };
  }

  /** @type {Map<string, Example[]>} */
  const byModule = new Map();
  for (const each of augmenters.examples()) byModule.set(each.module, [...(byModule.get(each.module) ?? []), each]);
  await mkdir(inRoot("docs", "augmentation"), { recursive: true });
  for (const [module, examples] of byModule) {
    const original = { module, name: "original", augmenter: augmenters.Identity() };
    const tiles = await Promise.all([original, ...examples].map(tileOf));
    const columns = Math.min(COLUMNS, tiles.length);
    /** @type {import("sharp").OverlayOptions[]} */
    const parts = [];
    let top = 0;
    for (let first = 0; first < tiles.length; first += columns) {
      const row = tiles.slice(first, first + columns);
      const captionHeight = LINE * Math.max(...row.map(({ lines, note }) => lines.length + (note ? 1 : 0)));
      for (const [column, tile] of row.entries()) {
        const left = column * (MOST + GAP);
        parts.push({ input: captionOf(tile, captionHeight), left, top });
        parts.push({ input: tile.input, left, top: top + captionHeight + 2 });
      }
      top += captionHeight + 2 + Math.max(...row.map(({ height }) => height)) + GAP;
    }
    /** @type {import("sharp").Create} */
    const sheet = {
      width: columns * (MOST + GAP) - GAP,
      height: top,
      channels: 3,
      background: { r: 255, g: 255, b: 255 },
    };
    const bytes = await sharp({ create: sheet }).composite(parts).jpeg({ quality: 80, mozjpeg: true }).toBuffer();
    await writeFile(inRoot("docs", "augmentation", `${module}.jpg`), bytes);
    console.log(`${module}: ${examples.length} augmenters, ${Math.ceil(bytes.length / 1024)} KB`);
  }
});
