/** Planes of doubles, a value for each pixel, that stay in the loops' memory from one step to the next. */
import { planeLoopsCode } from "../simd/plane-loops-code.js";
import { SimdCode } from "../simd/simd-code.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { FAR } from "./edge-distance.js";
import { levelPlace, type LevelLoops, type LevelPlace } from "./level-simd.js";
import { normalDraws, normalQuantiles } from "./normal-numbers.js";
import type { Workplace } from "./picture-simd.js";
import { filterInPlace, filterSizes } from "./separable-filter.js";

/** What `src/simd/plane-loops.ts` exports; addresses in bytes. */
export interface PlaneLoops {
  drawNormal(
    state: number,
    table: number,
    to: number,
    count: number,
    draws: number,
    mean: number,
    deviation: number,
  ): void;
  zoomRow(
    upper: number,
    lower: number,
    places: number,
    weights: number,
    above: number,
    below: number,
    to: number,
    count: number,
  ): void;
  cut(values: number, count: number, least: number, most: number): void;
  marked(values: number, count: number, limit: number): void;
  rounded(values: number, count: number): void;
  fromLevels(levels: number, to: number, count: number): void;
  fromSingle(floats: number, to: number, count: number, most: number): void;
  toLevels(values: number, to: number, count: number, factor: number): void;
  times(values: number, levels: number, count: number, least: number): number;
  edgeDistances(edges: number, field: number, width: number, height: number, far: number): void;
  layered(from: number, to: number, layer: number, tint: number, keep: number, less: number, pixels: number): void;
  snowedOn(from: number, to: number, snow: number, keep: number, pixels: number): void;
}

const CODE = new SimdCode<PlaneLoops>(planeLoopsCode);
const TABLE_BYTES = 4 * 65536;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A layer on a picture: of each colour `keep`, and `less` times the layer fewer, stays, and so much of the layer is added to each. */
export interface LayerUse {
  keep: number;
  less?: number;
  tint: readonly number[];
}

/** What `edgeDistances` takes of the memory beside edges and distances. */
export const distanceBytes = ({ width, height }: Size): number => (width + 8) * 4 * (height + 4);

export class SimdPlanes {
  readonly place: Workplace;
  readonly loops: PlaneLoops;
  readonly levelLoops: LevelLoops;
  private readonly found: LevelPlace;
  private readonly size: Size;
  private readonly pixels: number;

  private constructor(found: LevelPlace, loops: PlaneLoops, size: Size) {
    this.found = found;
    this.place = found.place;
    this.levelLoops = found.loops;
    this.loops = loops;
    this.size = { width: size.width, height: size.height };
    this.pixels = size.width * size.height;
  }

  /** Memory for so many planes, a table of normal numbers, filters of so many weights, and parts of other sizes; nothing where there is no SIMD. */
  static of(
    size: Size,
    planes: number,
    filters: readonly number[],
    ...more: readonly number[]
  ): SimdPlanes | undefined {
    const bytes = new Array<number>(planes).fill(size.width * size.height * 8);
    const filtering = filters.flatMap((count) => filterSizes({ ...size, channels: 1 }, count));
    const found = levelPlace(...bytes, TABLE_BYTES, 16, ...filtering, ...more);
    const loops = found?.place.loopsOf(CODE);
    return found && loops && new SimdPlanes(found, loops, size);
  }

  /** The address of another plane. */
  take(): number {
    return this.place.take(this.pixels * 8);
  }

  values(plane: number): Float64Array {
    return new Float64Array(this.place.buffer, plane, this.pixels);
  }

  normal(mean: number, deviation: number, random: SeededRandom): number {
    const [to, table, state] = [this.take(), this.place.put(normalQuantiles()), this.place.random(random)];
    this.loops.drawNormal(state.address, table, to, this.pixels, normalDraws(this.pixels), mean, deviation);
    state.done();
    return to;
  }

  /** Weights go down and across. */
  filtered(from: number, weights: Float64Array, mode: "edge" | "reflect", to = this.take()): number {
    filterInPlace(this.found, from, to, { ...this.size, channels: 1 }, weights, mode);
    return to;
  }

  fromLevels({ data }: ImageData8): number {
    const to = this.take();
    this.loops.fromLevels(this.place.put(data), to, this.pixels);
    return to;
  }

  /** Cut off to whole levels. */
  toLevels(plane: number, factor: number): ImageData8 {
    const to = this.place.take(this.pixels);
    this.loops.toLevels(plane, to, this.pixels, factor);
    return { data: this.place.result(to, this.pixels), ...this.size, channels: 1 };
  }

  /** How far each pixel is from the nearest 1, and `most` at most. */
  edgeDistances(edges: Uint8Array, most: number): number {
    const { width, height } = this.size;
    const [stride, from, to] = [(width + 8) * 4, this.place.put(edges), this.take()];
    const field = this.place.take(distanceBytes(this.size));
    this.loops.edgeDistances(from, field, width, height, FAR);
    for (let y = 0; y < height; y++) {
      this.loops.fromSingle(field + (y + 2) * stride + 16, to + y * width * 8, width, most);
    }
    return to;
  }

  /** A layer on a picture of three channels; clipped, and cut off to whole levels. */
  layered({ data, ...size }: ImageData8, layer: number, { keep, less = 0, tint }: LayerUse): ImageData8 {
    const [from, to] = [this.place.put(data), this.place.take(data.length)];
    this.loops.layered(from, to, layer, this.place.put(Float64Array.of(...tint, 0)), keep, less, this.pixels);
    return { data: this.place.result(to, data.length), ...size };
  }
}
