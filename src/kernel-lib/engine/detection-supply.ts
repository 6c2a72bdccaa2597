/** Decodes and augments a detector's training pictures on threads beside the worker, while that computes the step before. */
import { decodePicture } from "../data/decode.js";
import { readPicture } from "../data/picture-file.js";
import { VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { AugmentBoxedEvent, BoxedPicture, SupplyBoxedRequest } from "./detection-messages.js";
import type { AugmentedBox, BoxAugmenter } from "./detection-train-options.js";
import { engineClient } from "./engine.js";
import { Lanes } from "./lanes.js";

const READERS = 4;

/** Decoded pixels that are kept; beyond it a picture is decoded each time. */
const ROOM = 256 * 2 ** 20;

type Supplied = NonNullable<SupplyBoxedRequest["picture"]>;

export class DetectionSupply {
  /** The first thing that went wrong, which is why the training ended. */
  failure: Error | undefined;
  private readonly augmenter: BoxAugmenter;
  private readonly pictures: readonly BoxedPicture[];
  private readonly minVisible: number;
  private readonly lanes = new Lanes(READERS);
  private readonly decoded = new Map<string, ImageData8>();
  private room = ROOM;

  constructor(augmenter: BoxAugmenter, pictures: readonly BoxedPicture[], minVisible: number) {
    this.augmenter = augmenter;
    this.pictures = pictures;
    this.minVisible = minVisible;
  }

  /** Never throws: the worker ends the training where there is no picture. */
  async answer({ id, index, seed }: AugmentBoxedEvent): Promise<void> {
    try {
      const picture = await this.lanes.run(() => this.make(index, seed));
      await engineClient().request("supplyBoxed", { id, picture });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.failure ??= failure;
      // A worker that is gone needs no answer.
      await engineClient()
        .request("supplyBoxed", { id, reason: failure.message })
        .catch(() => undefined);
    }
  }

  private async make(index: number, seed: string): Promise<Supplied> {
    const source = this.pictures[index];
    if (!source) throw new Error(`there is no training picture ${index}`);
    const image = await this.decode(source.path);
    const subject = { image, boxes: asBoxes(source) };
    const batch = await this.augmenter.augmentBatch?.([subject], { seeds: [seed] });
    const { image: changed, boxes = [] } = batch?.[0] ?? this.augmenter.augment(subject, { seed });
    if (changed.channels !== 3) {
      const expected = "an augmenter that keeps three channels";
      throw new VitrineError("InvalidOption", { option: "augment", expected, received: `${changed.channels}` });
    }
    return { image: changed, ...visible(boxes, changed, this.minVisible) };
  }

  private async decode(path: string): Promise<ImageData8> {
    const known = this.decoded.get(path);
    if (known) return known;
    const image = await decodePicture(await readPicture(path));
    if (image.data.length <= this.room) {
      this.room -= image.data.length;
      this.decoded.set(path, image);
    }
    return image;
  }
}

/** The label is a class's number. */
function asBoxes({ boxes, classes, difficult }: BoxedPicture): AugmentedBox[] {
  return [...classes].flatMap((label, i) => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
    return difficult[i] ? [] : [{ x1, y1, x2, y2, label: String(label) }];
  });
}

/** Pixels; what is left of a box must be at least so wide and high to be learnt from. */
const THINNEST = 2;

/** The boxes cut off at the borders; those of which too little is left are gone. */
export function visible(
  boxes: readonly AugmentedBox[],
  { width, height }: Pick<ImageData8, "width" | "height">,
  least: number,
): Pick<Supplied, "boxes" | "classes"> {
  const within = (value: number, end: number) => Math.min(Math.max(value, 0), end);
  const kept = boxes.flatMap(({ x1, y1, x2, y2, label = "0" }) => {
    const [left, right] = [within(x1, width), within(x2, width)];
    const [top, bottom] = [within(y1, height), within(y2, height)];
    const seen = ((right - left) * (bottom - top)) / ((x2 - x1) * (y2 - y1));
    const thin = right - left < THINNEST || bottom - top < THINNEST;
    return thin || !(seen >= least) ? [] : [{ sides: [left, top, right, bottom], label: Number(label) }];
  });
  return {
    boxes: Float32Array.from(kept.flatMap(({ sides }) => sides)),
    classes: Int32Array.from(kept, ({ label }) => label),
  };
}
