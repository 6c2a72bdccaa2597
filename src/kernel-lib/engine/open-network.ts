/** Weights from wherever they were asked for, in memory that both threads see. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { readWeights as readWeightsFile } from "../hub/read-weights.js";
import { floatTensors } from "../hub/tensor.js";
import { canonicalNames } from "../hub/weight-names.js";
import { randomTensors } from "../models/random-weights.js";
import { weightShapes } from "../models/plan.js";
import { pickTensors, type TensorData } from "../models/tensor-data.js";
import { packageFolder } from "./package-folder.js";
import {
  networkPlan,
  shareNetwork,
  type Architecture,
  type NetworkOrigin,
  type NetworkRequest,
  type SharedNetwork,
} from "./shared-network.js";

type Input = Pick<SharedNetwork, "mean" | "deviation">;

/** What every ImageNet model of torchvision was trained with. */
const IMAGENET: Input = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

export async function openNetwork(request: NetworkRequest): Promise<{ network: SharedNetwork; origin: NetworkOrigin }> {
  return request.baseModel === "embedded" ? openEmbedded(request) : openTorchvision(request);
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const backboneJson = z.object({ width: z.number().int(), input: z.object({ mean: triple, std: triple }) });

async function openEmbedded(request: NetworkRequest) {
  const folder = join(packageFolder(), "backbone");
  const { width, input } = backboneJson.parse(JSON.parse(await readFile(join(folder, "backbone.json"), "utf8")));
  const weights = request.weights === "embedded" ? join(folder, "backbone.safetensors") : request.weights;
  const opened = await open({ name: "resnet18", width }, weights, request, { mean: input.mean, deviation: input.std });
  if (request.weights === "embedded") {
    opened.origin = { source: "embedded: trained for vitrine, see backbone/MODEL_CARD.md", licence: "MIT" };
  }
  return opened;
}

const openTorchvision = (request: NetworkRequest) =>
  open({ name: request.baseModel as "resnet18", width: 64 }, request.weights, request, IMAGENET);

async function open(architecture: Architecture, weights: string, { seed }: NetworkRequest, input: Input) {
  const shapes = weightShapes(networkPlan(architecture));
  if (weights === "random") {
    const tensors = randomTensors(networkPlan(architecture), seed);
    return { network: shareNetwork(tensors, { architecture, ...input }), origin: { source: `random, seed ${seed}` } };
  }
  const { tensors, origin } = await readWeights(weights);
  const network = shareNetwork(pickTensors(weights, tensors, shapes), { architecture, ...input });
  return { network, origin };
}

async function readWeights(weights: string): Promise<{ tensors: Map<string, TensorData>; origin: NetworkOrigin }> {
  return { tensors: floatTensors(canonicalNames(await readWeightsFile(weights))), origin: { source: weights } };
}
