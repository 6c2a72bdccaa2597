/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Colour spaces of 8-bit pictures by the rules of OpenCV's `cvtColor`, with its ranges (hue 0 to 179, L*, a*, b* in 0 to 255 and so on). */
import type { ImageData8 } from "../structures/image.js";
import { converted, type Conversion } from "./color-conversion.js";
import { intoLab, intoLuv, outOfLab, outOfLuv } from "./color-spaces-cie.js";
import { intoHls, intoHsv, outOfHls, outOfHsv } from "./color-spaces-hue.js";
import {
  greyLevel,
  intoCie,
  intoGrey,
  intoYcrcb,
  intoYuv,
  outOfCie,
  outOfYcrcb,
  outOfYuv,
  reversing,
} from "./color-spaces-sums.js";
import { uninitialised } from "./picture-simd.js";

export const COLORSPACES = ["RGB", "BGR", "GRAY", "CIE", "YCrCb", "HSV", "HLS", "Lab", "Luv", "YUV"] as const;
export type Colorspace = (typeof COLORSPACES)[number];

const FROM_RGB: Partial<Record<Colorspace, Conversion>> = {
  BGR: reversing,
  GRAY: intoGrey,
  CIE: intoCie,
  YCrCb: intoYcrcb,
  YUV: intoYuv,
  HSV: intoHsv,
  HLS: intoHls,
  Lab: intoLab,
  Luv: intoLuv,
};

/** What was made grey is grey in red, green and blue. */
const TO_RGB: Partial<Record<Colorspace, Conversion>> = {
  BGR: reversing,
  CIE: outOfCie,
  YCrCb: outOfYcrcb,
  YUV: outOfYuv,
  HSV: outOfHsv,
  HLS: outOfHls,
  Lab: outOfLab,
  Luv: outOfLuv,
};

/** The same picture in another colour space. Grey pictures count as red, green and blue alike; alpha stays. */
export function convertColors(image: ImageData8, from: Colorspace, to: Colorspace): ImageData8 {
  const result = image.channels === 1 ? inColors(image) : image;
  if (from === to) return result;
  const first = TO_RGB[from];
  const rgb = first ? converted(result, first) : result;
  const second = FROM_RGB[to];
  return second ? converted(rgb, second) : rgb;
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
    result[i] = greyLevel(data[at]!, data[at + 1]!, data[at + 2]!);
  }
  return { data: result, width, height, channels: 1 };
}

/** A change of colours for pictures of any kind: a grey one is coloured before, and grey again after it. */
export function changingColors(image: ImageData8, change: (image: ImageData8) => ImageData8): ImageData8 {
  return image.channels === 1 ? inGrey(change(inColors(image))) : change(image);
}
