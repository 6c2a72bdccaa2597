/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Drops as the corruption of D. Hendrycks and T. Dietterich (2019) has them: smooth normal numbers above a limit, water with edges that shine, or mud. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { cannyEdges } from "./canny.js";
import { equalized } from "./contrast-histogram.js";
import { convolved } from "./convolutional.js";
import type { Corruption } from "./corrupt-noise.js";
import { edgeDistance } from "./edge-distance.js";
import { normalPlane, truncatedGaussian, type FloatPicture } from "./float-picture.js";
import { withheld } from "./picture-simd.js";
import { layeredPlainly } from "./picture-layers.js";
import { distanceBytes, SimdPlanes, type LayerUse } from "./plane-simd.js";
import { separable } from "./separable-filter.js";

interface Liquid {
  mean: number;
  deviation: number;
  weights: Float64Array;
  /** What is not above it is dry. */
  limit: number;
}

export const spatter: Corruption = (image, severity, random) => {
  const settings = [
    [0.65, 0.3, 4, 0.69, 0.6],
    [0.65, 0.3, 3, 0.68, 0.6],
    [0.65, 0.3, 2, 0.68, 0.5],
    [0.65, 0.3, 1, 0.65, 1.5],
    [0.67, 0.4, 1, 0.65, 1.5],
  ] as const;
  const [mean, deviation, sigma, limit, last] = settings[severity - 1] ?? settings[0];
  const liquid = { mean, deviation, weights: truncatedGaussian(sigma), limit };
  if (severity <= 3) return water(image, liquid, last, random);
  const weights = truncatedGaussian(last);
  return mudBySimd(image, liquid, weights, random) ?? mudPlainly(image, liquid, weights, random);
};

/** Farther from an edge, all is as bright. */
const REACH = 20;
const BOX = new Float64Array(3).fill(1 / 3);
/** From above and the left. */
const LIGHT = [
  [-2, -1, 0],
  [-1, 1, 1],
  [0, 1, 2],
];

function water(image: ImageData8, liquid: Liquid, strength: number, random: SeededRandom): ImageData8 {
  // None of these is the picture that was asked for.
  const [levels, lit] = withheld(() => {
    const wet = wetBySimd(image, liquid, random) ?? wetPlainly(image, liquid, random);
    const edges = cannyEdges(wet, { low: 50, high: 150, aperture: 3, isL2: false });
    return [wet, convolved(equalized(depthBySimd(wet, edges) ?? depthPlainly(wet, edges)), LIGHT)] as const;
  });
  // Pale turquoise; imgaug's picture takes its parts in the order of OpenCV.
  const tint = image.channels === 1 ? [0.9] : [175 / 255, 238 / 255, 238 / 255];
  const brightest = tint.map((level) => level * strength);
  return shiningBySimd(image, lit, levels, brightest) ?? shiningPlainly(image, lit, levels, brightest);
}

type Size = Pick<ImageData8, "width" | "height">;

function wetBySimd(size: Size, { mean, deviation, weights, limit }: Liquid, random: SeededRandom) {
  const planes = SimdPlanes.of(size, 2, [weights.length], size.width * size.height);
  if (!planes) return undefined;
  const smooth = planes.filtered(planes.normal(mean, deviation, random), weights, "edge");
  planes.loops.cut(smooth, size.width * size.height, limit, 1);
  return planes.toLevels(smooth, 255);
}

const smoothNoise = ({ width, height }: Size, { mean, deviation, weights }: Liquid, random: SeededRandom) =>
  separable(normalPlane(width, height, mean, deviation, random), weights, "edge").data;

const greyOf = ({ width, height }: Size, data: Uint8Array): ImageData8 => ({ data, width, height, channels: 1 });

function wetPlainly(size: Size, liquid: Liquid, random: SeededRandom): ImageData8 {
  const levels = Uint8Array.from(smoothNoise(size, liquid, random), (value) =>
    value < liquid.limit ? 0 : Math.min(value, 1) * 255,
  );
  return greyOf(size, levels);
}

function depthBySimd(size: Size, edges: Uint8Array): ImageData8 | undefined {
  const pixels = size.width * size.height;
  const planes = SimdPlanes.of(size, 2, [BOX.length], pixels, distanceBytes(size), pixels);
  return planes?.toLevels(planes.filtered(planes.edgeDistances(edges, REACH), BOX, "reflect"), 1);
}

function depthPlainly(size: Size, edges: Uint8Array): ImageData8 {
  const distances = Float64Array.from(edgeDistance(edges, size.width, size.height), (far) => Math.min(far, REACH));
  return greyOf(size, Uint8Array.from(separable(planeOf(size, distances), BOX, "reflect").data));
}

const planeOf = ({ width, height }: Size, data: Float64Array): FloatPicture => ({ data, width, height, channels: 1 });

/** Where it is wet, as bright as it is lit. */
function shiningBySimd(image: ImageData8, lit: ImageData8, levels: ImageData8, tint: readonly number[]) {
  const [pixels, bytes] = [levels.data.length, image.data.length];
  const planes =
    image.channels === 3 ? SimdPlanes.of(image, 2, [BOX.length], pixels, pixels, bytes, bytes, 32) : undefined;
  if (!planes) return undefined;
  const drops = planes.filtered(planes.fromLevels(lit), BOX, "reflect");
  const most = planes.loops.times(drops, planes.place.put(levels.data), pixels, LEAST);
  return planes.layered(image, drops, shine(tint, most));
}

function shiningPlainly(image: ImageData8, lit: ImageData8, levels: ImageData8, tint: readonly number[]): ImageData8 {
  const { data: drops } = separable(planeOf(lit, Float64Array.from(lit.data)), BOX, "reflect");
  let most = LEAST;
  for (let i = 0; i < drops.length; i++) {
    drops[i] = Math.floor(drops[i]! + 0.5) * levels.data[i]!;
    if (drops[i]! > most) most = drops[i]!;
  }
  return layeredPlainly(image, drops, shine(tint, most));
}

/** Where all is dry. */
const LEAST = 1e-9;

const shine = (tint: readonly number[], most: number): LayerUse => ({
  keep: 1,
  tint: tint.map((level) => level / most),
});

/** Shares below it count as none. */
const THIN = 0.8;

function mudBySimd(
  image: ImageData8,
  { mean, deviation, weights, limit }: Liquid,
  soft: Float64Array,
  random: SeededRandom,
) {
  const { width, height, data } = image;
  const filters = [weights.length, soft.length];
  const planes = image.channels === 3 ? SimdPlanes.of(image, 3, filters, data.length, data.length, 32) : undefined;
  if (!planes) return undefined;
  const wet = planes.filtered(planes.normal(mean, deviation, random), weights, "edge");
  planes.loops.marked(wet, width * height, limit);
  const layer = planes.filtered(wet, soft, "edge");
  planes.loops.cut(layer, width * height, THIN, Infinity);
  return planes.layered(image, layer, covering(image));
}

function mudPlainly(image: ImageData8, liquid: Liquid, soft: Float64Array, random: SeededRandom): ImageData8 {
  const wet = smoothNoise(image, liquid, random).map((value) => Number(value > liquid.limit));
  const layer = separable(planeOf(image, wet), soft, "edge").data;
  return layeredPlainly(
    image,
    layer.map((share) => (share < THIN ? 0 : share)),
    covering(image),
  );
}

/** What lies under mud is not seen. */
const covering = ({ channels }: ImageData8): LayerUse => ({
  keep: 1,
  less: 1,
  tint: channels === 1 ? [0.18] : [63 / 255, 42 / 255, 20 / 255],
});
