/** A model as other programs read it: ONNX, tfjs layers, or safetensors under torchvision's names. */
import { encodeOnnx } from "../hub/onnx-file.js";
import { encodeSafetensors } from "../hub/safetensors-writer.js";
import type { Tensor } from "../hub/tensor.js";
import { foldedHead } from "../models/fold-weights.js";
import { onnxGraph } from "../models/onnx-graph.js";
import { convLayers } from "../models/plan.js";
import { tfjsLayers } from "../models/tfjs-layers.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import type { ExportRequest } from "./messages.js";
import { writeLayersModel } from "./write-layers-model.js";
import { networkPlan, sharedTensors } from "./shared-network.js";

export async function exportModel(request: ExportRequest): Promise<void> {
  if (request.format === "tfjs") return writeLayers(request);
  const bytes = request.format === "onnx" ? onnxBytes(request) : safetensorsBytes(request);
  await writeFileAtomic(request.path, bytes, "an exported model");
}

async function writeLayers({ path, network, head, input, labels }: ExportRequest): Promise<void> {
  const { mean, deviation, architecture } = network;
  const { height, width, mirror, fit } = input;
  const tensors = sharedTensors(network);
  const model = tfjsLayers({ plan: networkPlan(architecture), tensors, head, height, width, mirror, mean, deviation });
  await writeLayersModel(path, model, { labels, fit, imageSize: [height, width] });
}

function onnxBytes({ network, head, input, labels }: ExportRequest): Uint8Array {
  const { mean, deviation, architecture } = network;
  const { height, width, mirror } = input;
  const tensors = sharedTensors(network);
  const graph = onnxGraph({ plan: networkPlan(architecture), tensors, head, height, width, mirror, mean, deviation });
  return encodeOnnx(graph, { labels: JSON.stringify(labels), fit: input.fit });
}

/** With the counters that torch's strict loading asks for; the head is the linear layer that torchvision has there. */
function safetensorsBytes({ network, head, input, labels }: ExportRequest): Uint8Array {
  const { architecture, mean, deviation } = network;
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of sharedTensors(network)) tensors.set(name, { dtype: "F32", ...tensor });
  for (const { norm } of convLayers(networkPlan(architecture))) {
    if (norm !== undefined) {
      tensors.set(`${norm}.num_batches_tracked`, { dtype: "I64", shape: [], data: BigInt64Array.of(0n) });
    }
  }
  if (head) {
    const name = architecture.name === "alexnet" ? "classifier.6" : "fc";
    const { weight, bias } = foldedHead(head);
    tensors.set(`${name}.weight`, { dtype: "F32", ...weight });
    tensors.set(`${name}.bias`, { dtype: "F32", ...bias });
  }
  const facts = {
    labels,
    mean,
    deviation,
    stride: architecture.strideOn ?? "middle",
    imageSize: [input.height, input.width],
    fit: input.fit,
  };
  const texts = Object.entries(facts).map(([key, value]) => [key, JSON.stringify(value)] as const);
  return encodeSafetensors(tensors, { format: "pt", architecture: architecture.name, ...Object.fromEntries(texts) });
}
