/** `showAugmented`: originals beside what an augmenter makes of them, with their boxes, as a cell's value. */
import { inspect } from "node:util";

import { JUPYTER_DISPLAY, type MimeBundle } from "../comm/port.js";
import { showBundle } from "../comm/show.js";
import { augmentedPicture, type PictureAugmenter } from "../data/augmented-picture.js";
import { decodeImage } from "../data/decode.js";
import { drawBoxes } from "../data/draw-boxes.js";
import { encodePng } from "../data/picture-store.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { integerOption, knownOptions } from "../structures/options.js";
import type { ObjectBox } from "../structures/object-box.js";
import { pictureSheet, type SheetTile } from "./picture-sheet.js";

/** A data set, or any list, of pictures with or without boxes. */
export interface AugmentableSet {
  readonly images: readonly { name: string; storagePath: string; boxes?: readonly ObjectBox[] }[];
  readonly labels?: readonly string[];
}

export interface ShowAugmentedOptions {
  /** One picture a row, 1 to 50; 3 by default. */
  rows?: number;
  /** The original and its copies, 2 to 20; 4 by default. */
  columns?: number;
  /** The longest side of a picture, in CSS pixels, 16 to 1024; 160 by default. */
  side?: number;
  /** The same seed shows the same copies; 1 by default. */
  seed?: number;
}

const NAMES = ["rows", "columns", "side", "seed"];

/** Originals beside augmented copies, as `showAugmented` makes them. */
export class AugmentedGrid {
  private readonly set: AugmentableSet;
  private readonly pipelines: readonly PictureAugmenter[];
  private readonly rows: number;
  private readonly columns: number;
  private readonly side: number;
  private readonly seed: number;

  /** @throws InvalidOption */
  constructor(
    set: AugmentableSet,
    pipelines: PictureAugmenter | readonly PictureAugmenter[],
    options: ShowAugmentedOptions = {},
  ) {
    knownOptions("showAugmented", options, NAMES);
    this.set = set;
    this.pipelines = pipelineList(pipelines);
    this.rows = Math.min(integerOption("rows", options.rows ?? 3, 1, 50), set.images.length);
    this.columns = integerOption("columns", options.columns ?? 4, 2, 20);
    this.side = integerOption("side", options.side ?? 160, 16, 1024);
    this.seed = integerOption("seed", options.seed ?? 1, Number.MIN_SAFE_INTEGER);
  }

  /** Shows the pictures under the running cell. As a cell's last value they show themselves. */
  async show(): Promise<void> {
    showBundle(await this.bundle());
  }

  async [JUPYTER_DISPLAY](): Promise<MimeBundle> {
    return this.bundle();
  }

  [inspect.custom](): string {
    return `${this.rows} pictures and ${this.columns - 1} copies of each. They are shown in a notebook; here: await grid.show()`;
  }

  private async bundle(): Promise<MimeBundle> {
    const tiles: SheetTile[] = [];
    for (const { name, storagePath, boxes = [] } of this.set.images.slice(0, this.rows)) {
      const original = await decodeImage(storagePath);
      tiles.push({ source: await this.drawn(original, boxes), caption: captionOf(name, boxes.length) });
      for (let copy = 1; copy < this.columns; copy++) {
        const pipeline = this.pipelines[(copy - 1) % this.pipelines.length];
        if (!pipeline) continue;
        const result = augmentedPicture(pipeline, original, boxes, `${this.seed}/${copy}/${name}`);
        tiles.push({
          source: await this.drawn(result.image, result.boxes),
          caption: captionOf(`copy ${copy}`, result.boxes.length),
        });
      }
    }
    const html = await pictureSheet(tiles, { columns: this.columns, side: this.side });
    const lines = tiles.map(({ caption }) => JSON.stringify(caption).slice(1, -1));
    return { "text/html": html, "text/plain": lines.join("\n") };
  }

  private async drawn(image: ImageData8, boxes: readonly ObjectBox[]): Promise<Uint8Array> {
    const bytes = await encodePng(image);
    if (boxes.length === 0) return bytes;
    // Drawn at twice the size that is shown: lines stay sharp on dense screens.
    const drawn = await drawBoxes(bytes, boxes, {
      imageSize: Math.max(2 * this.side, 16),
      format: "png",
      ...(this.set.labels && { labels: this.set.labels }),
    });
    return drawn.bytes;
  }
}

function captionOf(name: string, objects: number): string {
  return objects === 0 ? name : `${name}, ${objects} object${objects === 1 ? "" : "s"}`;
}

function pipelineList(pipelines: PictureAugmenter | readonly PictureAugmenter[]): readonly PictureAugmenter[] {
  const list: readonly unknown[] = Array.isArray(pipelines) ? (pipelines as readonly unknown[]) : [pipelines];
  const isOne = (each: unknown) => typeof (each as { augment?: unknown } | null)?.augment === "function";
  if (list.length > 0 && list.every(isOne)) return list as readonly PictureAugmenter[];
  throw new VitrineError("InvalidOption", { option: "pipelines", expected: "augmenters", received: quote(pipelines) });
}

/**
 * Originals beside augmented copies, a row each, with the boxes of an object detection data set.
 *
 * ```ts
 * showAugmented(train, pipeline, { rows: 3, columns: 4 })
 * ```
 *
 * Boxes are cut at the picture's edge; one of which less than a quarter is left is dropped.
 * @throws InvalidOption
 */
export function showAugmented(
  dataset: AugmentableSet,
  pipelines: PictureAugmenter | readonly PictureAugmenter[],
  options?: ShowAugmentedOptions,
): AugmentedGrid {
  return new AugmentedGrid(dataset, pipelines, options);
}
