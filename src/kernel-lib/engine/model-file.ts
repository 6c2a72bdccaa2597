/** What a saved classifier says of itself. */
import { z } from "zod";

import { architectureNames, baseModelNames } from "../models/base-models.js";
import type { EpochReport } from "../structures/training.js";
import { originField, readDescription, reportFields, weightsField, writeDescription } from "./description-file.js";
import type { Architecture, NetworkOrigin } from "./shared-network.js";

const triple = z.tuple([z.number(), z.number(), z.number()]);
const side = z.number().int().min(32).max(1024);

const epoch = z.object({ ...reportFields, evalError: z.number().optional() });

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
  origin: originField,
  weights: weightsField,
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

/** @throws MissingFile, InvalidFile that names the field */
export async function readModelDocument(folder: string): Promise<ModelDocument> {
  return (await readDescription(folder, modelDocument, "model")) as ModelDocument;
}

export async function writeModelDocument(folder: string, document: ModelDocument): Promise<void> {
  await writeDescription(folder, document, "model");
}
