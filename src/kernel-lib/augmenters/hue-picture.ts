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
  const [hues, saturations] = [new Int16Array(width * height), new Int16Array(width * height)];
  for (let i = 0, from = 0; i < hues.length; i++, from += channels) {
    hues[i] = WIDER[hsv[from]!]!;
    saturations[i] = hsv[from + 1]!;
  }
  const [hue, saturation] = [
    { holds: "hue", levels: hues },
    { holds: "saturation", levels: saturations },
  ] as const;
  return { width, height, channels: [hue, saturation] };
}

/** A picture in HSV that nobody else sees, now with other hues and saturations. */
export function takeHueAndSaturation(hsv: ImageData8, { channels }: WidePicture): ImageData8 {
  const [hues, saturations] = [channels[0]!.levels, channels[1]!.levels];
  const { data, channels: step } = hsv;
  for (let i = 0, to = 0; i < hues.length; i++, to += step) {
    const hue = hues[i]!;
    const saturation = saturations[i]!;
    data[to] = NARROWER[hue >= 0 && hue < 255 ? hue : withinTurn(hue)]!;
    data[to + 1] = saturation < 0 ? 0 : saturation > 255 ? 255 : saturation;
  }
  return hsv;
}
