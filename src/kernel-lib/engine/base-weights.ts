/** A model's base: opened when it is first needed, replaced when it has learnt. */
import { effectiveSignal } from "../structures/interrupt.js";
import { engineClient } from "./engine.js";
import type { EngineEvent } from "./messages.js";
import type { NetworkOrigin, NetworkRequest, SharedNetwork } from "./shared-network.js";

export interface OpenedBase {
  network: SharedNetwork;
  origin: NetworkOrigin;
}

export class BaseWeights {
  private readonly request: NetworkRequest;
  private opened: Promise<OpenedBase> | undefined;

  constructor(request: NetworkRequest) {
    this.request = request;
  }

  /** Opened once; a failure may pass, so it is tried again. */
  async get(signal?: AbortSignal): Promise<OpenedBase> {
    const opened = (this.opened ??= this.open(effectiveSignal(signal)));
    try {
      return await opened;
    } catch (error) {
      if (this.opened === opened) this.opened = undefined;
      throw error;
    }
  }

  replace(base: OpenedBase): void {
    this.opened = Promise.resolve(base);
  }

  private open(signal: AbortSignal | undefined): Promise<OpenedBase> {
    return engineClient().request("open", this.request, { signal, onEvent: fetchLines(this.request.weights) });
  }
}

/** A download says every two seconds how far it is. */
export function fetchLines(weights: string): (event: EngineEvent) => void {
  let last = performance.now();
  return (event) => {
    if (event.kind !== "fetch" || performance.now() - last < 2000) return;
    last = performance.now();
    const [received, total] = [event.received, event.total].map((bytes) => ((bytes ?? NaN) / 1e6).toFixed(1));
    const of = event.total === undefined ? "" : ` of ${total ?? ""}`;
    process.stdout.write(`Fetching the weights ${weights}: ${received ?? ""}${of} MB\n`);
  };
}
