/** What a model may be told, its defaults and their checks. */
import { baseModelNames, shortestSide, type BaseModelName } from "../models/base-models.js";
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, choiceOption, integerOption, knownOptions, textOption } from "../structures/options.js";
import { labelsOption } from "./labels-option.js";
import type { PictureInput } from "./messages.js";
import type { NetworkRequest } from "./shared-network.js";
import { sizePair } from "./size-pair.js";

export interface TransferLearningModelOptions {
  /** What pictures can be, two at least; their order is that of the scores' columns. */
  labels: readonly string[];
  /** "embedded" (the default) comes with vitrine and needs no download; the others are torchvision's. */
  baseModel?: BaseModelName;
  /** Pixels, one number or [height, width], 32 (AlexNet: 63) to 1024; by default 112 for "embedded", 224 for the others. */
  imageSize?: number | readonly [number, number];
  /**
   * The base's weights: "embedded", "imagenet" (from the hub), "random", a path or a URL of a safetensors or .pth file
   * in the names of torchvision, timm or Hugging Face's `microsoft/resnet-*`. By default what fits the base.
   */
  weights?: string;
  /** "crop" (the default) takes the biggest centred part of the input's shape, "stretch" the whole picture. */
  fit?: "crop" | "stretch";
  /** Features are the mean over the picture and its mirror image: better, and twice the work. true by default. */
  mirror?: boolean;
  /** Of random weights; 1 by default. */
  seed?: number;
}

export interface CheckedModelOptions {
  labels: readonly string[];
  input: PictureInput;
  base: NetworkRequest;
}

const OPTIONS = ["labels", "baseModel", "imageSize", "weights", "fit", "mirror", "seed"];

/** @throws InvalidOption */
export function checkModelOptions(options: TransferLearningModelOptions): CheckedModelOptions {
  knownOptions("TransferLearningModel", options, OPTIONS);
  const labels = labelsOption(options.labels, 2, "a list of at least two different labels");
  const baseModel = choiceOption("baseModel", options.baseModel ?? "embedded", baseModelNames);
  const [height, width] = sizeOption(baseModel, options.imageSize ?? (baseModel === "embedded" ? 112 : 224));
  const fit = choiceOption("fit", options.fit ?? "crop", ["crop", "stretch"]);
  const mirror = booleanOption("mirror", options.mirror ?? true);
  const weights = weightsOption(baseModel, options.weights);
  const seed = integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1);
  return { labels, input: { height, width, fit, mirror }, base: { baseModel, weights, seed } };
}

function sizeOption(baseModel: BaseModelName, size: number | readonly [number, number]): [number, number] {
  const [height, width] = typeof size === "number" ? [size, size] : sizePair(size);
  const shortest = shortestSide(baseModel);
  return [integerOption("imageSize", height, shortest, 1024), integerOption("imageSize", width, shortest, 1024)];
}

function weightsOption(baseModel: BaseModelName, weights: string | undefined): string {
  const usual = baseModel === "embedded" ? "embedded" : "imagenet";
  const name = textOption("weights", weights ?? usual);
  const wrong = baseModel === "embedded" ? "imagenet" : "embedded";
  if (name !== wrong) return name;
  const expected = `${quote(usual)}, "random", a path or a URL for baseModel ${quote(baseModel)}`;
  throw new VitrineError("InvalidOption", { option: "weights", expected, received: quote(name) });
}
