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
  const bytes = await read(source, options);
  if (options.imageResizeDims) return stretched(bytes, options.imageResizeDims);
  return (await readPicture(bytes)).bytes;
}

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
