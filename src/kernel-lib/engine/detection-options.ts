/** What a detector may be told, its defaults and their checks. */
import { detectorBackbones, type DetectorBackbone } from "../models/detection/detector-plans.js";
import type { PictureSides } from "../models/detection/picture-batch.js";
import { Context } from "../structures/context.js";
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions, numberOption, textOption } from "../structures/options.js";
import { labelsOption } from "./labels-option.js";
import { sizePair } from "./size-pair.js";

export interface FasterRCNNOptions {
  /** What objects can be, one at least; a data set's `labels`. Their order gives the classes their numbers. */
  labels: readonly string[];
  /**
   * "embedded" (the default): small, for any machine, needs no download. "resnet50": ResNet-50 with a feature pyramid, torchvision's
   * `fasterrcnn_resnet50_fpn`. "resnet50-c4": ResNet-50 without one, as in the paper. "resnet50-tf": the same as TensorFlow's
   * detection API builds it, for weights that come from there.
   */
  backbone?: DetectorBackbone;
  /**
   * "coco" (the default of "resnet50"): a whole detector, trained on COCO, from torchvision. "imagenet" (the default of
   * "resnet50-c4"): a backbone. "embedded": the small backbone's. "random". Or a path or URL of a safetensors or .pth file, of a
   * detector or of a backbone alone, in torchvision's names; for "resnet50-tf" a checkpoint of TensorFlow's detection API, its folder or
   * the archive it comes in ("coco": `faster_rcnn_resnet50_coco`). What the file lacks begins anew, and so does a predictor of other labels.
   */
  weights?: string;
  /** Detections at this score or below are left out, 0 to 1; 0 by default. */
  scoreThreshold?: number;
  /** Detections a picture, the best; 300 by default. */
  maxTotalDetections?: number;
  /** Of two detections of one label that overlap by more than this IoU, the better one stays; 0.5 by default. */
  nmsThreshold?: number;
  /**
   * Pixels of the shorter side after scaling, or [shorter, at most so many of the longer]. By default 360 and 640 for "embedded", whose
   * backbone knows objects of about 100 pixels; 800 and 1333 for "resnet50"; 600 and 1024 for "resnet50-c4" and "resnet50-tf".
   */
  imageSize?: number | readonly [shorter: number, longer: number];
  /** Of what begins at random; 1 by default. */
  seed?: number;
  /** Where `trainDir` and `evalDir` are; the global one by default. */
  context?: Context | undefined;
}

export interface CheckedDetectorOptions {
  labels: readonly string[];
  backbone: DetectorBackbone;
  weights: string;
  sides: PictureSides;
  seed: number;
  regions: { scoreThreshold: number; most: number; nms: number };
  context: Context;
}

const OPTIONS = [
  "labels",
  "backbone",
  "weights",
  "scoreThreshold",
  "maxTotalDetections",
  "nmsThreshold",
  "imageSize",
  "seed",
  "context",
];

const SIDES: Record<DetectorBackbone, PictureSides> = {
  embedded: { shorter: 360, longer: 640 },
  resnet50: { shorter: 800, longer: 1333 },
  "resnet50-c4": { shorter: 600, longer: 1024 },
  "resnet50-tf": { shorter: 600, longer: 1024 },
};

const WEIGHTS: Record<DetectorBackbone, string> = {
  embedded: "embedded",
  resnet50: "coco",
  "resnet50-c4": "imagenet",
  "resnet50-tf": "coco",
};

/** Of the weights that have names of their own, those that fit. */
const FITTING: Record<DetectorBackbone, readonly string[]> = {
  embedded: ["embedded"],
  resnet50: ["coco", "imagenet"],
  "resnet50-c4": ["imagenet"],
  "resnet50-tf": ["coco"],
};

/** @throws InvalidOption */
export function checkDetectorOptions(options: FasterRCNNOptions): CheckedDetectorOptions {
  knownOptions("FasterRCNN", options, OPTIONS);
  const backbone = choiceOption("backbone", options.backbone ?? "embedded", detectorBackbones);
  return {
    labels: labelsOption(options.labels, 1, "a list of at least one label, all different,"),
    backbone,
    weights: weightsOption(backbone, options.weights),
    sides: sidesOption(backbone, options.imageSize),
    seed: integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1),
    regions: {
      scoreThreshold: numberOption("scoreThreshold", options.scoreThreshold ?? 0, 0, 1),
      most: integerOption("maxTotalDetections", options.maxTotalDetections ?? 300, 1, 10_000),
      nms: numberOption("nmsThreshold", options.nmsThreshold ?? 0.5, 0, 1),
    },
    context: options.context ?? Context.global(),
  };
}

function weightsOption(backbone: DetectorBackbone, given: string | undefined): string {
  const weights = textOption("weights", given ?? WEIGHTS[backbone]);
  const fitting = FITTING[backbone];
  if (!["coco", "imagenet", "embedded"].includes(weights) || fitting.includes(weights)) return weights;
  const expected = `${fitting.map(quote).join(", ")}, "random", a path or a URL for backbone ${quote(backbone)}`;
  throw new VitrineError("InvalidOption", { option: "weights", expected, received: quote(weights) });
}

function sidesOption(backbone: DetectorBackbone, given: FasterRCNNOptions["imageSize"]): PictureSides {
  const usual = SIDES[backbone];
  if (given === undefined) return usual;
  const [first, second] = typeof given === "number" ? [given, undefined] : sizePair(given);
  const shorter = integerOption("imageSize", first, 64, 4096);
  const longer = second ?? Math.ceil((shorter * usual.longer) / usual.shorter);
  return { shorter, longer: integerOption("imageSize", longer, shorter, 8192) };
}
