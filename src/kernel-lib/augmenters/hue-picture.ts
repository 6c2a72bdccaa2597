/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Hue and saturation of a picture in HSV as levels that children may take beyond 0 to 255, and back. */
import type { ImageData8 } from "../structures/image.js";
import { withinTurn, type WidePicture } from "./wide-picture.js";

/** In single precision: a hue on the edge between two would otherwise become the other. */
const single = Math.fround;
/** A hue of 0 to 179 as 0 to 254. */
export const wider = (hue: number) => Math.trunc(single(single(hue / 180) * 255));
/** And back. */
export const narrower = (hue: number) => Math.trunc(single(single(withinTurn(hue) / 255) * 180));
const WIDER = Int16Array.from({ length: 256 }, (_, hue) => wider(hue));
const NARROWER = Uint8Array.from({ length: 255 }, (_, hue) => narrower(hue));

export function hueAndSaturation({ data: hsv, width, height, channels }: ImageData8): WidePicture {
  const data = new Int16Array(width * height * 2);
  for (let from = 0, to = 0; from < hsv.length; from += channels, to += 2) {
    data[to] = WIDER[hsv[from]!]!;
    data[to + 1] = hsv[from + 1]!;
  }
  return { data, width, height, channels: ["hue", "saturation"] };
}

/** The picture's brightness and alpha with other hues and saturations. */
export function withHueAndSaturation(hsv: ImageData8, { data: wide }: WidePicture): ImageData8 {
  const data = hsv.data.slice();
  for (let from = 0, to = 0; from < wide.length; from += 2, to += hsv.channels) {
    const [hue, saturation] = [wide[from]!, wide[from + 1]!];
    data[to] = NARROWER[hue >= 0 && hue < 255 ? hue : withinTurn(hue)]!;
    data[to + 1] = saturation < 0 ? 0 : saturation > 255 ? 255 : saturation;
  }
  return { ...hsv, data };
}
