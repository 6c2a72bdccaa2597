/** What a client may name as a picture, and its bytes. */
import { readFile } from "node:fs/promises";

import { readPicture } from "../../data/picture-file.js";
import { fetchPublic } from "../../structures/fetch-public.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { stretched } from "../models/prepare-pixels.js";

/** A path, an address (http, https), a picture's bytes, or a picture of a data set. */
export type PictureSource = string | Uint8Array | { readonly storagePath: string };

export interface PictureSourceOptions {
  /** Height and width to which the picture is stretched before it is sent. */
  imageResizeDims?: readonly [number, number];
  /** Fetch from private, link-local and loopback addresses too. */
  allowPrivate?: boolean;
  signal?: AbortSignal | undefined;
}

/** @throws MissingFile, InvalidImage, AddressRefused, FetchFailed */
export async function pictureBytes(source: PictureSource, options: PictureSourceOptions): Promise<Uint8Array> {
  const dims = options.imageResizeDims && givenDims(options.imageResizeDims);
  const bytes = await read(source, options);
  if (dims) return stretched(bytes, dims);
  return (await readPicture(bytes)).bytes;
}

/** Callers in plain JavaScript pass one number. @throws InvalidOption */
function givenDims(dims: readonly [number, number]): readonly [number, number] {
  const isSide = (side: unknown) => Number.isInteger(side) && (side as number) >= 1 && (side as number) <= MOST;
  const given: unknown = dims;
  if (Array.isArray(given) && given.length === 2 && given.every(isSide)) return dims;
  const expected = `[height, width], each a whole number from 1 to ${MOST},`;
  throw new VitrineError("InvalidOption", { option: "imageResizeDims", expected, received: quote(dims) });
}

/** Pixels. */
const MOST = 16384;

async function read(
  source: PictureSource,
  { allowPrivate = false, signal }: PictureSourceOptions,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const path: unknown = typeof source === "string" ? source : (source as Partial<typeof source> | null)?.storagePath;
  if (typeof path !== "string" || path === "") {
    const expected = "a path, an address, a picture's bytes, or a picture of a data set";
    throw new VitrineError("InvalidOption", { option: "source", expected, received: quote(source) });
  }
  // A drive's letter on Windows is no scheme.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return (await fetchPublic(path, { allowPrivate, signal })).bytes;
  await readPicture(path);
  return readFile(path);
}
