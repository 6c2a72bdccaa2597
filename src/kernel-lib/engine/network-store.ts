/** Networks that the worker keeps ready, so that the next call need not make tensors of 40 MB again. */
import { Network } from "../models/network.js";
import { networkPlan, sharedTensors, type SharedNetwork } from "./shared-network.js";

/** A model in use and one to compare it with. */
const KEPT = 2;

/** By key, the least recently used first. */
const networks = new Map<string, Network>();

/** What was made of a network, and goes when it goes. */
const companions = new Map<Network, Map<string, Companion>>();

interface Companion {
  dispose(): void;
}

export function residentNetwork(shared: SharedNetwork): Network {
  const network = networks.get(shared.key) ?? new Network(networkPlan(shared.architecture), sharedTensors(shared));
  networks.delete(shared.key);
  networks.set(shared.key, network);
  for (const [key, oldest] of networks) {
    if (networks.size <= KEPT) break;
    networks.delete(key);
    for (const companion of companions.get(oldest)?.values() ?? []) companion.dispose();
    companions.delete(oldest);
    oldest.dispose();
  }
  return network;
}

/** What `make` made of a resident network under this name, for as long as the network is resident. */
export function companionOf<T extends Companion>(network: Network, name: string, make: () => T): T {
  const own = companions.get(network) ?? new Map<string, Companion>();
  companions.set(network, own);
  const companion = own.get(name) ?? make();
  own.set(name, companion);
  return companion as T;
}

/** How many tensors these networks hold. */
export function residentTensors(): number {
  return [...networks.values()].reduce((sum, network) => sum + network.residentTensors, 0);
}
