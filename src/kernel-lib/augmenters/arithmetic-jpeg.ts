/** imgaug's `JpegCompression`. */
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { jpegRoundTrip } from "./jpeg-round-trip.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface JpegCompressionOptions extends AugmenterOptions {
  /** 0 (the best quality) to 100 (the worst), cut off to whole numbers; [0, 100] by default. */
  compression?: NumberParameter;
}

/** Makes of pictures what a JPEG file makes of them. Alpha is left alone. */
export function JpegCompression(given: NumberParameter | JpegCompressionOptions = {}): Augmenter {
  const options = firstOption<JpegCompressionOptions>("JpegCompression", "compression", given, ["compression"]);
  const compression = numberParameter("compression", options.compression ?? [0, 100], { min: 0, max: 100 });
  return imageAugmenter("JpegCompression", options, (image, random) => {
    const quality = roundHalfEven(1 + 99 * (1 - Math.trunc(compression.sample(random)) / 101));
    return jpegRoundTrip(image, Math.min(Math.max(quality, 1), 100));
  });
}
