/** A trained classifier as a folder: its document, and the weights beside it in safetensors. */
import { resolve } from "node:path";

import type { BaseModelName } from "../models/base-models.js";
import type { HeadData } from "../models/linear-head.js";
import { textOption } from "../structures/options.js";
import type { EpochReport } from "../structures/training.js";
import type { OpenedBase } from "./base-weights.js";
import { engineClient } from "./engine.js";
import type { PictureInput } from "./messages.js";
import { readModelDocument, writeModelDocument, type ModelDocument } from "./model-file.js";

/** All that a classifier is. */
export interface ModelContents {
  labels: readonly string[];
  baseModel: BaseModelName;
  input: PictureInput;
  base: OpenedBase;
  head: HeadData | undefined;
  bestEpoch: number;
  history: readonly EpochReport[];
}

/** Weights first, then the document that names them: a folder that is there already becomes this model, whole or not at all. */
export async function writeModelFolder(path: string, contents: ModelContents, classifier: unknown): Promise<void> {
  const folder = resolve(textOption("path", path));
  const { labels, baseModel, input, base, head, bestEpoch, history } = contents;
  const { network, origin } = base;
  const weights = await engineClient().request("writeWeights", { folder, network, ...(head ? { head } : {}) });
  await writeModelDocument(folder, {
    format: "vitrine.TransferLearningModel",
    version: 1,
    labels: [...labels],
    baseModel,
    architecture: network.architecture,
    imageSize: [input.height, input.width],
    fit: input.fit,
    mirror: input.mirror,
    mean: [...network.mean],
    deviation: [...network.deviation],
    origin,
    weights,
    head: head !== undefined,
    bestEpoch,
    history: [...history],
    ...(classifier === undefined ? {} : { classifier }),
  });
}

/** @throws MissingFile, InvalidFile, InvalidWeights */
export async function readModelFolder(
  path: string,
): Promise<{ document: ModelDocument; base: OpenedBase; head: HeadData | undefined }> {
  const folder = resolve(textOption("path", path));
  const document = await readModelDocument(folder);
  const { labels, architecture, mean, deviation, origin } = document;
  const classes = document.head ? { classes: labels.length } : {};
  const request = { path: resolve(folder, document.weights), architecture, mean, deviation, ...classes };
  const { network, head } = await engineClient().request("readWeights", request);
  return { document, base: { network, origin }, head };
}
