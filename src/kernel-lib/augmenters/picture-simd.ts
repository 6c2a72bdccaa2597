/**
 * The loops over pixels with SIMD, and memory for them. One picture is worked on at a time: augmenters do not wait in between.
 *
 * Each function gives nothing where the machine has no SIMD; its caller then takes the twin in plain TypeScript.
 */
import { pictureLoopsCode } from "../simd/picture-loops-code.js";
import { SimdCode, type SimdInstance } from "../simd/simd-code.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";

/** What `src/simd/picture-loops.ts` exports; addresses in bytes. */
interface PictureLoops {
  sampleRow(source: number, width: number, height: number, to: number, xs: number, ys: number, count: number): number;
  blurAcross(from: number, to: number, bytes: number, step: number, weights: number, taps: number): void;
  blurDown(rows: number, to: number, bytes: number, weights: number, taps: number): void;
  mirror(from: number, to: number, width: number, height: number): void;
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
  ): void;
  smoothDown(from: number, to: number, width: number, height: number, weights: number, taps: number): void;
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

/** Parts of the memory, one after another. */
export class Workplace {
  readonly loops: PictureLoops;
  readonly buffer: ArrayBuffer;
  private next = MARGIN;

  constructor({ loops, memory }: SimdInstance<PictureLoops>) {
    this.loops = loops;
    this.buffer = memory.buffer;
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
  put(values: Uint8Array | Int16Array | Int32Array | Uint32Array | Float32Array): number {
    const address = this.take(values.byteLength);
    this.bytes(address, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return address;
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

/** A picture of three channels, mirrored left to right. */
export function mirroredBySimd({ data, width, height, channels }: ImageData8): ImageData8 | undefined {
  if (channels !== 3) return undefined;
  const place = workplace(data.length, data.length);
  if (!place) return undefined;
  const from = place.put(data);
  const to = place.take(data.length);
  place.loops.mirror(from, to, width, height);
  return { data: place.bytes(to, data.length).slice(), width, height, channels };
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
  return { data: place.bytes(to, data.length).slice(), width, height, channels };
}

/** Even noise from -1 to 1 of `wide` × `high` numbers under weights across and others down: `width` × `height` are left. */
export function smoothNoiseBySimd(
  width: number,
  height: number,
  across: Float32Array,
  down: Float32Array,
  random: SeededRandom,
): Float32Array | undefined {
  const [wide, high] = [width + across.length - 1, height + down.length - 1];
  const place = workplace(
    wide * high * 4,
    width * high * 4,
    width * height * 4,
    across.byteLength,
    down.byteLength,
    16,
  );
  if (!place) return undefined;
  const [noise, half, to] = [place.take(wide * high * 4), place.take(width * high * 4), place.take(width * height * 4)];
  const state = place.random(random);
  place.loops.drawEven(state.address, noise, wide * high);
  state.done();
  place.loops.smoothAcross(noise, half, wide, width, high, place.put(across), across.length);
  place.loops.smoothDown(half, to, width, height, place.put(down), down.length);
  return new Float32Array(place.buffer, to, width * height).slice();
}
