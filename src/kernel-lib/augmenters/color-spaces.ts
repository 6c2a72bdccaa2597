/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Colour spaces of 8-bit pictures by the rules of OpenCV's `cvtColor`: fixed point where it takes that, and its ranges (hue 0 to
 * 179, L*, a*, b* in 0 to 255 and so on). Conversions into Luv and out of Lab and Luv are by their formulas, where OpenCV takes
 * tables.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { fromLab, fromLuv, toLab, toLuv } from "./color-spaces-cie.js";
import { uninitialised } from "./picture-simd.js";

export const COLORSPACES = ["RGB", "BGR", "GRAY", "CIE", "YCrCb", "HSV", "HLS", "Lab", "Luv", "YUV"] as const;
export type Colorspace = (typeof COLORSPACES)[number];

/** Three values in, three out, written into `out`; whole numbers, not yet clipped. */
export type Conversion = (a: number, b: number, c: number, out: Float64Array) => void;

const put = (out: Float64Array, a: number, b: number, c: number): void => {
  out[0] = a;
  out[1] = b;
  out[2] = c;
};

const luma = (r: number, g: number, b: number) => (r * 4899 + g * 9617 + b * 1868 + 8192) >> 14;
/** Of grey pictures: with a bit more than as a part of YCrCb and YUV. */
const grey = (r: number, g: number, b: number) => (r * 9798 + g * 19235 + b * 3735 + 16384) >> 15;
const descaled = (value: number, bits: number) => (value + (1 << (bits - 1))) >> bits;

const SATURATION = Float64Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : roundHalfEven((255 * 4096) / i)));
const HUE = Float64Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : roundHalfEven((180 * 4096) / (6 * i))));

function toHsv(r: number, g: number, b: number, out: Float64Array): void {
  const value = r > g ? (r > b ? r : b) : g > b ? g : b;
  const spread = value - (r < g ? (r < b ? r : b) : g < b ? g : b);
  const turn = value === r ? g - b : value === g ? b - r + 2 * spread : r - g + 4 * spread;
  const hue = descaled(turn * HUE[spread]!, 12);
  out[0] = hue < 0 ? hue + 180 : hue;
  out[1] = descaled(spread * SATURATION[value]!, 12);
  out[2] = value;
}

/** Which of four values are red, green and blue in each sixth of the hues. */
const SECTORS = [
  [0, 3, 1],
  [2, 0, 1],
  [1, 0, 3],
  [1, 2, 0],
  [3, 1, 0],
  [0, 1, 2],
] as const;

const PLACES = Float64Array.from({ length: 256 }, (_, hue) => (hue / 30) % 6);
const four = new Float64Array(4);

/** @param levels of the four values: rounded, or of hues and saturations cut off, as OpenCV's vectors do it */
function fromSector(sector: number, levels: Float64Array, out: Float64Array): void {
  const places = SECTORS[sector]!;
  out[0] = levels[places[0]]!;
  out[1] = levels[places[1]]!;
  out[2] = levels[places[2]]!;
}

const cutOff = (share: number) => Math.floor(Math.fround(share * 255) + 1e-5);
const rounded = (share: number) => roundHalfEven(share * 255);

function fromHsv(hue: number, saturation: number, value: number, out: Float64Array): void {
  const s = saturation / 255;
  const v = value / 255;
  const place = PLACES[hue]!;
  const sector = Math.floor(place);
  const f = place - sector;
  four[0] = cutOff(v);
  four[1] = cutOff(v * (1 - s));
  four[2] = cutOff(v * (1 - s * f));
  four[3] = cutOff(v * (1 - s * (1 - f)));
  fromSector(sector, four, out);
}

function toHls(r: number, g: number, b: number, out: Float64Array): void {
  // In single precision, whose errors decide about halves.
  const share = (level: number) => Math.fround(level * Math.fround(1 / 255));
  const high = share(Math.max(r, g, b));
  const low = share(Math.min(r, g, b));
  const light = Math.fround(high + low) / 2;
  const lightness = roundHalfEven(Math.fround(light * 255));
  const spread = Math.fround(high - low);
  if (spread === 0) {
    put(out, 0, lightness, 0);
    return;
  }
  const saturation = light < 0.5 ? spread / (high + low) : spread / (2 - high - low);
  const most = Math.max(r, g, b);
  const turn = most === r ? g - b : most === g ? b - r : r - g;
  const sixth = turn / (255 * spread) + (most === r ? 0 : most === g ? 2 : 4);
  const hue = sixth * 30;
  put(out, roundHalfEven(hue < 0 ? hue + 180 : hue), lightness, roundHalfEven(saturation * 255));
}

function fromHls(hue: number, light: number, saturation: number, out: Float64Array): void {
  const l = light / 255;
  const s = saturation / 255;
  const high = l <= 0.5 ? l * (1 + s) : l + s - l * s;
  const low = 2 * l - high;
  const place = PLACES[hue]!;
  const sector = Math.floor(place);
  const f = place - sector;
  four[0] = rounded(high);
  four[1] = rounded(low);
  four[2] = rounded(low + (high - low) * (1 - f));
  four[3] = rounded(low + (high - low) * f);
  fromSector(sector, four, out);
}

const FROM_RGB: Partial<Record<Colorspace, Conversion>> = {
  BGR: (r, g, b, out) => put(out, b, g, r),
  GRAY: (r, g, b, out) => put(out, grey(r, g, b), grey(r, g, b), grey(r, g, b)),
  CIE: (r, g, b, out) =>
    put(
      out,
      descaled(r * 1689 + g * 1465 + b * 739, 12),
      descaled(r * 871 + g * 2929 + b * 296, 12),
      descaled(r * 79 + g * 488 + b * 3892, 12),
    ),
  YCrCb: (r, g, b, out) => {
    const y = luma(r, g, b);
    put(out, y, descaled((r - y) * 11682, 14) + 128, descaled((b - y) * 9241, 14) + 128);
  },
  YUV: (r, g, b, out) => {
    const y = luma(r, g, b);
    put(out, y, descaled((b - y) * 8061, 14) + 128, descaled((r - y) * 14369, 14) + 128);
  },
  HSV: toHsv,
  HLS: toHls,
  Lab: toLab,
  Luv: toLuv,
};

const TO_RGB: Partial<Record<Colorspace, Conversion>> = {
  BGR: (b, g, r, out) => put(out, r, g, b),
  CIE: (x, y, z, out) =>
    put(
      out,
      descaled(x * 13273 - y * 6296 - z * 2042, 12),
      descaled(-x * 3970 + y * 7684 + z * 170, 12),
      descaled(x * 228 - y * 836 + z * 4331, 12),
    ),
  YCrCb: (y, cr, cb, out) =>
    put(
      out,
      y + descaled((cr - 128) * 22987, 14),
      y + descaled((cb - 128) * -5636 + (cr - 128) * -11698, 14),
      y + descaled((cb - 128) * 29049, 14),
    ),
  YUV: (y, u, v, out) =>
    put(
      out,
      y + descaled((v - 128) * 18678, 14),
      y + descaled((u - 128) * -6472 + (v - 128) * -9519, 14),
      y + descaled((u - 128) * 33292, 14),
    ),
  HSV: fromHsv,
  HLS: fromHls,
  Lab: fromLab,
  Luv: fromLuv,
};

/** The same picture in another colour space. Grey pictures count as red, green and blue alike; alpha stays. */
export function convertColors(image: ImageData8, from: Colorspace, to: Colorspace): ImageData8 {
  const result = image.channels === 1 ? inColors(image) : image;
  if (from === to) return result;
  // What was made grey is grey in red, green and blue.
  const first = TO_RGB[from];
  const rgb = first ? converted(result, first) : result;
  const second = FROM_RGB[to];
  return second ? converted(rgb, second) : rgb;
}

function converted({ data, width, height, channels }: ImageData8, conversion: Conversion): ImageData8 {
  const bytes = uninitialised(data.length);
  const result = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length);
  const out = new Float64Array(3);
  // Neighbours are often alike.
  let [a, b, c] = [-1, -1, -1];
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== a || data[i + 1] !== b || data[i + 2] !== c) {
      a = data[i]!;
      b = data[i + 1]!;
      c = data[i + 2]!;
      conversion(a, b, c, out);
    }
    result[i] = out[0]!;
    result[i + 1] = out[1]!;
    result[i + 2] = out[2]!;
    if (channels === 4) result[i + 3] = data[i + 3]!;
  }
  return { data: bytes, width, height, channels };
}

/** A grey picture with three channels. */
export function inColors({ data, width, height }: ImageData8): ImageData8 {
  const result = uninitialised(data.length * 3);
  for (let i = 0, to = 0; i < data.length; i++, to += 3) {
    const level = data[i]!;
    result[to] = level;
    result[to + 1] = level;
    result[to + 2] = level;
  }
  return { data: result, width, height, channels: 3 };
}

/** A picture's brightness in one channel. */
export function inGrey({ data, width, height, channels }: ImageData8): ImageData8 {
  const result = new Uint8Array(width * height);
  for (let i = 0; i < result.length; i++) {
    const at = i * channels;
    result[i] = grey(data[at]!, data[at + 1]!, data[at + 2]!);
  }
  return { data: result, width, height, channels: 1 };
}

/** A change of colours for pictures of any kind: a grey one is coloured before, and grey again after it. */
export function changingColors(image: ImageData8, change: (image: ImageData8) => ImageData8): ImageData8 {
  return image.channels === 1 ? inGrey(change(inColors(image))) : change(image);
}
