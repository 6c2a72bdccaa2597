/** The names that the documentation's code uses and doesn't make, with their types. */
import type { CodeBlock } from "./code-blocks.js";

const GIVEN = {
  dataset: "vitrine.ClassificationDataset",
  train: "vitrine.ClassificationDataset",
  test: "vitrine.ClassificationDataset",
  boxes: "vitrine.ObjectDetectionDataset",
  detectionDataset: "vitrine.ObjectDetectionDataset",
  model: "vitrine.TransferLearningModel",
  detector: "vitrine.FasterRCNN",
  classifier: "vitrine.LogisticRegression",
  evaluation: "vitrine.ClassificationEvaluation",
  evaluationA: "vitrine.ClassificationEvaluation",
  evaluationB: "vitrine.ClassificationEvaluation",
  detections: "vitrine.Detections[]",
  report: "Awaited<ReturnType<typeof vitrine.findNearDuplicates>>",
  digits: "vitrine.IdxDataset",
  deployment: "vitrine.Deployment",
  workspace: "vitrine.Workspace",
  pipeline: "vitrine.augmenters.Augmenter",
  subject: "vitrine.augmenters.Subject",
  subjects: "vitrine.augmenters.Subject[]",
  picture: "vitrine.ImageData8",
  image: "vitrine.ImageData8",
  original: "vitrine.ImageData8",
  copy: "vitrine.ImageData8",
  memory: "Uint8Array",
  images: "readonly vitrine.ClassificationImage[]",
  pixels: "number[]",
  indices: "number[]",
  predicted: "number[]",
  wrong: "number[]",
  signal: "AbortSignal",
};

/** Where a detector is spoken of, its pictures have boxes. */
const GIVEN_TO_DETECTORS = { train: "vitrine.ObjectDetectionDataset", test: "vitrine.ObjectDetectionDataset" };

export const isAboutDetector = ({ code }: CodeBlock): boolean => /\bdetector\b/.test(code);

/** Name and type, for a block of code. */
export function givenNames(block: CodeBlock): [name: string, type: string][] {
  return Object.entries(isAboutDetector(block) ? { ...GIVEN, ...GIVEN_TO_DETECTORS } : GIVEN);
}
