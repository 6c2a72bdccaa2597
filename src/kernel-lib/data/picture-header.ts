/**
 * A picture's size by its first bytes, at once and without decoding: for those that nobody has decoded yet. JPEG's EXIF is read by
 * image-size; PNG, WebP and TIFF keep the same block elsewhere.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { imageSize } from "image-size";

export interface PictureHeader {
  /** In pixels, as displayed: after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** EXIF's, 1 to 8; 1 where it says nothing. */
  readonly orientation: number;
}

/** What comes before a picture's size, with a camera's preview, is seldom more. */
const HEAD_BYTES = 1 << 16;

/** From EXIF's fifth orientation on a picture lies on its side. */
const ON_ITS_SIDE = 5;

// One for all files: filling a new one with zeros would take longer than to read the file.
const head = Buffer.alloc(HEAD_BYTES);

/** Undefined where the file can't be read, or is none of a known kind. */
export function readPictureHeader(path: string): PictureHeader | undefined {
  return withFile(path, (file) => {
    const part = head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    const isWhole = part.length < HEAD_BYTES;
    if (isWhole || !endsWithExif(part)) {
      const header = pictureHeader(part);
      if (header || isWhole) return header;
    }
    return pictureHeader(readFileSync(file));
  });
}

/** Undefined where it can't be read; who decodes the picture says why. */
export function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  try {
    // Non-blocking, or a named pipe that nobody writes to would stop everything.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return fstatSync(file).isFile() ? use(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** A WebP says in its first bytes that EXIF follows the pixels. */
const endsWithExif = (bytes: Buffer) =>
  bytes.toString("latin1", 8, 16) === "WEBPVP8X" && ((bytes[20] ?? 0) & EXIF_FLAG) !== 0;

const EXIF_FLAG = 8;

function pictureHeader(bytes: Buffer): PictureHeader | undefined {
  try {
    const { width, height, type, orientation = orientationIn(bytes, type) } = imageSize(bytes);
    const isTurned = orientation >= ON_ITS_SIDE || isTurnedHeif(bytes, type);
    return isTurned ? { width: height, height: width, orientation } : { width, height, orientation };
  } catch {
    return undefined;
  }
}

function orientationIn(bytes: Buffer, type: string | undefined): number {
  if (type === "tiff") return orientationOfTiff(bytes);
  if (type === "png") return orientationOfTiff(pngBlock(bytes));
  return type === "webp" ? orientationOfTiff(webpBlock(bytes)) : 1;
}

/** HEIF and AVIF are turned by a property of their own, in quarters; decoders apply it, and EXIF says no more. */
function isTurnedHeif(bytes: Buffer, type: string | undefined): boolean {
  if (type !== "avif" && type !== "heic" && type !== "heif") return false;
  const at = bytes.indexOf("irot", 0, "latin1");
  return at >= 0 && (bytes[at + 4] ?? 0) % 2 === 1;
}

/** Chunks are a length, four letters, that many bytes and a checksum. */
function pngBlock(bytes: Buffer): Buffer | undefined {
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (name === "eXIf") return bytes.subarray(at + 8, at + 8 + length);
    // It may come after the pixels, too.
    if (name === "IEND") return undefined;
    at += length + 12;
  }
  return undefined;
}

/** Chunks are four letters, a length and that many bytes, filled up to an even number. */
function webpBlock(bytes: Buffer): Buffer | undefined {
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const block = bytes.subarray(at + 8, at + 8 + length);
    if (bytes.toString("latin1", at, at + 4) === "EXIF")
      return block.toString("latin1", 0, 6) === "Exif\0\0" ? block.subarray(6) : block;
    at += 8 + length + (length % 2);
  }
  return undefined;
}

const ORIENTATION_TAG = 0x0112;

/** The first directory of a TIFF, which EXIF is. */
function orientationOfTiff(block: Buffer | undefined): number {
  if (!block || block.length < 8) return 1;
  const isLittle = block.toString("latin1", 0, 2) === "II";
  const short = (at: number) => (isLittle ? block.readUInt16LE(at) : block.readUInt16BE(at));
  const first = isLittle ? block.readUInt32LE(4) : block.readUInt32BE(4);
  if (first + 2 > block.length) return 1;
  for (let i = 0; i < short(first); i++) {
    const at = first + 2 + 12 * i;
    if (at + 10 > block.length) return 1;
    if (short(at) !== ORIENTATION_TAG) continue;
    const orientation = short(at + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}
