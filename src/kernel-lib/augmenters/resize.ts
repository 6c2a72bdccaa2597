/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures at another size, by the rules of OpenCV's `resize` for 8-bit pictures: weights have 11 bits
 * (INTER_RESIZE_COEF_BITS), positions are those of pixel centres, and beyond the edges lies the edge's pixel.
 */
import type { ImageData8 } from "../structures/image.js";
import { enlargePart, resampledBySimd, roundHalfEven, type AxisWeights } from "./enlarge.js";
import { INTERPOLATIONS, type Interpolation } from "./interpolation.js";
import { uninitialised, workplace } from "./picture-simd.js";
import { cubicWeights } from "./value-map.js";

export { INTERPOLATIONS, type Interpolation };

const ONE = 2048;

/** @param interpolation by default what imgaug takes: "area" for enlarging, else "linear" */
export function resized(image: ImageData8, width: number, height: number, interpolation?: Interpolation): ImageData8 {
  if (width === image.width && height === image.height) return image;
  const grows = width > image.width || height > image.height;
  const method = interpolation ?? (grows ? "area" : "linear");
  if (method === "nearest") return nearest(image, width, height);
  if (method === "cubic") {
    const [columns, rows] = [cubicTaps(image.width, width), cubicTaps(image.height, height)];
    return cubicBySimd(image, columns, rows) ?? weighted(image, columns, rows, "cubic");
  }
  const halves = image.width === 2 * width && image.height === 2 * height;
  if (method === "area" && width >= image.width && height >= image.height) {
    return enlargePart(image, { left: 0, top: 0, width: image.width, height: image.height }, width, height);
  }
  if ((method === "area" && !grows) || halves) return areaMean(image, width, height);
  const taps = method === "area" ? enlargingTaps : linearTaps;
  const quick = resampledBySimd(
    image,
    { left: 0, top: 0, width: image.width, height: image.height },
    axisWeights(taps(image.width, width)),
    axisWeights(taps(image.height, height)),
  );
  if (quick) return quick;
  return weighted(image, taps(image.width, width), taps(image.height, height), "linear");
}

/** Taps of two. */
function axisWeights({ target, places, weights }: Taps): AxisWeights {
  return {
    from: Int32Array.from({ length: target }, (_, i) => places[2 * i]!),
    weight: Int32Array.from({ length: target }, (_, i) => weights[2 * i + 1]!),
  };
}

function nearest(image: ImageData8, width: number, height: number): ImageData8 {
  const { channels } = image;
  const data = uninitialised(width * height * channels);
  const [scaleX, scaleY] = [1 / (width / image.width), 1 / (height / image.height)];
  const columns = Int32Array.from({ length: width }, (_, x) => Math.min(Math.floor(x * scaleX), image.width - 1));
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.min(Math.floor(y * scaleY), image.height - 1) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) data[to++] = image.data[from + c]!;
    }
  }
  return { data, width, height, channels };
}

/** For each new pixel, old pixels and their weights in 2048ths. */
interface Taps {
  count: number;
  target: number;
  places: Int32Array;
  weights: Int32Array;
  /** Before what lies outside was brought inside. */
  firsts: Int32Array;
}

function taps(
  size: number,
  target: number,
  count: number,
  at: (i: number) => { first: number; weights: number[] },
): Taps {
  const places = new Int32Array(target * count);
  const scaled = new Int32Array(target * count);
  const firsts = new Int32Array(target);
  for (let i = 0; i < target; i++) {
    const { first, weights } = at(i);
    firsts[i] = first;
    weights.forEach((weight, k) => {
      places[i * count + k] = Math.min(Math.max(first + k, 0), size - 1);
      scaled[i * count + k] = roundHalfEven(Math.fround(weight) * ONE);
    });
  }
  return { count, target, places, weights: scaled, firsts };
}

function linearTaps(size: number, target: number): Taps {
  const scale = 1 / (target / size);
  return taps(size, target, 2, (i) => {
    const place = Math.fround((i + 0.5) * scale - 0.5);
    const first = Math.floor(place);
    const share = first < 0 || first >= size - 1 ? 0 : place - first;
    return { first: Math.max(first, 0), weights: [1 - share, share] };
  });
}

/** OpenCV's INTER_AREA where one side grows and the other does not. */
function enlargingTaps(size: number, target: number): Taps {
  const inverse = target / size;
  const scale = 1 / inverse;
  return taps(size, target, 2, (i) => {
    const first = Math.floor(i * scale);
    const share = Math.fround(i + 1 - (first + 1) * inverse);
    const fraction = share <= 0 || first >= size - 1 ? 0 : share - Math.floor(share);
    return { first, weights: [1 - fraction, fraction] };
  });
}

function cubicTaps(size: number, target: number): Taps {
  const scale = 1 / (target / size);
  return taps(size, target, 4, (i) => {
    const place = Math.fround((i + 0.5) * scale - 0.5);
    const first = Math.floor(place);
    return { first: first - 1, weights: [...cubicWeights(place - first)] };
  });
}

function cubicBySimd(image: ImageData8, columns: Taps, rows: Taps): ImageData8 | undefined {
  const { data, width, channels } = image;
  if (channels === 4) return undefined;
  const [left, right] = [Math.max(-columns.firsts[0]!, 0), Math.max(columns.firsts.at(-1)! + 4 - width, 0)];
  const [row, line] = [width * channels, columns.target * channels];
  const length = rows.target * line;
  const padded = (left + width + right) * channels;
  const tables = [columns.target * 4, columns.weights.length * 2, rows.weights.byteLength, 16];
  const place = workplace(padded, length, line * 4, line * 4, line * 4, line * 4, ...tables);
  if (!place) return undefined;
  const [fromAt, to] = [place.take(padded), place.take(length)];
  const from = place.bytes(fromAt, padded);
  const lines = [0, 1, 2, 3].map(() => place.take(line * 4));
  const placesAt = place.put(columns.firsts.map((first) => (first + left) * channels));
  const [weightsAt, rowWeightsAt] = [place.put(Int16Array.from(columns.weights)), place.put(rows.weights)];
  const linesAt = place.take(16);
  const four = new Uint32Array(place.buffer, linesAt, 4);
  const { loops } = place;
  // Of four rows that follow each other, no two share a line.
  const held = [-1, -1, -1, -1];
  for (let y = 0; y < rows.target; y++) {
    for (let k = 0; k < 4; k++) {
      const source = rows.places[4 * y + k]!;
      const own = lines[source & 3]!;
      if (held[source & 3] !== source) {
        from.set(data.subarray(source * row, (source + 1) * row), left * channels);
        for (let i = 0; i < left; i++) from.copyWithin(i * channels, left * channels, (left + 1) * channels);
        for (let i = 0; i < right; i++) {
          from.copyWithin((left + width + i) * channels, (left + width - 1) * channels, (left + width) * channels);
        }
        if (channels === 3) loops.cubicAcross(fromAt, own, placesAt, weightsAt, columns.target);
        else loops.cubicAcrossGrey(fromAt, own, placesAt, weightsAt, columns.target);
        held[source & 3] = source;
      }
      four[k] = own;
    }
    loops.cubicDown(linesAt, rowWeightsAt + 16 * y, to + y * line, line);
  }
  return { data: place.result(to, length), width: columns.target, height: rows.target, channels };
}

function weighted(image: ImageData8, columns: Taps, rows: Taps, method: "linear" | "cubic"): ImageData8 {
  const { channels } = image;
  const [width, height] = [columns.target, rows.target];
  const stride = width * channels;
  const data = uninitialised(height * stride);
  const kept = new Map<number, Int32Array>();
  const rowOf = (y: number): Int32Array => {
    const known = kept.get(y);
    if (known) return known;
    const row = weightedRow(image, y, columns);
    kept.set(y, row);
    return row;
  };
  for (let y = 0; y < height; y++) {
    const lines = Array.from({ length: rows.count }, (_, k) => rowOf(rows.places[y * rows.count + k]!));
    const weights = rows.weights.subarray(y * rows.count, (y + 1) * rows.count);
    for (const old of kept.keys()) if (old < rows.places[y * rows.count]!) kept.delete(old);
    if (method === "linear") blendLinear(lines, weights, data, y * stride);
    else blendCubic(lines, weights, data, y * stride);
  }
  return { data, width, height, channels };
}

function weightedRow({ data, width, channels }: ImageData8, y: number, { count, target, places, weights }: Taps) {
  const result = new Int32Array(target * channels);
  const start = y * width * channels;
  for (let x = 0, to = 0; x < target; x++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let k = x * count; k < (x + 1) * count; k++) sum += data[start + places[k]! * channels + c]! * weights[k]!;
      result[to++] = sum;
    }
  }
  return result;
}

function blendLinear(lines: readonly Int32Array[], weights: Int32Array, data: Uint8Array, to: number): void {
  const [upper, lower] = lines as [Int32Array, Int32Array];
  const [a, b] = [weights[0]!, weights[1]!];
  for (let i = 0; i < upper.length; i++) {
    const sum = (Math.imul(a, upper[i]! >> 4) >> 16) + (Math.imul(b, lower[i]! >> 4) >> 16);
    data[to + i] = (sum + 2) >> 2;
  }
}

function blendCubic(lines: readonly Int32Array[], weights: Int32Array, data: Uint8Array, to: number): void {
  const [l0, l1, l2, l3] = lines as [Int32Array, Int32Array, Int32Array, Int32Array];
  const [a, b, c, d] = Array.from(weights, (weight) => weight / (ONE * ONE)) as [number, number, number, number];
  for (let i = 0; i < l0.length; i++) {
    const sum = roundHalfEven(l0[i]! * a + l1[i]! * b + l2[i]! * c + l3[i]! * d);
    data[to + i] = sum < 0 ? 0 : sum > 255 ? 255 : sum;
  }
}

/** The mean of the old pixels under each new one. */
function areaMean(image: ImageData8, width: number, height: number): ImageData8 {
  const { channels } = image;
  if (image.width === 2 * width && image.height === 2 * height) return halved(image);
  const data = uninitialised(width * height * channels);
  const columns = areaTaps(image.width, width);
  const rows = areaTaps(image.height, height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const { place: row, weight } of rows[y]!) {
          let line = 0;
          for (const tap of columns[x]!)
            line += image.data[(row * image.width + tap.place) * channels + c]! * tap.weight;
          sum += line * weight;
        }
        data[to++] = roundHalfEven(Math.fround(sum));
      }
    }
  }
  return { data, width, height, channels };
}

/** Two by two are rounded half up, all else half to even. */
function halved({ data, width, height, channels }: ImageData8): ImageData8 {
  const result = new Uint8Array(data.length / 4);
  const stride = width * channels;
  for (let y = 0, to = 0; y < height; y += 2) {
    for (let x = 0, at = y * stride; x < width; x += 2, at += channels) {
      for (let c = 0; c < channels; c++, at++) {
        const upper = data[at]! + data[at + channels]!;
        result[to++] = (upper + data[at + stride]! + data[at + stride + channels]! + 2) >> 2;
      }
    }
  }
  return { data: result, width: width / 2, height: height / 2, channels };
}

function areaTaps(size: number, target: number): { place: number; weight: number }[][] {
  const scale = size / target;
  return Array.from({ length: target }, (_, i) => {
    const [from, to] = [i * scale, Math.min((i + 1) * scale, size)];
    const result: { place: number; weight: number }[] = [];
    for (let place = Math.floor(from); place < to - 1e-3; place++) {
      const share = Math.min(place + 1, to) - Math.max(place, from);
      if (share > 1e-3) result.push({ place, weight: share / (to - from) });
    }
    return result;
  });
}
