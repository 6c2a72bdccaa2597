/** Weights from wherever they were asked for, in memory that both threads see. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { DownloadProgress } from "../hub/download.js";
import { KERAS_INPUT } from "../hub/keras-names.js";
import { labelNames } from "../hub/label-names.js";
import { loadConfig, loadWeights } from "../hub/load-weights.js";
import { architectureOf } from "../models/base-models.js";
import { emptyHead, type HeadData } from "../models/linear-head.js";
import { randomTensors } from "../models/random-weights.js";
import { weightShapes } from "../models/plan.js";
import { type NamedTensors, pickTensors } from "../models/tensor-data.js";
import type { OpenedWeights } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { packageFolder } from "./package-folder.js";
import { networkPlan, shareNetwork, type NetworkRequest, type SharedNetwork } from "./shared-network.js";

export async function openNetwork(request: NetworkRequest, context: OperationContext): Promise<OpenedWeights> {
  return request.baseModel === "embedded" ? openEmbedded(request, context) : openTorchvision(request, context);
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const backboneJson = z.object({ width: z.number().int(), input: z.object({ mean: triple, std: triple }) });

async function openEmbedded(request: NetworkRequest, context: OperationContext): Promise<OpenedWeights> {
  const folder = join(packageFolder(), "backbone");
  const { width, input } = backboneJson.parse(JSON.parse(await readFile(join(folder, "backbone.json"), "utf8")));
  const expected = {
    architecture: { name: architectureOf("embedded"), width },
    mean: input.mean,
    deviation: input.std,
  };
  if (request.weights !== "embedded") return open(expected, request, context);
  const { network } = await open(expected, { ...request, weights: join(folder, "backbone.safetensors") }, context);
  return { network, origin: { source: "embedded: trained for vitrine, see backbone/MODEL_CARD.md", licence: "MIT" } };
}

/** What every ImageNet model of torchvision was trained with. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

async function openTorchvision(request: NetworkRequest, context: OperationContext): Promise<OpenedWeights> {
  const { baseModel, weights } = request;
  const expected = { architecture: { name: architectureOf(baseModel), width: 64 }, ...IMAGENET };
  const source = weights === "imagenet" ? `imagenet:${baseModel}` : weights;
  return open(expected, { ...request, weights: source }, context);
}

type Expected = Pick<SharedNetwork, "architecture" | "mean" | "deviation">;

async function open(
  expected: Expected,
  { weights, seed, classifier }: NetworkRequest,
  context: OperationContext,
): Promise<OpenedWeights> {
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
  const opened = { network, origin: { source, ...(licence === undefined ? {} : { licence }) } };
  const head = classifier ? classifierHead(tensors, plan.features) : undefined;
  if (!head) return opened;
  const config = await context.control.during((signal) => loadConfig(weights, { signal }));
  const labels = config === undefined ? undefined : labelNames(config);
  return { ...opened, head, ...(labels ? { labels } : {}) };
}

/** The last linear layer, under the names of a ResNet's and of AlexNet's, as a head that standardises nothing. */
function classifierHead(tensors: NamedTensors, features: number): HeadData | undefined {
  for (const name of ["fc", "classifier.6"]) {
    const [weight, bias] = [tensors.get(`${name}.weight`), tensors.get(`${name}.bias`)];
    const classes = weight?.shape[0] ?? 0;
    if (!weight || bias?.data.length !== classes || weight.data.length !== classes * features) continue;
    const head = emptyHead(features, classes, new Float32Array(features), new Float32Array(features).fill(1));
    const weights = head.weights.map((_, i) => weight.data[(i % classes) * features + Math.floor(i / classes)] ?? 0);
    return { ...head, weights, bias: bias.data };
  }
  return undefined;
}

/** Strides and the scale of the pictures; the names and shapes of the weights are the same. */
function asKeras({ architecture }: Expected): Expected {
  return { ...KERAS_INPUT, architecture: { ...architecture, strideOn: "first" } };
}
