/** Weights with the classifier that they were trained with: the thousand classes of ImageNet, say. */
import type { HeadData } from "../models/linear-head.js";
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { engineClient } from "./engine.js";
import { fetchLines, type OpenedBase } from "./base-weights.js";
import { checkModelOptions, type TransferLearningModelOptions } from "./model-options.js";

export interface PretrainedOptions extends Omit<TransferLearningModelOptions, "labels"> {
  /** The names of the classes, in their order; by default those in the `config.json` beside the weights. */
  labels?: readonly string[];
  signal?: AbortSignal | undefined;
}

export interface Pretrained {
  base: OpenedBase;
  head: HeadData;
  labels: readonly string[];
}

/** @throws InvalidOption, WeightsUnavailable, InvalidFile, InvalidWeights where there is no classifier in the file */
export async function openPretrained({ labels, signal, ...options }: PretrainedOptions): Promise<Pretrained> {
  const { base } = checkModelOptions({ ...options, labels: labels ?? ["one", "another"] });
  const request = { ...base, classifier: true };
  const how = { signal: effectiveSignal(signal), onEvent: fetchLines(base.weights) };
  const { network, origin, head, labels: found } = await engineClient().request("open", request, how);
  if (!head) {
    const expected = "the classifier that they were trained with";
    throw new VitrineError("InvalidWeights", { path: origin.source, tensor: "fc.weight", expected, received: "none" });
  }
  return { base: { network, origin }, head, labels: labelsFor(head.classes, labels ?? found) };
}

function labelsFor(classes: number, labels: readonly string[] | undefined): readonly string[] {
  if (labels?.length === classes) return labels;
  const expected = `${classes} labels, or weights with a config.json beside them that names them,`;
  throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(labels?.length) });
}
