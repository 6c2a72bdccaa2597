/** A picture in memory. */
import { quote, VitrineError } from "./errors.js";

/** Pixels of one picture at most, unless the caller says otherwise: 300 MB as RGB. */
export const MOST_PIXELS = 100_000_000;

/** 8-bit, interleaved, row by row: pixel (x, y) begins at `(y * width + x) * channels`. */
export interface ImageData8 {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
}

/** The picture itself where its fields agree with each other, else an `InvalidOption` error that names `option`. */
export function imageOption(option: string, image: ImageData8): ImageData8 {
  const given: unknown = image;
  const expected = "a picture { data, width, height, channels }";
  if (typeof given !== "object" || given === null) {
    throw new VitrineError("InvalidOption", { option, expected, received: quote(given) });
  }
  const { data, width, height, channels } = image;
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || ![1, 3, 4].includes(channels) || !(data instanceof Uint8Array)) {
    const received = quote({ width, height, channels });
    throw new VitrineError("InvalidOption", { option, expected, received });
  }
  if (data.length !== width * height * channels) {
    const bytes = `${width} × ${height} × ${channels} = ${width * height * channels} bytes of data`;
    throw new VitrineError("InvalidOption", { option, expected: bytes, received: `${data.length} bytes` });
  }
  return image;
}
