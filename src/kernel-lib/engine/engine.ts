/** The engine, one for a process: TensorFlow in a thread of its own. It starts when it is first needed. */
import { EngineClient } from "./client.js";
import { EngineDescription } from "./engine-description.js";
import type { EngineMemory } from "./messages.js";

const ENGINE = Symbol.for("vitrine.engine");

/** Shared by every copy of this module in the process: one TensorFlow is enough. */
export function engineClient(): EngineClient {
  const shared = globalThis as { [ENGINE]?: EngineClient | undefined };
  return (shared[ENGINE] ??= new EngineClient());
}

export const engine = {
  /** Which backend computes, its version, on what device, and why it is this one. */
  info: async (): Promise<EngineDescription> => new EngineDescription(await engineClient().request("info", null)),
  /** Tensors that are alive; for those who look for leaks. */
  memory: (): Promise<EngineMemory> => engineClient().request("memory", null),
  /** Ends the thread and frees its memory. Models keep their weights; the next call starts a new one. */
  close: (): Promise<void> => engineClient().close(),
};
