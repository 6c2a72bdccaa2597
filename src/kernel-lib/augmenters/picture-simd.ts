/**
 * The loops over pixels with SIMD, and memory for them. One picture is worked on at a time: augmenters do not wait in between.
 *
 * Each function gives nothing where the machine has no SIMD; its caller then takes the twin in plain TypeScript.
 */
import { pictureLoopsCode } from "../simd/picture-loops-code.js";
import { SimdCode, type SimdInstance, type SimdMemory } from "../simd/simd-code.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";

/** Where a row's new pixels come from and go to, and what stands for those that come from outside; see `src/simd/pictures/sampling.ts`. */
type SampleRow = (
  source: number,
  stride: number,
  before: number,
  wide: number,
  high: number,
  fill: number,
  to: number,
  xs: number,
  ys: number,
  count: number,
  weights: number,
) => number;

/** What `src/simd/picture-loops.ts` exports; addresses in bytes. */
export interface PictureLoops {
  nearestRow: SampleRow;
  linearRow: SampleRow;
  cubicRow: SampleRow;
  affineRow(xs: number, ys: number, dx: number, dy: number, count: number, x0: number, y0: number, shift: number): void;
  fieldRow(xs: number, ys: number, shiftX: number, shiftY: number, count: number, y: number, unit: number): void;
  rayRow(
    xs: number,
    ys: number,
    count: number,
    step: number,
    cos: number,
    sin: number,
    middleX: number,
    middleY: number,
  ): void;
  polarRow(
    xs: number,
    ys: number,
    count: number,
    dy: number,
    middleX: number,
    step: number,
    turn: number,
    rows: number,
  ): void;
  perspectiveRow(xs: number, ys: number, map: number, count: number, y: number, unit: number): void;
  blur(
    from: number,
    ring: number,
    to: number,
    scratch: number,
    stride: number,
    width: number,
    height: number,
    channels: number,
    columns: number,
    rows: number,
    weights: number,
    taps: number,
  ): void;
  mirror(from: number, fromStride: number, to: number, width: number, height: number): void;
  drawFromTable(state: number, table: number, to: number, count: number, draws: number): void;
  drawEven(state: number, to: number, count: number): void;
  addEach(bytes: number, values: number, to: number, count: number): void;
  addToPixels(bytes: number, values: number, to: number, pixels: number): void;
  smoothAcross(
    from: number,
    to: number,
    wide: number,
    width: number,
    high: number,
    weights: number,
    taps: number,
    step: number,
  ): void;
  smoothDown(from: number, to: number, width: number, height: number, weights: number, taps: number): void;
  lookUp(from: number, to: number, table: number, count: number): void;
  lookUpEach(from: number, to: number, tables: number, pixels: number): void;
  turn(from: number, to: number, width: number, height: number, stepX: number, stepY: number): void;
  toFloats(from: number, to: number, count: number): void;
  toBytes(from: number, to: number, count: number, more: number): void;
  convolveRow(taps: number, count: number, to: number, bytes: number, more: number): void;
  convolveExactly(taps: number, count: number, to: number, bytes: number): void;
  cubicAcross(from: number, to: number, places: number, weights: number, count: number): void;
  cubicAcrossGrey(from: number, to: number, places: number, weights: number, count: number): void;
  cubicDown(lines: number, weights: number, to: number, count: number): void;
  bilateralRow(here: number, taps: number, count: number, alike: number, to: number, pixels: number): void;
  moveColumns(sums: number, more: number, less: number, bytes: number): void;
  copyWithin(row: number, copies: number, count: number): void;
  slideAcross(from: number, to: number, pixels: number, channels: number, size: number): void;
  wholeMeans(sums: number, to: number, count: number, more: number, factor: number): void;
  exactMeans(sums: number, to: number, count: number, share: number): void;
  rankRow(rows: number, to: number, bytes: number, step: number, size: number, least: number): void;
  resizeAcross(from: number, to: number, places: number, weights: number, count: number): void;
  resizeDown(upper: number, lower: number, a: number, b: number, to: number, count: number): void;
}

const CODE = new SimdCode<PictureLoops>(pictureLoopsCode);
/** Loads and stores may reach so far beyond what they are asked for. */
const MARGIN = 64;
/** What is larger is left to the twins. */
const MOST_BYTES = 2 ** 30;

let shared: SimdInstance<PictureLoops> | null | undefined;
let isOn = true;

/** For tests: the twins alone. */
export function withoutSimd<T>(action: () => T): T {
  isOn = false;
  try {
    return action();
  } finally {
    isOn = true;
  }
}

let offered: Uint8Array | undefined;

/** Whichever picture is made first within an action, and fits, is made in this memory. */
export function offering<T>(memory: Uint8Array | undefined, action: () => T): T {
  offered = memory;
  try {
    return action();
  } finally {
    offered = undefined;
  }
}

/** For pictures, which are written over whole: zeroing memory first would take as long as writing it. */
export function uninitialised(length: number): Uint8Array {
  if (offered && offered.length >= length) {
    const memory = offered.subarray(0, length);
    offered = undefined;
    return memory;
  }
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Pictures made within are not yet what was asked for: offered memory waits for that. */
export function withheld<T>(action: () => T): T {
  const asked = offered;
  offered = undefined;
  try {
    return action();
  } finally {
    offered = asked;
  }
}

/** Memory of pictures that nobody has any more. */
const spare: Uint8Array[] = [];
const MOST_SPARE = 4;

/**
 * What `use` makes of a picture that nobody else sees. The picture is made in memory that the next such picture gets: new memory would have to
 * be had from the system page by page, which takes longer than most loops.
 * @param length of the picture's data
 */
export function passing(length: number, make: () => ImageData8, use: (picture: ImageData8) => ImageData8): ImageData8 {
  const found = spare.findIndex((memory) => memory.length >= length);
  const memory = spare.splice(found, found < 0 ? 0 : 1)[0] ?? new Uint8Array(length);
  const asked = offered;
  const picture = offering(memory, make);
  offered = asked;
  const result = use(picture);
  const isSame = result.data.buffer === memory.buffer;
  if (!isSame && spare.length < MOST_SPARE) spare.push(memory);
  return result;
}

/** What memory takes in. */
export type PutArray = Uint8Array | Uint16Array | Int16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Parts of the memory, one after another. */
export class Workplace {
  readonly loops: PictureLoops;
  readonly buffer: ArrayBuffer;
  private readonly memory: SimdMemory;
  private next = MARGIN;

  constructor({ loops, memory }: SimdInstance<PictureLoops>) {
    this.loops = loops;
    this.buffer = memory.buffer;
    this.memory = memory;
  }

  /** Other loops over the same memory. */
  loopsOf<Loops>(code: SimdCode<Loops>): Loops | undefined {
    return code.over(this.memory);
  }

  /** The address of so many bytes. */
  take(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil(bytes / 16) * 16 + MARGIN;
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, address, length);
  }

  /** Puts a list into memory. */
  put(values: PutArray): number {
    const address = this.take(values.byteLength);
    this.bytes(address, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
  }

  /** A copy of so many bytes, in memory of its own. */
  result(address: number, length: number): Uint8Array {
    const bytes = uninitialised(length);
    bytes.set(this.bytes(address, length));
    return bytes;
  }

  /** The random numbers' state, and what to do when it has been drawn from. */
  random(random: SeededRandom): { address: number; done: () => void } {
    const { state, ...rest } = random.position;
    const address = this.put(Uint32Array.from(state));
    return {
      address,
      done: () => {
        random.position = { ...rest, state: [...new Uint32Array(this.buffer, address, 4)] };
      },
    };
  }
}

/** A workplace with room for parts of these sizes; what was in it before is lost. */
export function workplace(...sizes: readonly number[]): Workplace | undefined {
  const bytes = sizes.reduce((sum, size) => sum + size + 16 + MARGIN, 2 * MARGIN);
  if (!isOn || shared === null || bytes > MOST_BYTES) return undefined;
  shared ??= CODE.instantiate(bytes) ?? null;
  if (shared === null) return undefined;
  const missing = bytes - shared.memory.buffer.byteLength;
  if (missing > 0) shared.memory.grow(Math.ceil(missing / 65536));
  return new Workplace(shared);
}

/**
 * Normal noise of a table added to a picture of three channels.
 * @param perPixel values a pixel: 1 or 3
 */
export function noisyBySimd(
  { data, width, height, channels }: ImageData8,
  table: Int16Array,
  perPixel: number,
  draws: number,
  random: SeededRandom,
): ImageData8 | undefined {
  const count = width * height * perPixel;
  if (channels !== 3) return undefined;
  const place = workplace(data.length, data.length, table.byteLength, count * 2, 16);
  if (!place) return undefined;
  const [from, to, values] = [place.put(data), place.take(data.length), place.take(count * 2)];
  const state = place.random(random);
  place.loops.drawFromTable(state.address, place.put(table), values, count, draws);
  state.done();
  if (perPixel === 1) place.loops.addToPixels(from, values, to, count);
  else place.loops.addEach(from, values, to, count);
  return { data: place.result(to, data.length), width, height, channels };
}
