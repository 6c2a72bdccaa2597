/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Hue and saturation of a picture in HSV as levels that children may take beyond 0 to 255, and back. */
import type { ImageData8 } from "../structures/image.js";
import { lookUp } from "./lookup.js";
import { channelOf, withChannel } from "./picture-channels.js";
import { withinTurn, type WidePicture } from "./wide-picture.js";

/** In single precision: a hue on the edge between two would otherwise become the other. */
const single = Math.fround;
/** A hue of 0 to 179 as 0 to 254. */
export const wider = (hue: number) => Math.trunc(single(single(hue / 180) * 255));
/** And back. */
export const narrower = (hue: number) => Math.trunc(single(single(withinTurn(hue) / 255) * 180));
const WIDER = Uint8Array.from({ length: 256 }, (_, hue) => wider(hue));
const NARROWER = Uint8Array.from({ length: 255 }, (_, hue) => narrower(hue));

export function hueAndSaturation(hsv: ImageData8): WidePicture {
  const hues = lookUp(channelOf(hsv, 0), [WIDER]);
  const [hue, saturation] = [
    { holds: "hue", levels: new Int16Array(hues.data) },
    { holds: "saturation", levels: new Int16Array(channelOf(hsv, 1).data) },
  ] as const;
  return { width: hsv.width, height: hsv.height, channels: [hue, saturation] };
}

/** A picture in HSV with other hues and saturations, where they are others than `before`. */
export function withHueAndSaturation(hsv: ImageData8, before: WidePicture, { channels }: WidePicture): ImageData8 {
  return channels.reduce((image, { holds, levels }, c) => {
    if (levels === before.channels[c]?.levels && holds === "saturation") return image;
    const data = holds === "hue" ? narrowed(levels) : clipped(levels);
    return withChannel(image, c, { data, width: hsv.width, height: hsv.height, channels: 1 });
  }, hsv);
}

function narrowed(hues: Int16Array): Uint8Array {
  const result = new Uint8Array(hues.length);
  for (let i = 0; i < hues.length; i++) {
    const hue = hues[i]!;
    result[i] = NARROWER[hue >= 0 && hue < 255 ? hue : withinTurn(hue)]!;
  }
  return result;
}

/** Of a clamped array, numbers are cut off at its ends. */
const clipped = (levels: Int16Array): Uint8Array => new Uint8Array(new Uint8ClampedArray(levels).buffer);
