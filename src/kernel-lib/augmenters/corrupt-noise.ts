/** Noise and colours of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { colorsOf, withColors } from "./float-picture.js";
import { jpegRoundTrip } from "./jpeg-round-trip.js";
import { poissonVariate } from "./samplers.js";

/** A change of a picture by a severity of 1 to 5. */
export type Corruption = (image: ImageData8, severity: number, random: SeededRandom) => ImageData8;

const chosen = <T>(list: readonly T[], severity: number): T => list[severity - 1] as T;

/** Each colour of each pixel by itself. */
const eachShare =
  (
    levels: readonly [number, ...number[]],
    change: (share: number, level: number, random: SeededRandom) => number,
  ): Corruption =>
  (image, severity, random) => {
    const colors = colorsOf(image);
    const level = chosen(levels, severity);
    return withColors(image, { ...colors, data: colors.data.map((share) => change(share, level, random)) });
  };

export const gaussianNoise = eachShare(
  [0.08, 0.12, 0.18, 0.26, 0.38],
  (share, deviation, random) => share + random.normal(0, deviation),
);

export const shotNoise = eachShare([60, 25, 12, 5, 3], (share, photons, random) =>
  share > 0 ? poissonVariate(random, share * photons) / photons : 0,
);

export const impulseNoise = eachShare([0.03, 0.06, 0.09, 0.17, 0.27], (share, amount, random) =>
  random.next() < amount ? Number(random.next() < 0.5) : share,
);

export const speckleNoise = eachShare(
  [0.15, 0.2, 0.35, 0.45, 0.6],
  (share, deviation, random) => share + share * random.normal(0, deviation),
);

export const contrast: Corruption = (image, severity) => {
  const colors = colorsOf(image);
  const factor = chosen([0.4, 0.3, 0.2, 0.1, 0.05], severity);
  const { data, channels } = colors;
  const means = Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c; i < data.length; i += channels) sum += data[i] ?? 0;
    return (sum * channels) / data.length;
  });
  return withColors(image, {
    ...colors,
    data: data.map((share, i) => (share - (means[i % channels] ?? 0)) * factor + (means[i % channels] ?? 0)),
  });
};

export const brightness: Corruption = (image, severity) => {
  const more = chosen([0.1, 0.2, 0.3, 0.4, 0.5], severity);
  if (image.channels === 1)
    return withColors(image, { ...colorsOf(image), data: colorsOf(image).data.map((share) => share + more) });
  return inHsv(image, (hue, saturation, value) => [hue, saturation, Math.min(value + more, 1)]);
};

export const saturate: Corruption = (image, severity) => {
  const levels = [
    [0.3, 0],
    [0.1, 0],
    [2, 0],
    [5, 0.1],
    [20, 0.2],
  ] as const;
  const [factor, more] = chosen(levels, severity);
  if (image.channels !== 1)
    return inHsv(image, (hue, saturation, value) => [hue, Math.min(saturation * factor + more, 1), value]);
  // Grey has hue 0, and what is saturated of it is red: that channel keeps its level.
  return image;
};

type Triple = readonly [number, number, number];

/** By hue, saturation and value, all 0 to 1, as scikit-image. */
function inHsv(image: ImageData8, change: (hue: number, saturation: number, value: number) => Triple): ImageData8 {
  const colors = colorsOf(image);
  const { data } = colors;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
    const value = Math.max(r, g, b);
    const spread = value - Math.min(r, g, b);
    const sixth =
      spread === 0 ? 0 : value === b ? 4 + (r - g) / spread : value === g ? 2 + (b - r) / spread : (g - b) / spread;
    data.set(rgbOf(change((((sixth / 6) % 1) + 1) % 1, value === 0 ? 0 : spread / value, value)), i);
  }
  return withColors(image, colors);
}

function rgbOf([hue, saturation, value]: Triple): Triple {
  const sixth = Math.floor(hue * 6);
  const f = hue * 6 - sixth;
  const [p, q, t] = [value * (1 - saturation), value * (1 - f * saturation), value * (1 - (1 - f) * saturation)];
  const sectors: readonly Triple[] = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ];
  return sectors[sixth % 6] ?? [value, t, p];
}

export const jpegCompression: Corruption = (image, severity) =>
  jpegRoundTrip(image, chosen([25, 18, 15, 10, 7], severity));

/** The mean of blocks, and each block in one colour. */
export const pixelate: Corruption = (image, severity) => {
  const { data, width, height, channels } = image;
  const share = chosen([0.6, 0.5, 0.4, 0.3, 0.25], severity);
  const [wide, high] = [Math.max(Math.trunc(width * share), 1), Math.max(Math.trunc(height * share), 1)];
  const colours = channels === 4 ? 3 : channels;
  const small = new Float64Array(wide * high * colours);
  const [columns, rows] = [boxTaps(width, wide), boxTaps(height, high)];
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < colours; c++) {
        let sum = 0;
        for (let y = row.from; y < row.to; y++) {
          for (let x = column.from; x < column.to; x++) sum += data[(y * width + x) * channels + c] ?? 0;
        }
        small[to++] = Math.round(sum / ((row.to - row.from) * (column.to - column.from)));
      }
    }
  }
  const result = data.slice();
  for (let i = 0; i < width * height; i++) {
    const column = Math.min(Math.floor((((i % width) + 0.5) * wide) / width), wide - 1);
    const row = Math.min(Math.floor(((Math.floor(i / width) + 0.5) * high) / height), high - 1);
    for (let c = 0; c < colours; c++) result[i * channels + c] = small[(row * wide + column) * colours + c] ?? 0;
  }
  return { ...image, data: result };
};

/** The pixels whose middles lie within half a new pixel of its middle, as Pillow's box filter. */
function boxTaps(length: number, target: number): { from: number; to: number }[] {
  const scale = length / target;
  return Array.from({ length: target }, (_, i) => {
    const middle = (i + 0.5) * scale;
    const from = Math.max(Math.trunc(middle - scale / 2 + 0.5), 0);
    return { from, to: Math.max(Math.min(Math.trunc(middle + scale / 2 + 0.5), length), from + 1) };
  });
}
