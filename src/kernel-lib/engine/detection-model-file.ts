/** A saved detector: a folder with `model.json` and the weights' file that it names; whole, the old or the new, whenever the power goes. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { detectorBackbones } from "../models/detection/detector-plans.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { quote, VitrineError } from "../structures/errors.js";
import { firstIssue } from "../structures/first-issue.js";
import type { EpochReport } from "../structures/training.js";
import type { NetworkOrigin } from "./shared-network.js";

const losses = z.object({ objectness: z.number(), proposalBox: z.number(), classes: z.number(), box: z.number() });

const report = z.object({
  epoch: z.number(),
  learningRate: z.number(),
  loss: z.number(),
  trainError: z.number(),
  evalLoss: z.number().optional(),
  losses: losses.optional(),
  evalLosses: losses.optional(),
  // JSON has no NaN: nothing to find.
  evalMeanAp: z.number().nullable().optional(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
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
  origin: z.object({ source: z.string(), licence: z.string().optional() }),
  weights: z.string().regex(/^weights-[0-9a-f]{16}\.safetensors$/),
  trained: z.boolean(),
  history: z.array(report),
});

type Parsed = z.infer<typeof detectorDocument>;

export interface DetectorDocument extends Omit<Parsed, "history" | "origin"> {
  history: EpochReport[];
  origin: NetworkOrigin;
}

const NAME = "model.json";

/** @throws MissingFile, InvalidFile that names the field */
export async function readDetectorDocument(folder: string): Promise<DetectorDocument> {
  const path = join(folder, NAME);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is none" : message;
    throw new VitrineError("MissingFile", { path, what: "a saved detector", reason }, { cause });
  });
  const given = parseJson(path, text);
  const parsed = detectorDocument.safeParse(given);
  if (parsed.success) return parsed.data as DetectorDocument;
  throw new VitrineError("InvalidFile", { path, ...firstIssue(parsed.error, given) });
}

/** Makes the detector that is described the folder's, then clears away the weights of the one before. */
export async function writeDetectorDocument(folder: string, document: DetectorDocument): Promise<void> {
  await writeFileAtomic(join(folder, NAME), `${JSON.stringify(document, null, 2)}\n`, "a detector's description");
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
