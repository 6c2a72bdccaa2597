/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Weather of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5. */
import type { ImageData8 } from "../structures/image.js";
import { cannyEdges } from "./canny.js";
import { equalized } from "./contrast-histogram.js";
import { convolved } from "./convolutional.js";
import type { Corruption } from "./corrupt-noise.js";
import { edgeDistance } from "./edge-distance.js";
import { motionFloat, motionTaps, normalPlane, zoomed, type FloatPicture } from "./float-picture.js";
import { frostPlane } from "./frost-pane.js";
import { colourCount } from "./lookup.js";
import { uninitialised } from "./picture-simd.js";
import { plasmaFractal } from "./plasma-fractal.js";
import { gaussianFloat, separable } from "./separable-filter.js";

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
  return withLayer(image, keep, layer, [1, 1, 1]);
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

/**
 * Colours as shares, 0 to 1, of which some is kept, with a tinted layer on them; cut off to whole levels.
 * @param keep a share for all pixels, or one for each
 */
function withLayer(
  image: ImageData8,
  keep: number | Float64Array,
  layer: Float64Array,
  tint: readonly number[],
): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  for (let c = 0; c < colours; c++) {
    const by = tint[c]!;
    for (let at = c, place = 0; at < data.length; at += channels, place++) {
      const kept = typeof keep === "number" ? keep : keep[place]!;
      const share = (data[at]! / 255) * kept + layer[place]! * by;
      data[at] = share < 0 ? 0 : share > 1 ? 255 : share * 255;
    }
  }
  return { data, width, height, channels };
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
  const { width, height } = image;
  const tint = image.channels === 1 ? [0.93] : [0.86, 0.94, 1];
  return withLayer(
    image,
    own,
    frostPlane(width, height, random),
    tint.map((level) => ice * level),
  );
};

export const snow: Corruption = (image, severity, random) => {
  const settings = [
    [0.1, 0.3, 3, 0.5, 10, 4, 0.8],
    [0.2, 0.3, 2, 0.5, 12, 4, 0.7],
    [0.55, 0.3, 4, 0.9, 12, 8, 0.7],
    [0.55, 0.3, 4.5, 0.85, 12, 8, 0.65],
    [0.55, 0.3, 2.5, 0.85, 12, 12, 0.55],
  ] as const;
  const [mean, deviation, zoom, limit, radius, sigma, keep] = settings[severity - 1] ?? settings[0];
  const { width, height } = image;
  const layer = zoomed(normalPlane(width, height, mean, deviation, random), zoom);
  const flakes = { ...layer, data: layer.data.map((value) => (value < limit ? 0 : Math.min(value, 1))) };
  const { data: drawn } = motionFloat(flakes, motionTaps(radius, sigma, random.uniform(-135, -45)));
  const fallen = new Float64Array(width * height);
  for (let y = 0, from = 0; y < layer.height; y++) {
    for (let x = 0; x < layer.width; x++) fallen[y * width + x] = Math.round(drawn[from++]! * 255) / 255;
  }
  return snowedOn(image, fallen, keep);
};

/** Whitened, with snow and the same snow turned by half. */
function snowedOn(image: ImageData8, snow: Float64Array, keep: number): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  for (let at = 0, place = 0; at < data.length; at += channels, place++) {
    const grey = colours === 1 ? data[at]! : 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    const white = (grey / 255) * 1.5 + 0.5;
    const more = snow[place]! + snow[snow.length - 1 - place]!;
    for (let i = at; i < at + colours; i++) {
      const own = data[i]! / 255;
      const share = keep * own + (1 - keep) * (own > white ? own : white) + more;
      data[i] = share > 1 ? 255 : share * 255;
    }
  }
  return { data, width, height, channels };
}

/** Drops of water, or at severities 4 and 5 of mud. */
export const spatter: Corruption = (image, severity, random) => {
  const settings = [
    [0.65, 0.3, 4, 0.69, 0.6],
    [0.65, 0.3, 3, 0.68, 0.6],
    [0.65, 0.3, 2, 0.68, 0.5],
    [0.65, 0.3, 1, 0.65, 1.5],
    [0.67, 0.4, 1, 0.65, 1.5],
  ] as const;
  const [mean, deviation, sigma, limit, last] = settings[severity - 1] ?? settings[0];
  const liquid = gaussianFloat(normalPlane(image.width, image.height, mean, deviation, random), sigma);
  for (let i = 0; i < liquid.data.length; i++) if (liquid.data[i]! < limit) liquid.data[i] = 0;
  return severity <= 3 ? water(image, liquid, last) : mud(image, liquid, limit, last);
};

function water(image: ImageData8, liquid: FloatPicture, strength: number): ImageData8 {
  const { width, height } = image;
  const levels: ImageData8 = { data: new Uint8Array(width * height), width, height, channels: 1 };
  for (let i = 0; i < levels.data.length; i++) {
    const level = liquid.data[i]! * 255;
    levels.data[i] = level < 255 ? level : 255;
  }
  const edges = cannyEdges(levels, { low: 50, high: 150, aperture: 3, isL2: false });
  const distance = new Float64Array(edgeDistance(edges, width, height));
  for (let i = 0; i < distance.length; i++) if (distance[i]! > 20) distance[i] = 20;
  const box = new Float64Array(3).fill(1 / 3);
  const smooth = separable({ data: distance, width, height, channels: 1 }, box, "reflect");
  const even = equalized({ ...levels, data: new Uint8Array(smooth.data) });
  const lit = convolved(even, [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ]);
  const { data: drops } = separable({ data: new Float64Array(lit.data), width, height, channels: 1 }, box, "reflect");
  let most = 1e-9;
  for (let i = 0; i < drops.length; i++) {
    drops[i] = Math.round(drops[i]!) * levels.data[i]!;
    if (drops[i]! > most) most = drops[i]!;
  }
  // Pale turquoise; imgaug's picture takes its parts in the order of OpenCV.
  const tint = image.channels === 1 ? [0.9] : [175 / 255, 238 / 255, 238 / 255];
  return withLayer(
    image,
    1,
    drops,
    tint.map((level) => (level * strength) / most),
  );
}

function mud(image: ImageData8, liquid: FloatPicture, limit: number, sigma: number): ImageData8 {
  const where = gaussianFloat({ ...liquid, data: liquid.data.map((value) => Number(value > limit)) }, sigma).data;
  const shares = where.map((share) => (share < 0.8 ? 0 : share));
  const tint = image.channels === 1 ? [0.18] : [63 / 255, 42 / 255, 20 / 255];
  return withLayer(
    image,
    shares.map((share) => 1 - share),
    shares,
    tint,
  );
}
