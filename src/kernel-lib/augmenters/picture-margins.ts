/** Pictures in memory with what lies around them, for loops that look at each pixel's neighbours. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import type { Workplace } from "./picture-simd.js";

/** How many pixels lie around a picture: left and right, above and below. */
export interface Margins {
  left: number;
  right: number;
  above: number;
  below: number;
}

/** Rows with their left and right margins, one after another, and for each row from the first above on the address of its first byte. */
export interface SpreadPicture {
  stride: number;
  rows: readonly number[];
}

/** Bytes that `spreadPicture` takes. */
export const spreadBytes = ({ width, height, channels }: ImageData8, { left, right }: Margins): number =>
  (width + left + right) * channels * height + 16;

export function spreadPicture(
  place: Workplace,
  image: ImageData8,
  margins: Margins,
  mode: Exclude<BorderMode, "constant">,
): SpreadPicture {
  const { data, width, height, channels } = image;
  const { left, right, above, below } = margins;
  const [row, stride] = [width * channels, (width + left + right) * channels];
  const address = place.take(spreadBytes(image, margins));
  const bytes = place.bytes(address, stride * height);
  const outside = [...Array(left).keys(), ...Array.from({ length: right }, (_, i) => left + width + i)].map((x) => ({
    to: x * channels,
    from: (left + borderIndex(x - left, width, mode)) * channels,
  }));
  for (let y = 0, start = 0; y < height; y++, start += stride) {
    bytes.set(data.subarray(y * row, (y + 1) * row), start + left * channels);
    for (const { to, from } of outside) bytes.copyWithin(start + to, start + from, start + from + channels);
  }
  const rows = Array.from({ length: above + height + below }, (_, i) => {
    return address + borderIndex(i - above, height, mode) * stride;
  });
  return { stride, rows };
}
