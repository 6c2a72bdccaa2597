/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures under a layer: fog, ice, water. */
import type { ImageData8 } from "../structures/image.js";
import { colourCount } from "./lookup.js";
import { uninitialised } from "./picture-simd.js";
import { SimdPlanes, type LayerUse } from "./plane-simd.js";

/**
 * Colours as shares, 0 to 1, of which some is kept, with a tinted layer on them; clipped, and cut off to whole levels. Alpha is left alone.
 * @param layer a value for each pixel
 */
export function withLayer(image: ImageData8, layer: Float64Array, use: LayerUse): ImageData8 {
  return layeredBySimd(image, layer, use) ?? layeredPlainly(image, layer, use);
}

function layeredBySimd(image: ImageData8, layer: Float64Array, use: LayerUse): ImageData8 | undefined {
  if (image.channels !== 3) return undefined;
  const planes = SimdPlanes.of(image, 1, [], image.data.length, image.data.length, 32);
  return planes?.layered(image, planes.place.put(layer), use);
}

export function layeredPlainly(image: ImageData8, layer: Float64Array, { keep, less = 0, tint }: LayerUse): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  for (let c = 0; c < colours; c++) {
    const by = tint[c]!;
    for (let at = c, place = 0; at < data.length; at += channels, place++) {
      const own = layer[place]!;
      const share = (data[at]! / 255) * (keep - own * less) + own * by;
      data[at] = share < 0 ? 0 : share > 1 ? 255 : share * 255;
    }
  }
  return { data, width, height, channels };
}
