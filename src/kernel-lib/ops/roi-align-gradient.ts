/**
 * The gradient of RoIAlign to the features, in plain numbers. TensorFlow's own (`CropAndResizeGradImage`) lets threads add to one
 * place at once: what it gives differs from run to run, and additions can get lost. This one repeats itself, and costs less, because a
 * bin's points are weights along y times weights along x.
 *
 * Shapes: regions R × 4; gradient of the output R × P × P × C; result B × H × W × C.
 */
export interface RoiAlignOptions {
  /** Bins a side, P. */
  size: number;
  /** Points a bin and side. */
  sampling: number;
  /** Features a pixel, 1 / 16 say. */
  scale: number;
  /** Pixels are meant by their centres. torchvision's detectors have false; false makes a region at least one feature large. */
  aligned?: boolean;
}

/** Along one axis of one region: each bin's weights for the places from `first` on, bin by bin. */
interface AxisWeights {
  first: number;
  count: number;
  /** P × count. */
  weights: Float64Array;
}

/** @param dy R × P × P × C; @param shape B, H, W, C */
export function roiAlignGradient(
  dy: Float32Array,
  regions: Float32Array,
  pictures: Int32Array,
  shape: readonly [number, number, number, number],
  options: RoiAlignOptions,
): Float32Array {
  const [, height, width] = shape;
  return spread(dy, pictures, shape, options.size, (region) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = regions.subarray(region * 4, region * 4 + 4);
    return { down: axisWeights(y1, y2, height, options), across: axisWeights(x1, x2, width, options) };
  });
}

/** Where the points of a region are along both axes, in features; those outside of the features count for nothing. */
export interface PointPlaces {
  down: (region: number) => Float64Array;
  across: (region: number) => Float64Array;
}

/** The gradient of values that were read between the features, point by point. @param dy R × P × P × C; @param shape B, H, W, C */
export function pointGradient(
  dy: Float32Array,
  pictures: Int32Array,
  shape: readonly [number, number, number, number],
  points: number,
  { down, across }: PointPlaces,
): Float32Array {
  const [, height, width] = shape;
  return spread(dy, pictures, shape, points, (region) => ({
    down: weightsOf(pointsWithin(down(region), height), points, height),
    across: weightsOf(pointsWithin(across(region), width), points, width),
  }));
}

interface RegionWeights {
  down: AxisWeights;
  across: AxisWeights;
}

function spread(
  dy: Float32Array,
  pictures: Int32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
  size: number,
  weights: (region: number) => RegionWeights,
): Float32Array {
  const result = new Float32Array(batch * height * width * channels);
  const rowLength = size * channels;
  for (let region = 0; region < pictures.length; region++) {
    const { down, across } = weights(region);
    const start = region * size * rowLength;
    const rows = spreadRows(dy.subarray(start, start + size * rowLength), down, size, rowLength);
    const picture = (pictures[region] ?? 0) * height * width * channels;
    const target = result.subarray(picture, picture + height * width * channels);
    addColumns(target, rows, down, across, { size, width, channels });
  }
  return result;
}

/** A part of a bin's value: a weight at a place. */
interface Share {
  bin: number;
  place: number;
  weight: number;
}

function pointsWithin(points: Float64Array, length: number): Share[] {
  return [...points].flatMap((at, bin) => {
    if (!(at >= 0 && at <= length - 1)) return [];
    const place = Math.floor(at);
    const part = at - place;
    const first = { bin, place, weight: 1 - part };
    return part > 0 ? [first, { bin, place: place + 1, weight: part }] : [first];
  });
}

function axisWeights(
  low: number,
  high: number,
  length: number,
  { size, sampling, scale, aligned = false }: RoiAlignOptions,
): AxisWeights {
  const f = Math.fround;
  const shift = aligned ? 0.5 : 0;
  const start = f(f(low * f(scale)) - shift);
  const extent = f(f(f(high * f(scale)) - shift) - start);
  const step = f((aligned ? extent : Math.max(extent, 1)) / size);
  const points: Share[] = [];
  for (let bin = 0; bin < size; bin++) {
    for (let i = 0; i < sampling; i++) {
      const at = start + bin * step + ((i + 0.5) * step) / sampling;
      if (at < -1 || at > length) continue;
      const within = Math.min(Math.max(at, 0), length - 1);
      const place = Math.min(Math.floor(within), length - 1);
      const part = within - place;
      points.push({ bin, place, weight: (1 - part) / sampling });
      if (part > 0) points.push({ bin, place: place + 1, weight: part / sampling });
    }
  }
  return weightsOf(points, size, length);
}

function weightsOf(points: readonly Share[], size: number, length: number): AxisWeights {
  const first = Math.min(length - 1, ...points.map(({ place }) => place));
  const count = Math.max(first, ...points.map(({ place }) => place)) - first + 1;
  const weights = new Float64Array(size * count);
  for (const { bin, place, weight } of points) {
    const at = bin * count + place - first;
    weights[at] = (weights[at] ?? 0) + weight;
  }
  return { first, count, weights };
}

/** Along y: count × (P · C). */
function spreadRows(dy: Float32Array, { count, weights }: AxisWeights, size: number, rowLength: number): Float32Array {
  const rows = new Float32Array(count * rowLength);
  for (let bin = 0; bin < size; bin++) {
    for (let row = 0; row < count; row++) {
      const weight = weights[bin * count + row] ?? 0;
      if (weight !== 0) addScaled(rows, row * rowLength, dy, bin * rowLength, rowLength, weight);
    }
  }
  return rows;
}

/** Along x, into the picture's features. */
function addColumns(
  target: Float32Array,
  rows: Float32Array,
  down: AxisWeights,
  across: AxisWeights,
  { size, width, channels }: { size: number; width: number; channels: number },
): void {
  for (let row = 0; row < down.count; row++) {
    for (let bin = 0; bin < size; bin++) {
      const from = (row * size + bin) * channels;
      for (let column = 0; column < across.count; column++) {
        const weight = across.weights[bin * across.count + column] ?? 0;
        if (weight === 0) continue;
        const to = ((down.first + row) * width + across.first + column) * channels;
        addScaled(target, to, rows, from, channels, weight);
      }
    }
  }
}

/** target[to + i] += weight · source[from + i] */
function addScaled(
  target: Float32Array,
  to: number,
  source: Float32Array,
  from: number,
  length: number,
  weight: number,
): void {
  // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- the hottest loop: both indices lie within
  for (let i = 0; i < length; i++) target[to + i]! += weight * source[from + i]!;
}
