/**
 * Takes the documentation's pictures over from the screenshots of the browser tests, small: `npx vitest run --project browser`, then
 * `node scripts/documentation-pictures.mjs`.
 * @module
 */
import path from "node:path";

import sharp from "sharp";

import { root } from "./places.mjs";

/** Names under docs/images to those under out/screenshots. */
const PICTURES = {
  "annotate-page": "annotate-page-dark",
  "annotation-boxes": "boxes-magnifier",
  "annotation-columns": "annotation-columns-light-900",
  "annotation-model": "annotation-model",
  "annotation-suggested-boxes": "boxes-suggestions",
  "annotation-wall": "annotation-wall-dark-900",
};

const WIDTH = 720;
const TALLEST = 620;

for (const [name, screenshot] of Object.entries(PICTURES)) {
  const file = path.join(root, "docs", "images", `${name}.png`);
  const screen = sharp(path.join(root, "out", "screenshots", `${screenshot}.png`)).trim();
  const small = await screen.resize({ width: WIDTH, withoutEnlargement: true }).toBuffer({ resolveWithObject: true });
  const { width, height } = small.info;
  const { size } = await sharp(small.data)
    .extract({ left: 0, top: 0, width, height: Math.min(height, TALLEST) })
    .png({ palette: true, colours: 96, effort: 10 })
    .toFile(file);
  process.stdout.write(`${path.relative(root, file)}: ${Math.round(size / 1000)} kB\n`);
}
