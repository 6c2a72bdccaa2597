/** Weights from wherever they were asked for, in memory that both threads see. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { DownloadProgress } from "../hub/download.js";
import { KERAS_INPUT } from "../hub/keras-names.js";
import { loadWeights } from "../hub/load-weights.js";
import { architectureOf } from "../models/base-models.js";
import { randomTensors } from "../models/random-weights.js";
import { weightShapes } from "../models/plan.js";
import { pickTensors } from "../models/tensor-data.js";
import type { OperationContext } from "./operation-context.js";
import { packageFolder } from "./package-folder.js";
import {
  networkPlan,
  shareNetwork,
  type NetworkOrigin,
  type NetworkRequest,
  type SharedNetwork,
} from "./shared-network.js";

export async function openNetwork(request: NetworkRequest, context: OperationContext): Promise<Opened> {
  return request.baseModel === "embedded" ? openEmbedded(request, context) : openTorchvision(request, context);
}

interface Opened {
  network: SharedNetwork;
  origin: NetworkOrigin;
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const backboneJson = z.object({ width: z.number().int(), input: z.object({ mean: triple, std: triple }) });

async function openEmbedded({ weights, seed }: NetworkRequest, context: OperationContext): Promise<Opened> {
  const folder = join(packageFolder(), "backbone");
  const { width, input } = backboneJson.parse(JSON.parse(await readFile(join(folder, "backbone.json"), "utf8")));
  const expected = {
    architecture: { name: architectureOf("embedded"), width },
    mean: input.mean,
    deviation: input.std,
  };
  if (weights !== "embedded") return open(expected, weights, seed, context);
  const { network } = await open(expected, join(folder, "backbone.safetensors"), seed, context);
  return { network, origin: { source: "embedded: trained for vitrine, see backbone/MODEL_CARD.md", licence: "MIT" } };
}

/** What every ImageNet model of torchvision was trained with. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

async function openTorchvision(
  { baseModel, weights, seed }: NetworkRequest,
  context: OperationContext,
): Promise<Opened> {
  const expected = { architecture: { name: architectureOf(baseModel), width: 64 }, ...IMAGENET };
  return open(expected, weights === "imagenet" ? `imagenet:${baseModel}` : weights, seed, context);
}

type Expected = Pick<SharedNetwork, "architecture" | "mean" | "deviation">;

async function open(expected: Expected, weights: string, seed: number, context: OperationContext): Promise<Opened> {
  const plan = networkPlan(expected.architecture);
  if (weights === "random") {
    const network = shareNetwork(randomTensors(plan, seed), expected);
    return { network, origin: { source: `random, seed ${seed}` } };
  }
  const onProgress = ({ received, total }: DownloadProgress) => context.report({ kind: "fetch", received, total });
  const loaded = await context.control.during((signal) => loadWeights(weights, { signal, onProgress }));
  const { tensors, source, licence, convention } = loaded;
  const own = convention === "keras" ? asKeras(expected) : expected;
  const network = shareNetwork(pickTensors(source, tensors, weightShapes(plan)), own);
  return { network, origin: { source, ...(licence === undefined ? {} : { licence }) } };
}

/** Strides and the scale of the pictures; the names and shapes of the weights are the same. */
function asKeras({ architecture }: Expected): Expected {
  return { ...KERAS_INPUT, architecture: { ...architecture, strideOn: "first" } };
}
