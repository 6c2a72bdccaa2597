/** A saved model's folder as a served model, by what its `model.json` says that it is. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { FasterRCNN } from "../../engine/faster-rcnn.js";
import { FeatureClassifier } from "../../engine/feature-classifier.js";
import { TransferLearningModel } from "../../engine/transfer-learning-model.js";
import { quote, VitrineError } from "../../structures/errors.js";
import { ServedClassifier } from "./served-classifier.js";
import { ServedDetector } from "./served-detector.js";
import type { ServedModel } from "./served-model.js";

type Opener = (folder: string, document: { classifier?: unknown }) => Promise<ServedModel>;

/** By the format that a model's own `save` writes. */
const OPENERS: Readonly<Record<string, Opener>> = {
  "vitrine.TransferLearningModel": async (folder, { classifier }) =>
    new ServedClassifier(
      classifier === undefined ? await TransferLearningModel.load(folder) : await FeatureClassifier.load(folder),
    ),
  "vitrine.FasterRCNN": async (folder) => new ServedDetector(await FasterRCNN.load(folder)),
};

/** @throws MissingFile, InvalidFile, InvalidWeights */
export async function openServedModel(folder: string): Promise<ServedModel> {
  const path = join(folder, "model.json");
  const document = (await readJson(path)) as { format?: unknown; classifier?: unknown };
  const opener = typeof document.format === "string" ? OPENERS[document.format] : undefined;
  if (opener) return opener(folder, document);
  const expected = `one of ${Object.keys(OPENERS).join(", ")}`;
  throw new VitrineError("InvalidFile", { path, where: "format", expected, received: quote(document.format) });
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is none" : String(cause);
    throw new VitrineError("MissingFile", { path, what: "a saved model", reason }, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    const details = { path, where: "the whole", expected: "JSON", received: quote(text.slice(0, 40)) };
    throw new VitrineError("InvalidFile", details, { cause });
  }
}
