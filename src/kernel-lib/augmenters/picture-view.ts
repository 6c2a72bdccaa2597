/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures that are a part of another, perhaps the other way round, and copied only when somebody looks at their bytes: a flip, a crop and
 * another flip move each byte once.
 */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { Part } from "./enlarge.js";
import { uninitialised, workplace } from "./picture-simd.js";

/** A part of a picture that is no view itself. Its bytes are copied when they are first asked for. */
class PictureView implements ImageData8 {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly source: ImageData8;
  readonly part: Part;
  readonly isMirrored: boolean;
  readonly isUpsideDown: boolean;
  #data: Uint8Array | undefined;

  constructor(source: ImageData8, part: Part, isMirrored = false, isUpsideDown = false) {
    this.width = part.width;
    this.height = part.height;
    this.channels = source.channels;
    this.source = source;
    this.part = part;
    this.isMirrored = isMirrored;
    this.isUpsideDown = isUpsideDown;
  }

  get data(): Uint8Array {
    if (!this.#data) copy(this, (this.#data = uninitialised(this.width * this.height * this.channels)));
    return this.#data;
  }
}

/** Bytes of a picture that are mirrored at a time: few enough to stay in the processor's nearest cache, where they lie twice. */
const TILE = 12288;

const viewOf = (image: ImageData8): PictureView =>
  image instanceof PictureView
    ? image
    : new PictureView(image, { left: 0, top: 0, width: image.width, height: image.height });

/** A picture's part; it lies within the picture. */
export function partOf(image: ImageData8, { left, top, width, height }: Part): ImageData8 {
  const { source, part, isMirrored, isUpsideDown } = viewOf(image);
  const fromLeft = isMirrored ? part.width - left - width : left;
  const fromTop = isUpsideDown ? part.height - top - height : top;
  const inSource = { left: part.left + fromLeft, top: part.top + fromTop, width, height };
  return new PictureView(source, inSource, isMirrored, isUpsideDown);
}

/** Left to right. */
export function mirroredView(image: ImageData8): ImageData8 {
  const { source, part, isMirrored, isUpsideDown } = viewOf(image);
  return new PictureView(source, part, !isMirrored, isUpsideDown);
}

export function upsideDownView(image: ImageData8): ImageData8 {
  const { source, part, isMirrored, isUpsideDown } = viewOf(image);
  return new PictureView(source, part, isMirrored, !isUpsideDown);
}

/** A picture of bytes that nobody else has: in `target`'s first, where one is given. */
export function ownPicture(image: ImageData8, target?: Uint8Array): ImageData8 {
  const { width, height, channels } = image;
  const length = width * height * channels;
  if (target) requireRoom(target, image);
  const data = target?.subarray(0, length) ?? uninitialised(length);
  const view = viewOf(image);
  // A part of what lies in the same memory must not be written over before it is read.
  if (view.source.data.buffer === target?.buffer) data.set(image.data);
  else copy(view, data);
  return { data, width, height, channels };
}

function requireRoom(target: Uint8Array, { width, height, channels }: ImageData8): void {
  const length = width * height * channels;
  if (target instanceof Uint8Array && target.length >= length) return;
  const expected = `at least ${length} bytes, a picture of ${width} × ${height} × ${channels},`;
  const received = `${quote((target as { length?: unknown }).length)} bytes`;
  throw new VitrineError("InvalidOption", { option: "into", expected, received });
}

/** Whether its bytes are still those of another picture. */
export const isView = (image: ImageData8): boolean => image instanceof PictureView;

function copy(view: PictureView, target: Uint8Array): void {
  if (!view.isMirrored) copyRows(view, target);
  else if (!mirrorBySimd(view, target)) mirrorPlainly(view, target);
}

/** The byte at which row `y` of a view begins in its source. */
function rowStart({ source, part, isUpsideDown }: PictureView, y: number): number {
  const row = isUpsideDown ? part.top + part.height - 1 - y : part.top + y;
  return (row * source.width + part.left) * source.channels;
}

function copyRows(view: PictureView, target: Uint8Array): void {
  const { source, part, isUpsideDown } = view;
  const start = rowStart(view, 0);
  if (part.width < source.width || isUpsideDown) copyRowsInto(view, target, 0, part.width * source.channels);
  else target.set(source.data.subarray(start, start + target.length));
}

/** A picture's rows at `start` and each `stride` bytes further on. */
export function copyRowsInto(image: ImageData8, target: Uint8Array, start: number, stride: number): void {
  const view = image instanceof PictureView && image.isMirrored ? viewOf(plainPicture(image)) : viewOf(image);
  const { source, part } = view;
  const { data } = source;
  const bytes = part.width * source.channels;
  for (let y = 0; y < part.height; y++) {
    const from = rowStart(view, y);
    target.set(data.subarray(from, from + bytes), start + y * stride);
  }
}

const plainPicture = ({ data, width, height, channels }: ImageData8): ImageData8 => ({ data, width, height, channels });

function mirrorBySimd(view: PictureView, target: Uint8Array): boolean {
  const { source, part, isUpsideDown } = view;
  const [fromStride, stride] = [source.width * 3, part.width * 3];
  const most = Math.min(Math.max(Math.floor(TILE / fromStride), 1), part.height);
  const place = source.channels === 3 ? workplace(most * fromStride, most * stride) : undefined;
  if (!place) return false;
  const [fromAt, toAt] = [place.take(most * fromStride), place.take(most * stride)];
  const [from, to] = [place.bytes(fromAt, most * fromStride), place.bytes(toAt, most * stride)];
  for (let y = 0; y < part.height; y += most) {
    const rows = Math.min(most, part.height - y);
    const start = rowStart(view, isUpsideDown ? y + rows - 1 : y);
    from.set(source.data.subarray(start, start + (rows - 1) * fromStride + stride));
    const first = isUpsideDown ? fromAt + (rows - 1) * fromStride : fromAt;
    place.loops.mirror(first, isUpsideDown ? -fromStride : fromStride, toAt, part.width, rows);
    target.set(rows === most ? to : to.subarray(0, rows * stride), y * stride);
  }
  return true;
}

function mirrorPlainly(view: PictureView, target: Uint8Array): void {
  const { source, part } = view;
  const { data, channels } = source;
  const stride = part.width * channels;
  for (let y = 0; y < part.height; y++) {
    const row = rowStart(view, y);
    let to = y * stride + stride - channels;
    // The first three channels by name: a loop over so few costs more than what it does.
    for (let from = row; from < row + stride; from += channels, to -= channels) {
      target[to] = data[from]!;
      if (channels === 1) continue;
      target[to + 1] = data[from + 1]!;
      target[to + 2] = data[from + 2]!;
      if (channels === 4) target[to + 3] = data[from + 3]!;
    }
  }
}
