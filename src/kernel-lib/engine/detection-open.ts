/** A detector's weights from wherever they were asked for, in memory that both threads see. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { z } from "zod";

import type { DownloadProgress } from "../hub/download.js";
import { loadWeights, type LoadedWeights } from "../hub/load-weights.js";
import { NORM_EPSILON } from "../models/batch-norm.js";
import { detectorShapes, isPredictor, type DetectorPlan } from "../models/detection/detector-plan.js";
import {
  resnet50C4Plan,
  resnet50FpnPlan,
  smallPlan,
  type DetectorBackbone,
} from "../models/detection/detector-plans.js";
import { randomDetectorTensors } from "../models/detection/random-detector.js";
import { resnet50TensorflowPlan } from "../models/detection/tensorflow-plan.js";
import { pickTensors, type NamedTensors, type TensorData } from "../models/tensor-data.js";
import { VitrineError } from "../structures/errors.js";
import type { DetectionOperations, OpenDetectorRequest } from "./detection-messages.js";
import type { OperationContext } from "./operation-context.js";
import { packageFolder } from "./package-folder.js";
import type { NetworkOrigin } from "./shared-network.js";
import { shareTensors } from "./shared-tensors.js";

type Opened = DetectionOperations["openDetector"]["response"];

export async function openDetector(request: OpenDetectorRequest, context: OperationContext): Promise<Opened> {
  const plan = await detectorPlan(request.backbone, request.classes);
  const { tensors, origin } = await open(plan, request, context);
  return { detector: { plan, ...shareTensors(tensors) }, origin };
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const backboneJson = z.object({ width: z.number().int(), input: z.object({ mean: triple, std: triple }) });

/** The plan by its name; the small one is as wide as the backbone that comes with vitrine. */
export async function detectorPlan(backbone: DetectorBackbone, classes: number): Promise<DetectorPlan> {
  if (backbone === "resnet50") return resnet50FpnPlan(classes);
  if (backbone === "resnet50-c4") return resnet50C4Plan(classes);
  if (backbone === "resnet50-tf") return resnet50TensorflowPlan(classes);
  const text = await readFile(join(packageFolder(), "backbone", "backbone.json"), "utf8");
  const { width, input } = backboneJson.parse(JSON.parse(text));
  return smallPlan(classes, width, { mean: input.mean, deviation: input.std });
}

interface Weights {
  tensors: Map<string, TensorData>;
  origin: NetworkOrigin;
}

async function open(
  plan: DetectorPlan,
  { weights, seed, backbone }: OpenDetectorRequest,
  context: OperationContext,
): Promise<Weights> {
  const beginning = () => randomDetectorTensors(detectorShapes(plan), seed);
  if (weights === "random") return { tensors: beginning(), origin: { source: `random, seed ${seed}` } };
  const onProgress = ({ received, total }: DownloadProgress) => context.report({ kind: "fetch", received, total });
  const loaded = await context.control.during((signal) =>
    loadWeights(sourceOf(weights, backbone), { signal, onProgress }),
  );
  refuseOther(plan, loaded);
  const found = detectorNames(loaded.tensors, basename(loaded.path));
  const { tensors, note } = merged(plan, beginning, found, basename(loaded.source));
  const source = weights === "embedded" ? "embedded: trained for vitrine, see backbone/MODEL_CARD.md" : loaded.source;
  const licence = weights === "embedded" ? "MIT" : loaded.licence;
  return { tensors, origin: { source: `${source}; ${note}`, ...(licence === undefined ? {} : { licence }) } };
}

/** TensorFlow's detectors have torchvision's tensors and another network: with the wrong one they would find nothing, and say nothing. */
function refuseOther({ input }: DetectorPlan, { convention, tensors, path }: LoadedWeights): void {
  const wantsTensorflow = input === "tensorflow";
  const isTensorflow = convention === "tensorflow-detector";
  // What was saved here has torchvision's names, whatever the network.
  const isDetector = [...tensors.keys()].some((name) => name.startsWith("rpn."));
  if (wantsTensorflow ? isTensorflow || isDetector : !isTensorflow) return;
  const expected = wantsTensorflow ? "a detector of TensorFlow's detection API" : "torchvision's network";
  const received = isTensorflow ? `one of TensorFlow's detection API, for backbone "resnet50-tf"` : "a backbone alone";
  throw new VitrineError("InvalidWeights", { path, tensor: "the whole", expected, received });
}

function sourceOf(weights: string, backbone: DetectorBackbone): string {
  if (weights === "embedded") return join(packageFolder(), "backbone", "backbone.safetensors");
  if (weights === "coco")
    return `coco:${backbone === "resnet50-tf" ? "faster_rcnn_resnet50_coco" : "fasterrcnn_resnet50_fpn"}`;
  return weights === "imagenet" ? "imagenet:resnet50" : weights;
}

/** The tensors under a detector's names: those of older torchvisions, and of a backbone alone, become today's. */
function detectorNames(tensors: NamedTensors, file: string): Map<string, TensorData> {
  const isDetector = [...tensors.keys()].some((name) => name.startsWith("rpn."));
  // torchvision's own COCO weights were trained without the small number under the root; here it is always there.
  const exact = file.startsWith("fasterrcnn_resnet50_fpn_coco");
  return new Map(
    [...tensors].map(([name, tensor]) => {
      const own = isDetector ? today(name) : `backbone.body.${name}`;
      if (!exact || !name.endsWith("running_var")) return [own, tensor];
      return [own, { ...tensor, data: tensor.data.map((value) => value - NORM_EPSILON) }];
    }),
  );
}

const today = (name: string) =>
  name
    .replace(/^(backbone\.fpn\.(?:inner|layer)_blocks\.\d)\.(weight|bias)$/, "$1.0.$2")
    .replace(/^rpn\.head\.conv\.(weight|bias)$/, "rpn.head.conv.0.0.$1");

/** What was found, over a beginning for the rest: a predictor of other labels begins anew, and without detector weights all but the backbone. */
function merged(
  plan: DetectorPlan,
  beginning: () => NamedTensors,
  found: NamedTensors,
  source: string,
): { tensors: Map<string, TensorData>; note: string } {
  const shapes = detectorShapes(plan);
  const isDetector = found.has("rpn.head.cls_logits.weight");
  const classes = found.get("roi_heads.box_predictor.cls_score.bias")?.data.length;
  const keepsPredictor = isDetector && classes === plan.classes + 1;
  const isWanted = (name: string) =>
    isDetector ? keepsPredictor || !isPredictor(name) : name.startsWith("backbone.body.");
  const headStage = isDetector ? new Map<string, TensorData>() : stageFromBackbone(found, shapes);
  const wanted = new Map([...shapes].filter(([name]) => isWanted(name)));
  const given = new Map([...headStage, ...pickTensors(source, found, wanted)]);
  // To draw a large detector takes seconds.
  const isWhole = [...shapes.keys()].every((name) => given.has(name));
  const tensors = isWhole ? given : new Map([...beginning(), ...given]);
  const fresh = keepsPredictor ? "with its own labels" : "the predictor begins anew";
  return { tensors, note: isDetector ? fresh : "heads begin anew" };
}

/** A C4 detector's head begins as the backbone's last stage. */
function stageFromBackbone(found: NamedTensors, shapes: ReadonlyMap<string, unknown>): Map<string, TensorData> {
  const prefix = "roi_heads.box_head.";
  return new Map(
    [...shapes.keys()].flatMap((name) => {
      const tensor = name.startsWith(prefix) ? found.get(`backbone.body.${name.slice(prefix.length)}`) : undefined;
      return tensor ? [[name, tensor] as const] : [];
    }),
  );
}
