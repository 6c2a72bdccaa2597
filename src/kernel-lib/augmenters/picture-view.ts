/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures that are a part of another, perhaps the other way round, and copied only when somebody looks at their bytes: a flip, a crop and
 * another flip move each byte once.
 */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { Part } from "./enlarge.js";
import { uninitialised, workplace } from "./picture-simd.js";

/** Where a picture's pixels are. */
interface View {
  source: ImageData8;
  part: Part;
  isMirrored: boolean;
  isUpsideDown: boolean;
}

/** Views by the pictures that stand for them. */
const views = new WeakMap<ImageData8, View>();

/** Bytes of a picture that are mirrored at a time: few enough to stay in the processor's cache. */
const TILE = 32768;

const whole = ({ width, height }: ImageData8): Part => ({ left: 0, top: 0, width, height });

/** A picture's part; it lies within the picture. */
export function partOf(image: ImageData8, part: Part): ImageData8 {
  return viewed(within(viewOf(image), part));
}

/** Left to right. */
export function mirroredView(image: ImageData8): ImageData8 {
  const view = viewOf(image);
  return viewed({ ...view, isMirrored: !view.isMirrored });
}

export function upsideDownView(image: ImageData8): ImageData8 {
  const view = viewOf(image);
  return viewed({ ...view, isUpsideDown: !view.isUpsideDown });
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
export const isView = (image: ImageData8): boolean => views.has(image);

const viewOf = (image: ImageData8): View =>
  views.get(image) ?? { source: image, part: whole(image), isMirrored: false, isUpsideDown: false };

function within({ part: old, ...view }: View, part: Part): View {
  const left = view.isMirrored ? old.width - part.left - part.width : part.left;
  const top = view.isUpsideDown ? old.height - part.top - part.height : part.top;
  return { ...view, part: { ...part, left: old.left + left, top: old.top + top } };
}

function viewed(view: View): ImageData8 {
  const { width, height } = view.part;
  const { channels } = view.source;
  let data: Uint8Array | undefined;
  const image: ImageData8 = {
    get data() {
      if (!data) copy(view, (data = uninitialised(width * height * channels)));
      return data;
    },
    width,
    height,
    channels,
  };
  views.set(image, view);
  return image;
}

function copy(view: View, target: Uint8Array): void {
  if (!view.isMirrored) copyRows(view, target);
  else if (!mirrorBySimd(view, target)) mirrorPlainly(view, target);
}

/** The byte at which row `y` of a view begins in its source. */
function rowStart({ source, part, isUpsideDown }: View, y: number): number {
  const row = isUpsideDown ? part.top + part.height - 1 - y : part.top + y;
  return (row * source.width + part.left) * source.channels;
}

function copyRows(view: View, target: Uint8Array): void {
  const { source, part, isUpsideDown } = view;
  const { data } = source;
  const stride = part.width * source.channels;
  const start = rowStart(view, 0);
  if (part.width === source.width && !isUpsideDown) {
    target.set(data.subarray(start, start + target.length));
    return;
  }
  for (let y = 0; y < part.height; y++) {
    const from = rowStart(view, y);
    target.set(data.subarray(from, from + stride), y * stride);
  }
}

function mirrorBySimd(view: View, target: Uint8Array): boolean {
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

function mirrorPlainly(view: View, target: Uint8Array): void {
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
