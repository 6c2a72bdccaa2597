/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Weather of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5: fog and frost. */
import type { ImageData8 } from "../structures/image.js";
import type { Corruption } from "./corrupt-noise.js";
import { frostLayer } from "./frost-tones.js";
import { colourCount } from "./lookup.js";
import { withLayer } from "./picture-layers.js";
import { plasmaFractal } from "./plasma-fractal.js";

export const fog: Corruption = (image, severity, random) => {
  const settings = [
    [1.5, 2],
    [2, 2],
    [2.5, 1.7],
    [2.5, 1.5],
    [3, 1.4],
  ] as const;
  const [amount, decay] = settings[severity - 1] ?? settings[0];
  const { width, height } = image;
  const side = 2 ** Math.ceil(Math.log2(Math.max(width, height, 2)));
  const map = plasmaFractal(side, decay, random);
  const most = highestColour(image) / 255;
  const keep = most / (most + amount);
  const layer = new Float64Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) layer[to++] = amount * map[y * side + x]! * keep;
  }
  return withLayer(image, layer, { keep, tint: [1, 1, 1] });
};

function highestColour(image: ImageData8): number {
  const { data, channels } = image;
  const colours = colourCount(image);
  let highest = 0;
  for (let at = 0; at < data.length; at += channels) {
    for (let i = at; i < at + colours; i++) if (data[i]! > highest) highest = data[i]!;
  }
  return highest;
}

/** Ice of smooth noise in folds; the original corruption lays photographs of frost over pictures. */
export const frost: Corruption = (image, severity, random) => {
  const settings = [
    [1, 0.4],
    [0.8, 0.6],
    [0.7, 0.7],
    [0.65, 0.7],
    [0.6, 0.75],
  ] as const;
  const [own, ice] = settings[severity - 1] ?? settings[0];
  const { plane, tint } = frostLayer(image.width, image.height, random);
  const factors = image.channels === 1 ? [1] : tint;
  return withLayer(image, plane, { keep: own, tint: factors.map((factor) => ice * factor) });
};
