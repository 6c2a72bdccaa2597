/** Networks that the worker keeps ready, so that the next call need not make tensors of 40 MB again. */
import { Network } from "../models/network.js";
import { networkPlan, sharedTensors, type SharedNetwork } from "./shared-network.js";

/** A model in use and one to compare it with. */
const KEPT = 2;

/** By key, the least recently used first. */
const networks = new Map<string, Network>();

export function residentNetwork(shared: SharedNetwork): Network {
  const network = networks.get(shared.key) ?? new Network(networkPlan(shared.architecture), sharedTensors(shared));
  networks.delete(shared.key);
  networks.set(shared.key, network);
  for (const [key, oldest] of networks) {
    if (networks.size <= KEPT) break;
    networks.delete(key);
    oldest.dispose();
  }
  return network;
}

/** How many tensors these networks hold. */
export function residentTensors(): number {
  return [...networks.values()].reduce((sum, network) => sum + network.residentTensors, 0);
}
