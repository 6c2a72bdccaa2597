/**
 * vitrine: look at pictures, label them, train a network, see what it gets wrong.
 */

// Structures
export { isVitrineError, VitrineError, type VitrineErrorCode, type VitrineErrorDetails } from "./structures/errors.js";
export type { ImageData8 } from "./structures/image.js";
export type { Matrix } from "./structures/matrix.js";
export type {
  EpochReport,
  StepReport,
  TrainingObserver,
  TrainingOutcome,
  TrainingPlan,
} from "./structures/training.js";

// Data
export { Context, type ContextOptions } from "./structures/context.js";
export {
  ClassificationDataset,
  type CreateFromDirOptions,
  type DatasetProblem,
  type LabelChange,
  type OtherUser,
  type SplitOptions,
} from "./data/classification-dataset.js";
export { ClassificationImage } from "./data/classification-image.js";
export { decodeImage, type DecodeOptions } from "./data/decode.js";
export { contactSheet, thumbnail, type EncodedPicture, type SheetItem } from "./data/thumbnail.js";

// Augmenters

// Models and classifiers
export { LinearSVC, type LinearSVCOptions } from "./classifiers/linear-svc.js";
export { StandardScaler } from "./classifiers/standard-scaler.js";

// Metrics
export {
  ClassificationEvaluation,
  type ImageClassifier,
  type LabelledImages,
  type ScoreOptions,
} from "./metrics/classification-evaluation.js";
export * as metrics from "./metrics/index.js";

// Plots and widgets

// Display
