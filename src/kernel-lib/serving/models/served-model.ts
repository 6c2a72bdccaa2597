/**
 * A model as a service sees it: pictures are prepared one by one while others are computed, then scored together. A new kind
 * of model is one more implementation, and one more line in `open-served-model.ts`.
 */
import type { PictureOptions } from "../../data/picture-file.js";

/** One picture to score. */
export interface PictureItem {
  /** An encoded picture: JPEG, PNG, WebP, GIF or TIFF. */
  picture: Uint8Array;
  /** Stretched to height × width pixels first. */
  resize?: readonly [number, number] | undefined;
}

/** One request to an entry script: its body as it came. */
export interface ScriptInput {
  body: Uint8Array;
  /** "" where the client gave none. */
  contentType: string;
  requestId: string;
}

/** What waits in a service's queue. */
export type ScoringItem = PictureItem | ScriptInput;

/** What a model says of one picture, before anybody asked for a form. */
export type Scores =
  | {
      kind: "classification";
      /** One a label, before the softmax. */
      logits: Float32Array;
    }
  | {
      kind: "detection";
      /** N × 4: ymin, xmin, ymax, xmax, in 0 to 1 of the picture. */
      boxes: Float32Array;
      /** N, descending. */
      scores: Float32Array;
      /** N, indices into the labels. */
      classes: Int32Array;
    }
  | {
      kind: "script";
      /** What `run()` returned, as JSON. */
      json: string;
    };

export interface ServedModelMetadata {
  kind: Scores["kind"];
  labels: readonly string[];
  /** For people: the kind of network and what it takes. */
  description: string;
}

/** `P` is a picture made ready. */
export interface ServedModel<P = unknown> {
  readonly metadata: ServedModelMetadata;
  /** Whether several pictures cost less together than one by one. */
  readonly together: boolean;
  /** Decodes; where pictures wait for others, this does not wait for the model. @throws InvalidImage, ImageTooLarge */
  prepare(item: PictureItem, options: PictureOptions): Promise<P>;
  /** One answer for each, in their order. */
  score(prepared: readonly P[]): Promise<Scores[]>;
}
