/** Where every decoding begins. A file of its own: sharp's types stay out of the library's public declarations. */
import sharp from "sharp";
import type { PictureFile } from "./picture-file.js";

/**
 * sharp over a picture that was read: upright and first frame. A file that is cut short is refused; what decoders only warn of (bytes
 * after the end, a damaged patch) is not, as in every viewer.
 */
export function openPicture(picture: Pick<PictureFile, "bytes">): sharp.Sharp {
  return sharp(picture.bytes, { failOn: "error", limitInputPixels: false, pages: 1 }).autoOrient();
}
