/** What `AnnotationUI` needs of a model. The engine's classifiers have it, and so may anybody's. */
import type { AnnotatedPicture } from "./annotated-picture.js";
import type { Matrix } from "../structures/matrix.js";
import type { TrainingObserver } from "../structures/training.js";
import type { Detections } from "../structures/detections.js";

/** Pictures for a model: a part of a data set. */
export interface PicturesToJudge {
  readonly name: string;
  readonly images: readonly AnnotatedPicture[];
}

export interface AnnotationModel {
  readonly labels: readonly string[];
  /** Probabilities, a row a picture, a column a label. A model that has not learnt yet throws `NotReady`. */
  score(pictures: PicturesToJudge, options?: { signal?: AbortSignal | undefined }): Promise<Matrix>;
  /** What the model sees, a row a picture: for the order by diversity. */
  features?(pictures: PicturesToJudge, options?: { signal?: AbortSignal | undefined }): Promise<Matrix>;
  /** Learns from pictures that have labels. A model with a `history` of epochs is given an observer. */
  train?(
    pictures: PicturesToJudge,
    options?: { signal?: AbortSignal | undefined; observer?: TrainingObserver | undefined },
  ): Promise<unknown>;
  readonly history?: readonly unknown[];
}

/** What boxes are suggested by. */
export interface AnnotationDetector {
  readonly labels: readonly string[];
  detect(pictures: PicturesToJudge, options?: { signal?: AbortSignal | undefined }): Promise<readonly Detections[]>;
}
