/**
 * vitrine: look at pictures, label them, train a network, see what it gets wrong.
 *
 * ```ts
 * const dataset = await ClassificationDataset.createFromDir("tableware", "sample_data/tableware");
 * const [train, test] = dataset.split({ trainSize: 0.66, stratify: "label", seed: 1 });
 * const model = new TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
 * await model.train(train, { evalDataset: test });
 * console.log((await ClassificationEvaluation.run(model, test)).accuracy());
 * ```
 *
 * Whatever can take long is async and takes a `signal`; options are one object, and one that nobody knows is refused by name; every
 * error is a `VitrineError`, told apart by its `code` (`isVitrineError`).
 */

import { setDefaultWorkWatcher as watchWork } from "./data/work-watcher.js";
import { setMatrixPicture } from "./engine/matrix-picture.js";
import { setDefaultObserver as watchTrainings } from "./engine/observers.js";
import { drawConfusionMatrix } from "./ui/matrix-picture.js";
import { setDefaultLoadTestObserver as watchLoadTests } from "./serving/load-test/observers.js";
import { loadTestObserver } from "./ui/load-test-view.js";
import { defaultTrainingObserver } from "./ui/training-observer.js";
import { WorkLine } from "./ui/work-line.js";

// Structures
export type { Detections } from "./structures/detections.js";
export {
  type AnyVitrineError,
  type DeploymentFailureKind,
  isVitrineError,
  VitrineError,
  type VitrineErrorCode,
  type VitrineErrorDetails,
} from "./structures/errors.js";
export type { ImageData8 } from "./structures/image.js";
export type { ObjectBox } from "./structures/object-box.js";
export type { Matrix } from "./structures/matrix.js";
export type { SaliencyMap } from "./structures/saliency.js";
export type {
  DetectionLossValues,
  EpochReport,
  LearningRateCurve,
  StepReport,
  TrainingObserver,
  TrainingOutcome,
  TrainingPlan,
} from "./structures/training.js";

// Data sets
export { Context, type ContextOptions } from "./structures/context.js";
export {
  ClassificationDataset,
  type ClassificationChange,
  type CreateFromDirOptions,
  type LabelChange,
  type LabelListOptions,
} from "./data/classification-dataset.js";
export { ClassificationImage } from "./data/classification-image.js";
export { ObjectDetectionDataset, type BoxesChange, type DetectionChange } from "./data/object-detection-dataset.js";
export type {
  CreateFromListOptions,
  CreateFromVocOptions,
  CreateFromYoloOptions,
  DetectionOptions,
  NewBox,
} from "./data/detection-options.js";
export { ObjectDetectionImage, type VisualizeOptions } from "./data/object-detection-image.js";
export type { ExportDatasetOptions, PictureDataset, SplitOptions } from "./data/picture-dataset.js";
export type { DatasetFormat } from "./data/formats/export-folder.js";
export type { DatasetProblem } from "./data/dataset-problem.js";
export type { WorkProgress } from "./data/background-work.js";
export type { AnnotatedImage, AnnotationField, Annotations, PictureFlag } from "./data/annotated-image.js";
export type { ImageFacts } from "./data/image-facts.js";
export type { AnnotationChange, AnnotationRecord, ChangeCause, FieldChange } from "./data/annotation-change.js";
export type { OtherUser } from "./data/presence.js";
export { augmentDataset, type AugmentDatasetOptions } from "./data/augment-dataset.js";
export type { PictureAugmenter } from "./data/augmented-picture.js";

// Pictures by a search
export type { CreateFromJsonOptions } from "./data/search/collect-by-list.js";
export type { FoundImage, ImageProvider } from "./data/search/image-provider.js";
export { Openverse, type OpenverseLicence, type OpenverseOptions } from "./data/search/openverse.js";
export type { Attribution } from "./data/search/attribution.js";

// Near duplicates and leaks
export {
  findLeaks,
  findNearDuplicates,
  type DuplicateOptions,
  type FeatureModel,
} from "./data/duplicates/find-duplicates.js";
export { type DuplicatePair, DuplicateReport } from "./data/duplicates/duplicate-report.js";

// Pictures
export { decodeImage, type DecodeOptions } from "./data/decode.js";
export { contactSheet, thumbnail, type EncodedPicture, type SheetItem } from "./data/thumbnail.js";
export { drawBoxes, type DrawBoxesOptions } from "./data/draw-boxes.js";
export type { DrawnBox } from "./data/box-drawing.js";
export { pictureStrip, type PictureStripOptions } from "./data/picture-strip.js";
export { ShownPicture } from "./data/shown-picture.js";

// Digits, TFRecords
export { type IdxArray, type IdxData, readIdx, type ReadIdxOptions } from "./data/idx.js";
export { IdxDataset, type IdxPart } from "./data/idx-dataset.js";
export { tfExamples } from "./data/tf-examples.js";
export { readTfRecord, writeTfRecord, type TfRecordOptions } from "./hub/tfrecord.js";
export type { ExampleFeature, TfExample } from "./structures/tf-example.js";

// Augmenters
export * as augmenters from "./augmenters/index.js";

// A classifier of pictures, and its training
export { TransferLearningModel } from "./engine/transfer-learning-model.js";
export type { TransferLearningModelOptions } from "./engine/model-options.js";
export type { BaseModelName } from "./models/base-models.js";
export type { PretrainedOptions } from "./engine/pretrained.js";
export type { OnePicture, PictureSet } from "./engine/labelled-pictures.js";
export type { PredictOptions } from "./engine/predict-options.js";
export { ModelSummary, type LayerSummary } from "./engine/model-summary.js";
export type { NetworkOrigin } from "./engine/shared-network.js";
export type { ExportFormat, ExportOptions } from "./engine/export-options.js";
export type { TrainOptions } from "./engine/train-options.js";
export type { RateOptions } from "./engine/rate-options.js";
export type { OptimizerOptions } from "./engine/optimizer-options.js";
export type { BaseOptions } from "./engine/base-options.js";
export type { BaseRate } from "./engine/stages.js";
export type { LossOptions } from "./engine/loss-options.js";
export type { ClassWeights } from "./engine/class-weights.js";
export type { EarlyStopping } from "./engine/early-stopping.js";
export type { Monitor } from "./engine/best-epoch.js";
export type { CheckpointOptions, Checkpoints } from "./engine/checkpoint-options.js";
export type { RecordOptions } from "./engine/record-options.js";
export type { TrainingResult } from "./engine/training-end.js";
export type { FindLearningRateOptions } from "./engine/find-rate-options.js";
export {
  rateAt,
  type ConstantSchedule,
  type CosineSchedule,
  type ExponentialSchedule,
  type OneCycleSchedule,
  type Schedule,
  type ScheduleBase,
  type StepSchedule,
  type WarmUp,
} from "./engine/schedule.js";

// A detector
export { FasterRCNN } from "./engine/faster-rcnn.js";
export type { FasterRCNNOptions } from "./engine/detection-options.js";
export type { DetectorBackbone } from "./models/detection/detector-plans.js";
export type { BoxedSet } from "./engine/detection-boxes.js";
export type { DetectorPicture, StoredPictures } from "./engine/detection-sources.js";
export type { DetectorEvaluateOptions, DetectorScoreOptions } from "./engine/detection-score-options.js";
export {
  visualize,
  type DetectionResult,
  type VisualizeDetectionsOptions,
  type VisualizedPicture,
} from "./engine/detection-result.js";
export type { DetectionFigures } from "./engine/detection-evaluate.js";
export type { AugmentedBox, BoxAugmenter, DetectionTrainOptions } from "./engine/detection-train-options.js";
export type { DetectionTrainingResult } from "./engine/detection-end.js";

// Classifiers over features
export type { CrossValidationOptions } from "./engine/cross-validation.js";
export { FeatureClassifier } from "./engine/feature-classifier.js";
export type { ClassWeight } from "./classifiers/linear-classifier.js";
export { LinearSVC, type LinearSVCOptions } from "./classifiers/linear-svc.js";
export { LogisticRegression, type LogisticRegressionOptions } from "./classifiers/logistic-regression.js";
export { StandardScaler } from "./classifiers/standard-scaler.js";

// Weights from elsewhere
export {
  type DownloadProgress,
  type FloatTensor,
  type LoadedWeights,
  loadWeights,
  type LoadWeightsOptions,
  readKerasH5,
  readPth,
  readSafetensors,
  readTensorflowCheckpoint,
  type ReadTensorflowCheckpointOptions,
  readWeights,
  type Tensor,
  writeSafetensors,
} from "./hub/index.js";
export type { Dtype, TensorValues } from "./hub/tensor.js";

// The engine
export { engine } from "./engine/engine.js";
export { EngineDescription } from "./engine/engine-description.js";
export type { EngineInfo, EngineMemory } from "./engine/messages.js";
export { setDefaultObserver, type ObserverFactory } from "./engine/observers.js";
export type { EventPicture, HyperParameter } from "./engine/tensorboard-events.js";
export { EventWriter } from "./engine/tensorboard-writer.js";

// Metrics
export {
  ClassificationEvaluation,
  type EvaluatedPicture,
  type ImageClassifier,
  type LabelledImages,
  type ScoreOptions,
} from "./metrics/classification-evaluation.js";
export {
  type AveragePrecisionOptions,
  type BoxedImages,
  type CutOptions,
  DetectionEvaluation,
  type DetectionCounts,
  type DetectOptions,
  type ErrorKindOptions,
  type ObjectDetector,
  type OverlapOptions,
  type PictureTruth,
} from "./metrics/detection-evaluation.js";
export type { BoxPair, PairedBoxes } from "./metrics/detection/box-pairs.js";
export type { DetectionError, ErrorAnalysis, ErrorKind } from "./metrics/detection/error-kinds.js";
export { findLabelErrors, type LabelError, type LabelErrorOptions } from "./metrics/label-errors.js";
export * as metrics from "./metrics/index.js";

// Services
export { Deployment, type ExistingServiceOptions, type UpdateOptions, type WaitOptions } from "./serving/deployment.js";
export type { EnvironmentChoice } from "./serving/environments.js";
export type { DeployedModel, DeployedParts } from "./serving/registry/deployed-parts.js";
export { DockerImage, type DockerImageOptions } from "./serving/docker/docker-image.js";
export type { KubernetesOptions, KubernetesPlace, Resources } from "./serving/kubernetes/kubernetes-options.js";
export { scoreFolder } from "./serving/batch/batch-scoring.js";
export type { BatchKubernetesOptions, BatchOptions, RayOptions } from "./serving/batch/batch-options.js";
export { BatchReport, type BatchReportData } from "./serving/batch/batch-report.js";
export type { PictureResult } from "./serving/batch/shard-results.js";
export { DoctorReport, examine, type DoctorOptions } from "./serving/doctor/doctor.js";
export type { Check as DoctorCheck } from "./serving/doctor/check.js";
export type { DeploymentOptions, EnvironmentName } from "./serving/deployment-options.js";
export { DeploymentStatus } from "./serving/deployment-status.js";
export type { PodStatus, ReplicaStatus, ServiceState, ServiceStatus } from "./serving/service-status.js";
export {
  ClassificationRestApiParameters,
  type ServiceEndpoint,
  type ScoreImageOptions,
  type ScoreImageParameters,
} from "./serving/client/scoring-client.js";
export type { PictureSource, PictureSourceOptions } from "./serving/client/picture-source.js";
export { LoadReport } from "./serving/load-test/load-report.js";
export type { LoadReportData, ProcessLoad, ThresholdResult } from "./serving/load-test/report-data.js";
export { runLoadTest } from "./serving/load-test/load-test.js";
export type { LoadTestOptions, LoadTestStage, LoadTestThresholds } from "./serving/load-test/load-test-options.js";
export type {
  LatencyHistogram,
  LatencySummary,
  LoadTestObserver,
  LoadTestPlan,
  LoadTestProgress,
  LoadTestSecond,
} from "./structures/load-test.js";
export { Snippets } from "./serving/client/snippets.js";
export type { KeyName, Keys } from "./serving/keys/service-keys.js";
export type { DeployableModel } from "./serving/model-versions.js";
export {
  deployConfiguration,
  type DeployConfiguration,
  type DeployConfigurationOptions,
} from "./serving/registry/deploy-configuration.js";
export { Environment, type EnvironmentOptions } from "./serving/registry/environment.js";
export { InferenceConfig, type InferenceConfigOptions } from "./serving/registry/inference-config.js";
export {
  Model,
  type DownloadOptions,
  type FindModelOptions,
  type RegisterModelOptions,
} from "./serving/registry/model.js";
export { Webservice, type WaitForDeploymentOptions, type WebserviceState } from "./serving/registry/webservice.js";
export { Workspace, type CreateWorkspaceOptions } from "./serving/registry/workspace.js";

// Plots and widgets
export { AnnotationUI, type AnnotationOptions, type BoxAnnotationOptions } from "./ui/annotation-ui.js";
export type { AnnotatedPicture } from "./ui/annotated-picture.js";
export type { GridSize } from "./ui/grid-option.js";
export type { AnnotationDetector, AnnotationModel, PicturesToJudge } from "./ui/annotation-model.js";
export { ImageGrid, showImages, type ImageGridOptions, type ShownImage } from "./ui/image-grid.js";
export { type AugmentableSet, AugmentedGrid, showAugmented, type ShowAugmentedOptions } from "./ui/show-augmented.js";
export { ResultsUI, type ResultsOptions, type ResultsViewOptions } from "./ui/results-ui.js";
export { DetectionResultsUI, type DetectionResultsOptions, type FoundObjects } from "./ui/detection-results-ui.js";
export type { ExplainingModel } from "./ui/results-explainer.js";
export { compare, ModelComparison } from "./ui/compare.js";
export { type ReportOptions, writeReport } from "./ui/report.js";
export { Figure, type FigureEvent, type FigureListener, type FigureOptions } from "./ui/figure.js";
export { figureRow, type FigureRow } from "./ui/figure-row.js";
export {
  type CurvePlotOptions,
  type ErrorCountsOptions,
  plotAccuracies,
  plotCalibration,
  plotClassBars,
  plotConfusionMatrix,
  type CountedPredictions,
  plotErrorCounts,
  plotErrorMatrix,
  plotLearningRates,
  plotPrecisionRecallCurve,
  plotRocCurve,
  plotScoreHistogram,
  type TrainEvalAccs,
} from "./ui/evaluation-plots.js";
export type { FigureEventName, FigurePoint } from "./protocol/index.js";
export type { PlotSpec, PlotTrace } from "./plots/index.js";
export { compareRuns, type ComparedRun, type CompareRunsOptions } from "./ui/compare-runs.js";
export { PrecisionRecallUI, type PickedPoint } from "./ui/precision-recall-ui.js";
export { TrainingLines } from "./ui/training-lines.js";
export { TrainingView } from "./ui/training-view.js";

// Display
export { clearOutput } from "./comm/clear-output.js";
export { display } from "./ui/display.js";

watchLoadTests(loadTestObserver);
// A training that nobody was named to watch shows itself: live in a notebook, line by line in a terminal.
watchTrainings(defaultTrainingObserver);
watchWork((title) => new WorkLine(title));
// Plots are drawn above the engine, which lets TensorBoard show this one.
setMatrixPicture(drawConfusionMatrix);
