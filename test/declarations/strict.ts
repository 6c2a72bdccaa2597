/**
 * What a program with the strictest settings does with the library: hands on options that it may not have been given, tells errors
 * apart, writes helpers for data sets of both kinds, and brings classifiers, detectors, observers, augmenters and providers of its own.
 */
import type * as vitrine from "vitrine";
import type {
  AnnotatedImage,
  AnnotationModel,
  AnyVitrineError,
  augmenters,
  BoxedImages,
  ClassificationDataset,
  ClassWeight,
  Context,
  DetectionEvaluation,
  Detections,
  DetectOptions,
  ErrorAnalysis,
  FeatureClassifier,
  FoundImage,
  ImageClassifier,
  ImageProvider,
  isVitrineError as IsVitrineError,
  LabelledImages,
  Matrix,
  NetworkOrigin,
  ObjectDetectionDataset,
  ObjectDetector,
  PictureAugmenter,
  PictureDataset,
  PrecisionRecallUI,
  ScoreOptions,
  TrainingObserver,
  TrainOptions,
  TransferLearningModel,
} from "vitrine";

declare const isVitrineError: typeof IsVitrineError;

/** Codes narrow details, in a switch, by name, and in what is left. */
export function explained(error: unknown): string {
  if (isVitrineError(error, "InvalidOption")) return error.details.option;
  if (!isVitrineError(error)) return "not ours";
  switch (error.code) {
    case "MissingFile":
      return error.details.path;
    case "TrainingDiverged":
      return error.details.epoch.toFixed();
    case "ScoringFailed":
      return `${error.details.status} ${error.details.index?.toFixed() ?? ""}`;
    default:
      return error.message;
  }
}

export const reasonOf = ({ details }: AnyVitrineError<"InvalidImage" | "InvalidDataset">): string => details.reason;

interface Given {
  signal?: AbortSignal;
  context?: Context;
  batchSize?: number;
  observer?: TrainingObserver;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/** Options that may be missing are handed on as they are. */
export async function handedOn(
  dataset: ClassificationDataset,
  model: TransferLearningModel,
  { signal, context, batchSize, observer, onProgress }: Given,
  library: typeof vitrine,
): Promise<Matrix> {
  const opened = await library.ClassificationDataset.createFromDir("again", "folder", { signal, context, onProgress });
  const boxes = await library.ObjectDetectionDataset.createFromDir("boxes", "folder", { signal, context, onProgress });
  await opened.export("out", { format: "coco", signal, onProgress });
  await library.augmentDataset(boxes, library.augmenters.Fliplr(0.5), { signal, context, onProgress });
  await library.findNearDuplicates(dataset, { signal });
  await library.thumbnail("picture.jpg", 64);
  const options: TrainOptions = { signal, batchSize, observer };
  await model.train(opened, options);
  await new library.FasterRCNN({ labels: boxes.labels, context }).train(boxes, { signal, batchSize, observer });
  return model.score(dataset, { signal, batchSize });
}

/** A helper for every kind of data set keeps the kind. */
export const useful = <D extends PictureDataset>(dataset: D): D => dataset.filter(({ flag }) => flag !== "skip");
export const halves = <D extends PictureDataset>(dataset: D): [D, D] => dataset.split({ trainSize: 0.5 });
export const widthOf = ({ width }: AnnotatedImage): number => width;

export const keptPictures: (dataset: ClassificationDataset) => ClassificationDataset = useful;
export const halvedBoxes: (dataset: ObjectDetectionDataset) => [ObjectDetectionDataset, ObjectDetectionDataset] =
  halves;

export class Always implements ImageClassifier {
  readonly labels = ["cup", "plate"];

  score({ images }: LabelledImages, { signal }: ScoreOptions = {}): Promise<Matrix> {
    signal?.throwIfAborted();
    return Promise.resolve({ rows: images.length, columns: 2, data: new Float32Array(2 * images.length).fill(0.5) });
  }
}

export class Nothing implements ObjectDetector {
  readonly labels = ["cup"];

  detect({ images }: BoxedImages, { signal }: DetectOptions = {}): Promise<Detections[]> {
    signal?.throwIfAborted();
    const none = { boxes: new Float32Array(0), scores: new Float32Array(0), classes: new Int32Array(0) };
    return Promise.resolve(images.map(() => none));
  }
}

export class Diary implements TrainingObserver {
  readonly losses: number[] = [];

  async onEpoch({ loss }: Parameters<NonNullable<TrainingObserver["onEpoch"]>>[0]): Promise<void> {
    await Promise.resolve();
    this.losses.push(loss);
  }
}

export const negative: PictureAugmenter = {
  augment: ({ image, boxes = [] }) => ({ image: { ...image, data: image.data.map((level) => 255 - level) }, boxes }),
};

export const models = (head: TransferLearningModel, svm: FeatureClassifier): AnnotationModel[] => [
  head,
  svm,
  new Always(),
];

interface Hit {
  address: string;
  heading: string | undefined;
}

export const provider = (hits: readonly Hit[]): ImageProvider => ({
  name: "ours",
  search: (_, { count }) =>
    Promise.resolve(hits.slice(0, count).map(({ address, heading }): FoundImage => ({ url: address, title: heading }))),
});

/** Types that signatures show have a name to import. */
export const weights: ClassWeight = { cup: 2 };
export const licenceOf = ({ licence }: NetworkOrigin): unknown => licence;
export const errorsOf = (evaluation: DetectionEvaluation): ErrorAnalysis => evaluation.errors();
export const turned = (angle: augmenters.NumberParameter): augmenters.RotateOptions => ({ rotate: angle });

/** One thing is wanted of a curve, not two. */
export function wanted(ui: PrecisionRecallUI): void {
  ui.want({ recall: 0.9 });
  // @ts-expect-error both at once are refused when it runs
  ui.want({ precision: 0.9, recall: 0.9 });
}
