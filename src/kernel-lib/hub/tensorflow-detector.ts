/**
 * A Faster R-CNN with ResNet-50 from TensorFlow's Object Detection API (`faster_rcnn_resnet50_coco`) under torchvision's names and
 * in its layouts. Boxes are told there as y, x, height, width, proposals by two classes instead of one number, and codes of
 * proposals are ten and five times as large: all of that goes into the weights, and the same numbers come out.
 *
 * What is left to tell apart is the network itself: see models/detection/tensorflow-plan.ts.
 */
import { turnedKernel } from "./kernel-layout.js";
import type { FloatTensor } from "./tensor.js";

type Tensors = ReadonlyMap<string, FloatTensor>;

const UNIT =
  /^(First|Second)StageFeatureExtractor\/resnet_v1_\d+\/block(\d)\/unit_(\d+)\/bottleneck_v1\/(conv\d|shortcut)\/(.+)$/;
const STEM = /^FirstStageFeatureExtractor\/resnet_v1_\d+\/conv1\/(.+)$/;
const BODY = "backbone.body.";
const HEAD = "roi_heads.box_head.";

const NORM = new Map([
  ["BatchNorm/gamma", "weight"],
  ["BatchNorm/beta", "bias"],
  ["BatchNorm/moving_mean", "running_mean"],
  ["BatchNorm/moving_variance", "running_var"],
]);

/** Whether names are those of such a detector. */
export function isTensorflowDetector(names: Iterable<string>): boolean {
  const all = new Set(names);
  return (
    all.has("FirstStageBoxPredictor/ClassPredictor/weights") &&
    all.has("SecondStageBoxPredictor/ClassPredictor/weights")
  );
}

/** All that a detector needs; moments of the optimiser and the step's number are left out. */
export function fromTensorflowDetector(tensors: Tensors): Map<string, FloatTensor> {
  const converted = new Map<string, FloatTensor>();
  for (const [name, tensor] of tensors) {
    const own = backboneName(name);
    if (own !== undefined) converted.set(own, tensor.shape.length === 4 ? turnedKernel(tensor) : tensor);
  }
  const get = (name: string) => tensors.get(name);
  set(converted, "rpn.head.conv.0.0", turned(get("Conv/weights")), get("Conv/biases"));
  for (const part of ["weights", "biases"] as const) {
    const end = part === "weights" ? "weight" : "bias";
    const read = (name: string) => outputsFirst(get(`${name}/${part}`));
    const proposed = read("FirstStageBoxPredictor/ClassPredictor");
    const moved = read("FirstStageBoxPredictor/BoxEncodingPredictor");
    const classes = read("SecondStageBoxPredictor/ClassPredictor");
    const boxes = read("SecondStageBoxPredictor/BoxEncodingPredictor");
    if (proposed) converted.set(`rpn.head.cls_logits.${end}`, objectness(proposed));
    if (moved) converted.set(`rpn.head.bbox_pred.${end}`, torchCodes(moved, PROPOSAL_SCALE));
    if (classes) converted.set(`roi_heads.box_predictor.cls_score.${end}`, classes);
    if (classes && boxes) {
      const codes = withBackground(torchCodes(boxes, REGION_SCALE), outputsOf(classes));
      converted.set(`roi_heads.box_predictor.bbox_pred.${end}`, codes);
    }
  }
  return converted;
}

function backboneName(name: string): string | undefined {
  const stem = STEM.exec(name)?.[1];
  if (stem !== undefined) return partName(BODY, "conv1", "bn1", stem);
  const [, extractor, block = "", unit = "", layer = "", part = ""] = UNIT.exec(name) ?? [];
  if (extractor === undefined) return undefined;
  // The first extractor has the last block too, and nobody looks at it.
  if ((extractor === "Second") !== (block === "4")) return undefined;
  const home = `${extractor === "First" ? BODY : HEAD}layer${block}.${Number(unit) - 1}.`;
  if (layer === "shortcut") return partName(home, "downsample.0", "downsample.1", part);
  return partName(home, layer, layer.replace("conv", "bn"), part);
}

function partName(home: string, conv: string, norm: string, part: string): string | undefined {
  if (part === "weights") return `${home}${conv}.weight`;
  const own = NORM.get(part);
  return own && `${home}${norm}.${own}`;
}

function set(converted: Map<string, FloatTensor>, name: string, weight?: FloatTensor, bias?: FloatTensor): void {
  if (weight) converted.set(`${name}.weight`, weight);
  if (bias) converted.set(`${name}.bias`, bias);
}

const turned = (tensor: FloatTensor | undefined) => tensor && turnedKernel(tensor);

/** Biases are as they are. */
const outputsFirst = (tensor: FloatTensor | undefined) =>
  tensor && tensor.shape.length > 1 ? turnedKernel(tensor) : tensor;

const outputsOf = ({ shape }: FloatTensor) => shape[0] ?? 0;

/** Rows of outputs: how many numbers each has. */
const rowOf = (tensor: FloatTensor) => tensor.data.length / Math.max(1, outputsOf(tensor));

/** Of an anchor's two logits, background and object, the difference: its sigmoid is their softmax. */
function objectness(tensor: FloatTensor): FloatTensor {
  const row = rowOf(tensor);
  const outputs = outputsOf(tensor) / 2;
  const data = new Float32Array(outputs * row);
  for (let output = 0; output < outputs; output++) {
    for (let i = 0; i < row; i++) {
      const at = 2 * output * row + i;
      data[output * row + i] = (tensor.data[at + row] ?? 0) - (tensor.data[at] ?? 0);
    }
  }
  return { dtype: "F32", shape: [outputs, ...tensor.shape.slice(1)], data };
}

/** y, x, height, width. Proposals have no scale of their own in torchvision; regions have the same, 10 and 5. */
const PROPOSAL_SCALE = [10, 10, 5, 5] as const;
const REGION_SCALE = [1, 1, 1, 1] as const;

/** Rows of y, x, height, width become x, y, width, height. */
function torchCodes(tensor: FloatTensor, scale: readonly [number, number, number, number]): FloatTensor {
  const row = rowOf(tensor);
  const data = new Float32Array(tensor.data.length);
  for (let output = 0; output < outputsOf(tensor); output++) {
    for (let i = 0; i < row; i++) {
      data[(output ^ 1) * row + i] = (tensor.data[output * row + i] ?? 0) / (scale[output % 4] ?? 1);
    }
  }
  return { ...tensor, data };
}

/** Codes of the background too, zeros; and where all classes share one box, that box for each. */
function withBackground(tensor: FloatTensor, classes: number): FloatTensor {
  const own = tensor.data.length / Math.max(1, outputsOf(tensor) / 4);
  const isShared = outputsOf(tensor) === 4;
  const data = new Float32Array(classes * own);
  for (let label = 1; label < classes; label++) {
    const from = isShared ? 0 : (label - 1) * own;
    data.set(tensor.data.subarray(from, from + own), label * own);
  }
  return { ...tensor, shape: [4 * classes, ...tensor.shape.slice(1)], data };
}
