/** What a saved detector says of itself. */
import { z } from "zod";

import { detectorBackbones } from "../models/detection/detector-plans.js";
import type { EpochReport } from "../structures/training.js";
import { originField, readDescription, reportFields, weightsField, writeDescription } from "./description-file.js";
import type { NetworkOrigin } from "./shared-network.js";

const losses = z.object({ objectness: z.number(), proposalBox: z.number(), classes: z.number(), box: z.number() });

const report = z.object({
  ...reportFields,
  losses: losses.optional(),
  evalLosses: losses.optional(),
  // JSON has no NaN: nothing to find.
  evalMeanAp: z.number().nullable().optional(),
});

const share = z.number().min(0).max(1);

const detectorDocument = z.object({
  format: z.literal("vitrine.FasterRCNN"),
  version: z.literal(1),
  labels: z.array(z.string()).min(1),
  backbone: z.enum(detectorBackbones),
  imageSize: z.tuple([z.number().int().min(64).max(4096), z.number().int().min(64).max(8192)]),
  scoreThreshold: share,
  maxTotalDetections: z.number().int().min(1).max(10_000),
  nmsThreshold: share,
  origin: originField,
  weights: weightsField,
  trained: z.boolean(),
  history: z.array(report),
});

type Parsed = z.infer<typeof detectorDocument>;

export interface DetectorDocument extends Omit<Parsed, "history" | "origin"> {
  history: EpochReport[];
  origin: NetworkOrigin;
}

/** @throws MissingFile, InvalidFile that names the field */
export async function readDetectorDocument(folder: string): Promise<DetectorDocument> {
  return (await readDescription(folder, detectorDocument, "detector")) as DetectorDocument;
}

export async function writeDetectorDocument(folder: string, document: DetectorDocument): Promise<void> {
  await writeDescription(folder, document, "detector");
}
