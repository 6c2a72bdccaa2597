/**
 * A picture file before it is decoded: its bytes, and what its header says.
 *
 * The type is told by content, never by name. Files are read here and handed to sharp as bytes: libvips would take
 * brackets in a path for options, and its messages don't tell a missing file from a forbidden one.
 */
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import sharp from "sharp";
import { VitrineError } from "../structures/errors.js";
import { MOST_PIXELS } from "../structures/image.js";
import { integerOption } from "../structures/options.js";

export const DEFAULT_MAX_PIXELS: number = MOST_PIXELS;

/** libvips takes one buffer of at most 2 GiB; a picture never comes near. */
const MAX_BYTES = 1 << 30;

/** Enough of a file for every header but a TIFF's. */
const HEAD_BYTES = 1 << 20;

export interface PictureOptions {
  /** Pictures of more pixels are refused by their header, before decoding; 100 million by default. */
  maxPixels?: number;
}

export interface PictureFile {
  /** The path, or "picture" for bytes: for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Told by content: "jpeg", "png", "webp", "gif", "tiff", "heif". */
  readonly format: string;
  /** In pixels, as displayed: after EXIF orientation. */
  readonly width: number;
  readonly height: number;
  /** Frames of an animation, pages of a TIFF; 1 for all others. */
  readonly frames: number;
}

/**
 * Reads a picture's bytes and header, and refuses what can't or shouldn't be decoded.
 * @throws `MissingFile`, `InvalidImage`, `ImageTooLarge`
 */
export async function readPicture(source: string | Uint8Array, options: PictureOptions = {}): Promise<PictureFile> {
  const limit = integerOption("maxPixels", options.maxPixels ?? DEFAULT_MAX_PIXELS, 1);
  if (typeof source !== "string") return readHeader("picture", source, limit);
  return readHeader(source, await readBytes(source, limit), limit);
}

/** What sharp threw while decoding, as a typed error that names the picture. */
export function invalidImage(path: string, cause: unknown): VitrineError {
  const message = firstLine(cause instanceof Error ? cause.message : String(cause));
  // So says libvips where two pictures fail at the same time, and the other one's reason was taken first.
  const reason = message === "Unknown error" ? "its pixels can't be decoded" : message;
  return new VitrineError("InvalidImage", { path, reason }, { cause });
}

/** Whether the bytes begin like a picture; a name says nothing. */
export function looksLikePicture(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 16)).toString("latin1");
  return /^(\xff\xd8\xff|\x89PNG|GIF8|BM|RIFF....WEBP|II\*\0|MM\0\*|....ftyp(avif|hei[cxms]|hev[cxms]|mif1))/s.test(
    text,
  );
}

async function readBytes(path: string, limit: number): Promise<Uint8Array> {
  const handle = await openFile(path);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw missing(path, stat.isDirectory() ? "it is a folder" : "it is not a regular file");
    if (stat.size > MAX_BYTES) {
      throw new VitrineError("InvalidImage", { path, reason: `${stat.size} bytes are more than a picture has` });
    }
    if (stat.size > HEAD_BYTES) await refuseByHead(path, handle, limit);
    return await handle.readFile();
  } catch (cause) {
    throw cause instanceof VitrineError ? cause : missing(path, systemReason(cause), cause);
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Non-blocking, or a named pipe that nobody writes to would hold a thread for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw missing(path, systemReason(cause), cause);
  }
}

/** A big file of too many pixels is refused after its first megabyte; a head that says nothing yet is no reason. */
async function refuseByHead(path: string, handle: FileHandle, limit: number): Promise<void> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  const bytes = head.subarray(0, bytesRead);
  const header = await sharp(bytes, { failOn: "none", limitInputPixels: false, pages: 1 })
    .metadata()
    .catch(() => undefined);
  if (header) refuseBySize(path, header.width, header.pageHeight ?? header.height, limit);
}

async function readHeader(path: string, bytes: Uint8Array, limit: number): Promise<PictureFile> {
  refuseByContent(path, bytes);
  const header = await sharp(bytes, { failOn: "none", limitInputPixels: false, pages: 1 })
    .metadata()
    .catch((cause: unknown) => {
      throw invalidImage(path, cause);
    });
  const { width, height } = header.autoOrient;
  refuseBySize(path, width, height, limit);
  return { path, bytes, format: header.format, width, height, frames: header.pages ?? 1 };
}

function refuseByContent(path: string, bytes: Uint8Array): void {
  const refuse = (reason: string) => {
    throw new VitrineError("InvalidImage", { path, reason });
  };
  if (bytes.length === 0) refuse("the file is empty");
  const head = Buffer.from(bytes.subarray(0, 16));
  if (head.toString("latin1", 0, 2) === "BM") refuse("BMP is not supported, save it as PNG");
  if (isHeic(head)) refuse("HEIC is not supported, save it as JPEG");
  if (!looksLikePicture(head)) {
    refuse(`it begins with ${JSON.stringify(head.toString("latin1", 0, 8))}, as no JPEG, PNG, WebP, GIF or TIFF does`);
  }
}

/** Phones' format: its codec is under patents, so that libvips comes without. AVIF lies in the same container, by another codec. */
const isHeic = (head: Buffer) => /^ftyp(hei[cxms]|hev[cxms])/.test(head.toString("latin1", 4, 12));

function refuseBySize(path: string, width: number, height: number, limit: number): void {
  if (width * height > limit) throw new VitrineError("ImageTooLarge", { path, width, height, limit });
}

function missing(path: string, reason: string, cause?: unknown): VitrineError {
  return new VitrineError("MissingFile", { path, what: "a picture", reason }, { cause });
}

/** An operating system's refusal in words. */
export function systemReason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "it may not be read (permissions)";
  if (code === "ELOOP") return "its symbolic links lead in a circle";
  if (code === "EISDIR") return "it is a folder";
  return cause instanceof Error ? firstLine(cause.message) : String(cause);
}

const firstLine = (text: string) => text.split("\n", 1)[0] ?? text;

/** EXIF's orientation, 1 to 8: how a picture is turned when it is displayed. 1 where it says nothing. */
export async function exifOrientation(path: string): Promise<number> {
  const { bytes } = await readPicture(path);
  const { orientation } = await sharp(bytes, { failOn: "none", limitInputPixels: false, pages: 1 }).metadata();
  return orientation ?? 1;
}
