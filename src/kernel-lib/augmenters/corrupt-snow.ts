/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Snow as the corruption of D. Hendrycks and T. Dietterich (2019): normal numbers enlarged, cut and drawn out, twice over a whitened picture. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import type { Tap } from "./convolutional.js";
import type { Corruption } from "./corrupt-noise.js";
import { motionFloat, motionTaps, normalPlane, withinPicture, type FloatPicture } from "./float-picture.js";
import { colourCount } from "./lookup.js";
import { uninitialised } from "./picture-simd.js";
import { SimdPlanes } from "./plane-simd.js";
import { putTaps } from "./separable-filter.js";
import { zoomPlaces, type ZoomPlaces } from "./zoom-layers.js";

interface Snowfall {
  mean: number;
  deviation: number;
  zoom: number;
  /** What is below it is no snow. */
  limit: number;
  radius: number;
  sigma: number;
  /** How much of a colour is not whitened. */
  keep: number;
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
  const fall = { mean, deviation, zoom, limit, radius, sigma, keep };
  return snowBySimd(image, fall, random) ?? snowPlainly(image, fall, random);
};

/** A line that is drawn after the snow's own numbers. */
const fallingTaps = ({ radius, sigma }: Snowfall, random: SeededRandom): Tap[] =>
  motionTaps(radius, sigma, random.uniform(-135, -45));

function snowBySimd(image: ImageData8, fall: Snowfall, random: SeededRandom): ImageData8 | undefined {
  const { data, width, height } = image;
  const [columns, rows] = [zoomPlaces(width, fall.zoom), zoomPlaces(height, fall.zoom)];
  // Around each row of flakes lies as much as a line reaches.
  const margin = 2 * fall.radius;
  const stride = columns.count + 2 * margin;
  const sizes = [
    rows.count * stride * 8,
    (columns.count + 1) * 8,
    (columns.count + 1) * 16,
    (margin + 1) * 16,
    data.length,
    data.length,
  ];
  const planes = image.channels === 3 ? SimdPlanes.of(image, 2, [], ...sizes) : undefined;
  if (!planes) return undefined;
  const { place, loops } = planes;
  const noise = planes.normal(fall.mean, fall.deviation, random);
  const flakes = place.take(sizes[0]!);
  enlarge(planes, noise, width, [columns, rows], flakes, margin);
  loops.cut(flakes, rows.count * stride, fall.limit, 1);
  const taps = withinPicture(fallingTaps(fall, random), { width: columns.count, height: rows.count });
  const fallen = planes.take();
  drawOut(planes, taps, { from: flakes, stride, margin, columns: columns.count, rows: rows.count }, fallen, width);
  loops.rounded(fallen, width * height);
  const [from, to] = [place.put(data), place.take(data.length)];
  loops.snowedOn(from, to, fallen, fall.keep, width * height);
  return { ...image, data: place.result(to, data.length) };
}

/** The middle of a plane, enlarged, with each row's first and last value `margin` times beyond it. */
function enlarge(
  { place, loops }: SimdPlanes,
  from: number,
  width: number,
  [columns, rows]: readonly [ZoomPlaces, ZoomPlaces],
  to: number,
  margin: number,
): void {
  const stride = columns.count + 2 * margin;
  // Two at a time: behind an odd number stands a place that has no weight.
  const pairs = 2 * (columns.count + (columns.count & 1));
  const places = Uint32Array.from(
    { length: pairs },
    (_, i) => ((i & 1 ? columns.next : columns.here)[i >> 1] ?? 0) * 8,
  );
  const weights = Float64Array.from({ length: pairs }, (_, i) => (i & 1 ? columns.second : columns.first)[i >> 1] ?? 0);
  const [placesAt, weightsAt] = [place.put(places), place.put(weights)];
  for (let y = 0; y < rows.count; y++) {
    const [upper, lower] = [rows.here[y]!, rows.next[y]!].map((row) => from + row * width * 8) as [number, number];
    const at = to + y * stride * 8;
    loops.zoomRow(upper, lower, placesAt, weightsAt, rows.first[y]!, rows.second[y]!, at + margin * 8, columns.count);
    const row = new Float64Array(place.buffer, at, stride);
    row.fill(row[margin]!, 0, margin);
    row.fill(row[margin + columns.count - 1]!, margin + columns.count);
  }
}

/** Rows of numbers in memory, with as many beyond both ends as `margin` says. */
interface Rows {
  from: number;
  stride: number;
  margin: number;
  columns: number;
  rows: number;
}

/** Along a line, into the upper left of a plane that has nothing else. */
function drawOut(
  planes: SimdPlanes,
  taps: readonly Tap[],
  { from, stride, margin, columns, rows }: Rows,
  to: number,
  width: number,
): void {
  const weights = taps.map(({ weight }) => weight);
  const { address, places } = putTaps(planes.place, weights);
  const values = planes.values(to);
  for (let y = 0; y < rows; y++) {
    taps.forEach(({ dx, dy }, k) => {
      const row = Math.min(Math.max(y + dy, 0), rows - 1);
      places[4 * k] = from + (row * stride + margin + dx) * 8;
    });
    planes.levelLoops.weighted(address, taps.length, to + y * width * 8, columns);
    values.fill(0, y * width + columns, (y + 1) * width);
  }
  values.fill(0, rows * width);
}

function snowPlainly(image: ImageData8, fall: Snowfall, random: SeededRandom): ImageData8 {
  const { width, height } = image;
  const layer = zoomed(normalPlane(width, height, fall.mean, fall.deviation, random), fall.zoom);
  const flakes = { ...layer, data: layer.data.map((value) => (value < fall.limit ? 0 : Math.min(value, 1))) };
  const { data: drawn } = motionFloat(flakes, fallingTaps(fall, random));
  const fallen = new Float64Array(width * height);
  for (let y = 0, from = 0; y < layer.height; y++) {
    for (let x = 0; x < layer.width; x++) fallen[y * width + x] = Math.floor(drawn[from++]! * 255 + 0.5) / 255;
  }
  return snowedOn(image, fallen, fall.keep);
}

function zoomed({ data, width, height }: FloatPicture, factor: number): FloatPicture {
  const [columns, rows] = [zoomPlaces(width, factor), zoomPlaces(height, factor)];
  const result = new Float64Array(rows.count * columns.count);
  for (let y = 0, to = 0; y < rows.count; y++) {
    const [upper, lower] = [rows.here[y]! * width, rows.next[y]! * width];
    for (let x = 0; x < columns.count; x++) {
      const [here, next, left, right] = [columns.here[x]!, columns.next[x]!, columns.first[x]!, columns.second[x]!];
      const first = data[upper + here]! * left + data[upper + next]! * right;
      const second = data[lower + here]! * left + data[lower + next]! * right;
      result[to++] = first * rows.first[y]! + second * rows.second[y]!;
    }
  }
  return { data: result, width: columns.count, height: rows.count, channels: 1 };
}

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
