/**
 * A saved model: a folder with `model.json` and the weights' file that it names. The weights are written under a name of their
 * own first, and renaming `model.json` into place is what makes the model the new one; so it is the old or the new, whenever the
 * power goes.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { firstIssue } from "../structures/first-issue.js";
import { architectureNames, baseModelNames } from "../models/base-models.js";
import type { EpochReport } from "../structures/training.js";
import type { Architecture, NetworkOrigin } from "./shared-network.js";

const triple = z.tuple([z.number(), z.number(), z.number()]);
const side = z.number().int().min(32).max(1024);

const epoch = z.object({
  epoch: z.number(),
  learningRate: z.number(),
  loss: z.number(),
  trainError: z.number(),
  evalLoss: z.number().optional(),
  evalError: z.number().optional(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
});

const modelDocument = z.object({
  format: z.literal("vitrine.TransferLearningModel"),
  version: z.literal(1),
  labels: z.array(z.string()).min(2),
  baseModel: z.enum(baseModelNames),
  architecture: z.object({
    name: z.enum(architectureNames),
    width: z.number().int().min(1).max(1024),
    strideOn: z.literal("first").optional(),
  }),
  imageSize: z.tuple([side, side]),
  fit: z.enum(["crop", "stretch"]),
  mirror: z.boolean(),
  mean: triple,
  deviation: triple,
  origin: z.object({ source: z.string(), licence: z.string().optional() }),
  weights: z.string().regex(/^weights-[0-9a-f]{16}\.safetensors$/),
  /** Whether the weights' file has a trained head. */
  head: z.boolean(),
  bestEpoch: z.number().int().min(0),
  history: z.array(epoch),
  /** Of a FeatureClassifier: what learnt from the features. */
  classifier: z.unknown().optional(),
});

type Parsed = z.infer<typeof modelDocument>;

/** What `model.json` says; JSON has no undefined, so what is optional is there or not. */
export interface ModelDocument extends Omit<Parsed, "architecture" | "history" | "origin"> {
  architecture: Architecture;
  history: EpochReport[];
  origin: NetworkOrigin;
}

const NAME = "model.json";

/** @throws MissingFile, InvalidFile that names the field */
export async function readModelDocument(folder: string): Promise<ModelDocument> {
  const path = join(folder, NAME);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is none" : message;
    throw new VitrineError("MissingFile", { path, what: "a saved model", reason }, { cause });
  });
  const given = parseJson(path, text);
  const parsed = modelDocument.safeParse(given);
  if (parsed.success) return parsed.data as ModelDocument;
  throw new VitrineError("InvalidFile", { path, ...firstIssue(parsed.error, given) });
}

/** Makes the model that is described the folder's, then clears away the weights of the one before. */
export async function writeModelDocument(folder: string, document: ModelDocument): Promise<void> {
  await writeFileAtomic(join(folder, NAME), `${JSON.stringify(document, null, 2)}\n`, "a model's description");
  for (const name of await readdir(folder)) {
    const old = /^weights-[0-9a-f]{16}\.safetensors$/.test(name) && name !== document.weights;
    if (old) await rm(join(folder, name), { force: true });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const received = quote(text.slice(0, 40));
    throw new VitrineError("InvalidFile", { path, where: "the whole", expected: "JSON", received }, { cause });
  }
}
