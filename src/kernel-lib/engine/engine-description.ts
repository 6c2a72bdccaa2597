/** What computes here, and what that means for the one who waits for it. */
import type { EngineInfo } from "./messages.js";

/** Shows itself as a cell's value: a sentence, and what does not work where TensorFlow is missing. */
export class EngineDescription implements EngineInfo {
  readonly backend: EngineInfo["backend"];
  /** TensorFlow's version; WebAssembly has none. */
  readonly version?: string;
  readonly device: EngineInfo["device"];
  /** Why it is this backend: what the set-up found, or what is missing. */
  readonly reason: string;
  /** Why steps of a training run operation by operation, not as one graph; undefined where they are graphs. */
  readonly withoutGraphs?: string;

  constructor({ backend, version, device, reason, withoutGraphs }: EngineInfo) {
    this.backend = backend;
    if (version !== undefined) this.version = version;
    this.device = device;
    this.reason = reason;
    if (withoutGraphs !== undefined) this.withoutGraphs = withoutGraphs;
  }

  toString(): string {
    const where = this.device === "gpu" ? "the graphics card" : "the CPU";
    if (this.backend === "tensorflow") {
      const slower = this.withoutGraphs === undefined ? "" : `, operation by operation (${this.withoutGraphs})`;
      return `TensorFlow ${this.version ?? ""} on ${where} (${this.reason})${slower}`;
    }
    return `WebAssembly on ${where}, in TensorFlow's place (${this.reason}).\n${WITHOUT_TENSORFLOW}`;
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string } {
    return { "text/plain": this.toString() };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const WITHOUT_TENSORFLOW =
  "Training the head of a frozen base and scoring work, slower. Training all layers (freeze: false) does not:\n" +
  "for that, run VITRINE_TENSORFLOW=cpu npm run setup, and restart the kernel.";
