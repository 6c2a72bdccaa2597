/** Decodes and augments the pictures of a training on threads beside the worker, while that computes the step before. */
import type { ImageAugmenter } from "../data/augment-dataset.js";
import { augmentedPictures } from "../data/augmented-picture.js";
import { decodePicture } from "../data/decode.js";
import { readPicture } from "../data/picture-file.js";
import { VitrineError } from "../structures/errors.js";
import { engineClient } from "./engine.js";
import { Lanes } from "./lanes.js";
import type { EngineEvent, PictureInput } from "./messages.js";

/** Files that are open at once; sharp decodes on threads of its own. */
const READERS = 4;

export class AugmentSupply {
  /** The first thing that went wrong, which is why the training ended. */
  failure: Error | undefined;
  private readonly augmenter: ImageAugmenter;
  private readonly input: PictureInput;
  private readonly lanes = new Lanes(READERS);

  constructor(augmenter: ImageAugmenter, input: PictureInput) {
    this.augmenter = augmenter;
    this.input = input;
  }

  /** Never throws: the worker ends the training where there is no picture. */
  async answer({ id, path, seed }: Extract<EngineEvent, { kind: "augment" }>): Promise<void> {
    try {
      const pixels = await this.lanes.run(() => this.make(path, seed));
      await engineClient().request("supply", { id, pixels });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.failure ??= failure;
      // A worker that is gone needs no answer.
      await engineClient()
        .request("supply", { id, reason: failure.message })
        .catch(() => undefined);
    }
  }

  private async make(path: string, seed: string): Promise<Uint8Array> {
    const { width, height, fit } = this.input;
    const image = await decodePicture(await readPicture(path), { width, height, fit });
    const [copy] = await augmentedPictures(this.augmenter, [{ image, boxes: [], seed }]);
    const { data, ...size } = copy?.image ?? image;
    if (size.width === width && size.height === height && size.channels === 3) return data;
    const expected = `an augmenter that keeps the size, ${width} × ${height} × 3,`;
    const received = `${size.width} × ${size.height} × ${size.channels}`;
    throw new VitrineError("InvalidOption", { option: "augment", expected, received });
  }
}
