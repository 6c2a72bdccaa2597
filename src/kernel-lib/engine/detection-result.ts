/** A picture's detections as TensorFlow's detection API gives them: four fields, boxes in parts of the picture's sides. */
import { drawBoxes } from "../data/draw-boxes.js";
import { readPicture } from "../data/picture-file.js";
import type { ShownPicture } from "../data/shown-picture.js";
import type { Detections } from "../structures/detections.js";
import { quote, VitrineError } from "../structures/errors.js";
import { givenOption, integerOption, knownOptions, numberOption, textOption } from "../structures/options.js";
import { pictureSource } from "./detection-sources.js";

/** N detections by descending score. */
export interface DetectionResult {
  /** N × [ymin, xmin, ymax, xmax], 0 to 1. */
  detectionBoxes: [ymin: number, xmin: number, ymax: number, xmax: number][];
  /** N numbers, 0 to 1. */
  detectionScores: number[];
  /** N numbers of classes, from 1, as in `classMap`. */
  detectionClasses: number[];
  numDetections: number;
  /** N: the classes by their names. */
  detectionLabels: string[];
}

export function detectionResult(
  { boxes, scores, classes }: Detections,
  { width, height }: { width: number; height: number },
  labels: readonly string[],
): DetectionResult {
  const sides = Array.from(scores, (_, i): DetectionResult["detectionBoxes"][number] => {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
    return [y1 / height, x1 / width, y2 / height, x2 / width];
  });
  return {
    detectionBoxes: sides,
    detectionScores: [...scores],
    detectionClasses: Array.from(classes, (label) => label + 1),
    numDetections: scores.length,
    detectionLabels: Array.from(classes, (label) => labels[label] ?? String(label + 1)),
  };
}

/** A file, its bytes, or a picture of a data set. */
export type VisualizedPicture = string | Uint8Array | { readonly storagePath: string };

const FIELDS: readonly (keyof DetectionResult)[] = ["detectionBoxes", "detectionScores", "detectionLabels"];

export interface VisualizeDetectionsOptions {
  /** A JPEG or PNG file, by its ending, that the drawing is written to as well. */
  pathSave?: string;
  /** The longer side of the drawing in pixels; the picture's own, but at most 1200, by default. */
  imageSize?: number;
  /** Detections below it are not drawn; 0.5 by default. */
  scoreThreshold?: number;
  /** In the order that gives each its colour; by default that of their appearance. */
  labels?: readonly string[];
}

/**
 * The picture with what was found in it: labels and scores, readable at any size. A cell shows it.
 * @throws MissingFile, InvalidImage, InvalidOption, CannotWrite
 */
export async function visualize(
  picture: VisualizedPicture,
  detections: DetectionResult,
  options: VisualizeDetectionsOptions = {},
): Promise<ShownPicture> {
  knownOptions("visualize", options, ["pathSave", "imageSize", "scoreThreshold", "labels"]);
  const image = fileOf(picture);
  givenOption("detections", detections, FIELDS, "what score() has found in the picture");
  const threshold = numberOption("scoreThreshold", options.scoreThreshold ?? 0.5, 0, 1);
  const { width, height } = await readPicture(image);
  const side = integerOption("imageSize", options.imageSize ?? Math.min(1200, Math.max(width, height, 16)), 16, 8192);
  const pathSave = options.pathSave === undefined ? undefined : textOption("pathSave", options.pathSave);
  const format = pathSave === undefined ? "jpeg" : formatOf(pathSave);
  const boxes = detections.detectionBoxes.flatMap(([ymin, xmin, ymax, xmax], i) => {
    const score = detections.detectionScores[i] ?? 0;
    const label = detections.detectionLabels[i] ?? "";
    const place = { xmin: xmin * width, ymin: ymin * height, xmax: xmax * width, ymax: ymax * height };
    return score < threshold ? [] : [{ label, score, ...place }];
  });
  const { labels } = options;
  const shown = await drawBoxes(image, boxes, { imageSize: side, format, ...(labels ? { labels } : {}) });
  if (pathSave !== undefined) await shown.save(pathSave);
  return shown;
}

/** @throws InvalidOption for pixels: drawn on is what a file has */
function fileOf(picture: VisualizedPicture): string | Uint8Array {
  const source = pictureSource(picture);
  if (typeof source === "string" || source instanceof Uint8Array) return source;
  const expected = "a path, bytes or a picture of a data set";
  throw new VitrineError("InvalidOption", { option: "image", expected, received: "pixels" });
}

function formatOf(path: string): "jpeg" | "png" {
  if (/\.jpe?g$/i.test(path)) return "jpeg";
  if (/\.png$/i.test(path)) return "png";
  const expected = "a path that ends with .jpg, .jpeg or .png";
  throw new VitrineError("InvalidOption", { option: "pathSave", expected, received: quote(path) });
}
