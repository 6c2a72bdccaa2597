/** `showImages`: pictures side by side as a cell's value, without a widget: originals beside augmented copies, say. */
import { inspect } from "node:util";

import { JUPYTER_DISPLAY, type MimeBundle } from "../comm/port.js";
import { showBundle } from "../comm/show.js";
import type { ClassificationImage } from "../data/classification-image.js";
import { encodePng } from "../data/picture-store.js";
import type { ImageData8 } from "../structures/image.js";
import { VitrineError } from "../structures/errors.js";
import { integerOption, knownOptions } from "../structures/options.js";
import { labelText } from "./picture-row.js";
import { pictureSheet, type SheetTile } from "./picture-sheet.js";
import { pictures } from "./static-gallery.js";

/** A file's path, an encoded picture, pixels, or a data set's picture. */
export type ShownImage = string | Uint8Array | ImageData8 | ClassificationImage;

export interface ImageGridOptions {
  /** 1 to 20; 6 by default. */
  columns?: number;
  /** How many rows at most, 1 to 100; all pictures by default, 60 of them at most. */
  rows?: number;
  /** One a picture; a data set's pictures have their name and labels by default, all others none. */
  captions?: readonly string[];
  /** The longest side of a picture, in CSS pixels, 16 to 1024; 128 by default. */
  side?: number;
}

/** A notebook file carries the pictures: so many are shown where nobody says how many. */
const MOST = 60;

/** Pictures side by side, as `showImages` makes them. */
export class ImageGrid {
  /** How many pictures are shown. */
  readonly count: number;
  private readonly images: readonly ShownImage[];
  private readonly captions: readonly string[];
  private readonly columns: number;
  private readonly side: number;

  /** @throws InvalidOption */
  constructor(
    images: Iterable<ShownImage> | { readonly images: readonly ShownImage[] },
    options: ImageGridOptions = {},
  ) {
    knownOptions("showImages", options, ["columns", "rows", "captions", "side"]);
    const all = "images" in images ? images.images : [...images];
    this.columns = integerOption("columns", options.columns ?? 6, 1, 20);
    this.side = integerOption("side", options.side ?? 128, 16, 1024);
    const most = options.rows === undefined ? MOST : integerOption("rows", options.rows, 1, 100) * this.columns;
    this.images = all.slice(0, most);
    this.captions = captionsOption(options.captions, all.length) ?? this.images.map(caption);
    this.count = this.images.length;
  }

  /** Shows the pictures under the running cell. As a cell's last value they show themselves. */
  async show(): Promise<void> {
    showBundle(await this.bundle());
  }

  async [JUPYTER_DISPLAY](): Promise<MimeBundle> {
    return this.bundle();
  }

  [inspect.custom](): string {
    return `${pictures(this.count)}. They are shown in a notebook; here: await grid.show()`;
  }

  private async bundle(): Promise<MimeBundle> {
    const tiles: SheetTile[] = [];
    for (const [i, image] of this.images.entries()) {
      tiles.push({ source: await source(image), caption: this.captions[i] ?? "" });
    }
    const html = await pictureSheet(tiles, { columns: this.columns, side: this.side });
    const lines = tiles.map(({ caption }) => JSON.stringify(caption).slice(1, -1)).filter((line) => line !== "");
    return { "text/html": html, "text/plain": [pictures(this.count), ...lines].join("\n") };
  }
}

/**
 * Pictures side by side as a cell's value.
 *
 * ```ts
 * showImages(train, { columns: 6, rows: 2 })
 * showImages([original, copy], { captions: ["original", "augmented"] })
 * ```
 *
 * @throws InvalidOption
 */
export function showImages(
  images: Iterable<ShownImage> | { readonly images: readonly ShownImage[] },
  options: ImageGridOptions = {},
): ImageGrid {
  return new ImageGrid(images, options);
}

function captionsOption(captions: readonly string[] | undefined, count: number): readonly string[] | undefined {
  if (captions === undefined || captions.length === count) return captions;
  const received = `${captions.length}`;
  throw new VitrineError("InvalidOption", { option: "captions", expected: `${count} texts, one a picture,`, received });
}

function caption(image: ShownImage): string {
  return isDatasetImage(image) ? `${image.name}: ${labelText(image.labels)}` : "";
}

async function source(image: ShownImage): Promise<string | Uint8Array> {
  if (typeof image === "string" || image instanceof Uint8Array) return image;
  return isDatasetImage(image) ? image.storagePath : encodePng(image);
}

const isDatasetImage = (image: ShownImage): image is ClassificationImage =>
  typeof image === "object" && "storagePath" in image;
