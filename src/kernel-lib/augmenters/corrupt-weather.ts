/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Weather of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { cannyEdges } from "./canny.js";
import { equalized } from "./contrast-histogram.js";
import { convolved } from "./convolutional.js";
import type { Corruption } from "./corrupt-noise.js";
import { edgeDistance } from "./edge-distance.js";
import {
  colorsOf,
  gaussianFloat,
  motionFloat,
  plane,
  separable,
  withColors,
  zoomed,
  type FloatPicture,
} from "./float-picture.js";
import { plasmaFractal } from "./plasma-fractal.js";
import { simplexNoise } from "./simplex-noise.js";

export const fog: Corruption = (image, severity, random) => {
  const settings = [
    [1.5, 2],
    [2, 2],
    [2.5, 1.7],
    [2.5, 1.5],
    [3, 1.4],
  ] as const;
  const [amount, decay] = settings[severity - 1] ?? settings[0];
  const picture = colorsOf(image);
  const { width, height, channels } = picture;
  const side = 2 ** Math.ceil(Math.log2(Math.max(width, height, 2)));
  const map = plasmaFractal(side, decay, random);
  const most = picture.data.reduce((a, b) => Math.max(a, b), 0);
  const data = picture.data.map((share, i) => {
    const place = Math.floor(i / channels);
    const fogged = share + amount * map[Math.floor(place / width) * side + (place % width)]!;
    return (fogged * most) / (most + amount);
  });
  return withColors(image, { data, width, height, channels });
};

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
  const picture = colorsOf(image);
  const { width, channels } = picture;
  const crystals = frostPlane(picture, random);
  const tint = channels === 1 ? [0.93] : [0.86, 0.94, 1];
  const data = picture.data.map((share, i) => {
    const place = Math.floor(i / channels);
    return own * share + ice * crystals[place]! * tint[i % channels]!;
  });
  return withColors(image, { ...picture, data, width });
};

/** Folds of several sizes, each where the larger ones are; denser towards the edges, where windows freeze first. */
function frostPlane({ width, height }: FloatPicture, random: SeededRandom): Float64Array {
  const layers = [4, 9, 19, 40].map((scale) => ({ scale: scale / Math.max(width, height), at: simplexNoise(random) }));
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    let [sum, weight, share] = [0, 1, 0];
    for (const { scale, at } of layers) {
      const fold = 1 - Math.abs(at(x * scale * 2, y * scale * 3));
      sum += weight * fold * fold;
      share += weight;
      weight *= 0.6 * fold;
    }
    const fromMiddle = Math.hypot(x / width - 0.5, y / height - 0.5) * Math.SQRT2;
    return (sum / share) * (0.35 + 0.65 * fromMiddle);
  });
}

export const snow: Corruption = (image, severity, random) => {
  const settings = [
    [0.1, 0.3, 3, 0.5, 10, 4, 0.8],
    [0.2, 0.3, 2, 0.5, 12, 4, 0.7],
    [0.55, 0.3, 4, 0.9, 12, 8, 0.7],
    [0.55, 0.3, 4.5, 0.85, 12, 8, 0.65],
    [0.55, 0.3, 2.5, 0.85, 12, 12, 0.55],
  ] as const;
  const [mean, deviation, zoom, limit, radius, sigma, keep] = settings[severity - 1] ?? settings[0];
  const picture = colorsOf(image);
  const { width, height, channels } = picture;
  const layer = zoomed(
    plane(width, height, () => random.normal(mean, deviation)),
    zoom,
  );
  const flakes = { ...layer, data: layer.data.map((value) => (value < limit ? 0 : Math.min(value, 1))) };
  const { data: drawn } = motionFloat(flakes, radius, sigma, random.uniform(-135, -45));
  const snowAt = (x: number, y: number) =>
    x < layer.width && y < layer.height ? Math.round(drawn[y * layer.width + x]! * 255) / 255 : 0;
  const data = picture.data.map((share, i) => {
    const place = Math.floor(i / channels);
    const [x, y] = [place % width, Math.floor(place / width)];
    const at = place * channels;
    const grey =
      channels === 1
        ? share
        : 0.299 * picture.data[at]! + 0.587 * picture.data[at + 1]! + 0.114 * picture.data[at + 2]!;
    return (
      keep * share +
      (1 - keep) * Math.max(share, grey * 1.5 + 0.5) +
      snowAt(x, y) +
      snowAt(width - 1 - x, height - 1 - y)
    );
  });
  return withColors(image, { ...picture, data });
};

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
  const noise = gaussianFloat(
    plane(image.width, image.height, () => random.normal(mean, deviation)),
    sigma,
  );
  const liquid = { ...noise, data: noise.data.map((value) => (value < limit ? 0 : value)) };
  return severity <= 3 ? water(image, liquid, last) : mud(image, liquid, limit, last);
};

function water(image: ImageData8, liquid: FloatPicture, strength: number): ImageData8 {
  const { width, height } = image;
  const levels: ImageData8 = {
    data: Uint8Array.from(liquid.data, (value) => Math.min(value * 255, 255)),
    width,
    height,
    channels: 1,
  };
  const edges = cannyEdges(levels, { low: 50, high: 150, aperture: 3, isL2: false });
  const distance = edgeDistance(edges, width, height).map((value) => Math.min(value, 20));
  const box = new Float64Array(3).fill(1 / 3);
  const smooth = separable({ data: Float64Array.from(distance), width, height, channels: 1 }, box, "reflect");
  const even = equalized({ ...levels, data: Uint8Array.from(smooth.data) });
  const lit = convolved(even, [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ]);
  const soft = separable({ data: Float64Array.from(lit.data), width, height, channels: 1 }, box, "reflect").data.map(
    Math.round,
  );
  const drops = soft.map((value, i) => value * levels.data[i]!);
  const most = Math.max(
    drops.reduce((a, b) => Math.max(a, b), 0),
    1e-9,
  );
  // Pale turquoise; imgaug's picture takes its parts in the order of OpenCV.
  const tint = image.channels === 1 ? [0.9] : [175 / 255, 238 / 255, 238 / 255];
  return added(
    image,
    (place, c) => (drops[place]! / most) * strength * tint[c]!,
    () => 1,
  );
}

function mud(image: ImageData8, liquid: FloatPicture, limit: number, sigma: number): ImageData8 {
  const where = gaussianFloat({ ...liquid, data: liquid.data.map((value) => Number(value > limit)) }, sigma).data;
  const shares = where.map((share) => (share < 0.8 ? 0 : share));
  const tint = image.channels === 1 ? [0.18] : [63 / 255, 42 / 255, 20 / 255];
  return added(
    image,
    (place, c) => shares[place]! * tint[c]!,
    (place) => 1 - shares[place]!,
  );
}

function added(
  image: ImageData8,
  more: (place: number, c: number) => number,
  keep: (place: number) => number,
): ImageData8 {
  const picture = colorsOf(image);
  const { channels } = picture;
  const data = picture.data.map((share, i) => {
    const place = Math.floor(i / channels);
    return share * keep(place) + more(place, i % channels);
  });
  return withColors(image, { ...picture, data });
}
