/** The detector that the worker keeps ready, so that the next call need not make tensors of its weights again. */
import { FasterRcnnNetwork } from "../models/detection/faster-rcnn-network.js";
import type { SharedDetector } from "./detection-messages.js";
import { sharedTensors } from "./shared-tensors.js";

let kept: { key: string; network: FasterRcnnNetwork } | undefined;

export function residentDetector(shared: SharedDetector): FasterRcnnNetwork {
  // The plan has thresholds, which change without the weights.
  const key = `${shared.key}/${JSON.stringify(shared.plan)}`;
  if (kept?.key !== key) {
    kept?.network.dispose();
    kept = { key, network: new FasterRcnnNetwork(shared.plan, sharedTensors(shared)) };
  }
  return kept.network;
}

/** How many tensors it holds. */
export const detectorTensors = (): number => kept?.network.residentTensors ?? 0;
