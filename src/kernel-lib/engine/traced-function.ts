/**
 * A function of tensors as one TensorFlow graph: what it does is written down once, and run as a whole from then on, without
 * tfjs in between and with TensorFlow's optimisers over all of it. Shapes are baked in: one traced function for one set of them.
 *
 * The graph is a SavedModel without variables, which tfjs-node loads and runs as it is; weights go in and out with every call,
 * where on a CPU nothing is copied.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writevSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as tf from "@tensorflow/tfjs-core";

import { GRAPH_TAG, GraphWriter } from "./graph-writer.js";
import { needed, record, type RecordedConstant, type RecordedDraw, type Recording } from "./recording.js";
import { tensorFlowBackend, type TensorFlowBackend } from "./tensorflow-backend.js";

/** Tensors in, tensors out; the caller disposes both. It may assign variables that are among the state. */
export type TensorFunction = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

interface Graph {
  model: number;
  /** What each placeholder takes: of the inputs, of the state, or of what is drawn. */
  feeds: readonly Feed[];
  feedNames: string;
  fetchNames: string;
  /** How many of what comes out the function returns; the rest is for `assigned`. */
  outputs: number;
  assigned: readonly tf.Variable[];
  draws: readonly RecordedDraw["make"][];
}

interface Feed {
  from: "inputs" | "state" | "draws";
  index: number;
}

let refusal: string | undefined;

/** Why graphs are not used here, or not by every function; undefined where they are. */
export const noGraphs = (): string | undefined => impossible() ?? refusal;

function impossible(): string | undefined {
  if (process.env["VITRINE_GRAPHS"] === "none") return "VITRINE_GRAPHS=none";
  const backend = tensorFlowBackend();
  if (!backend) return "the engine is WebAssembly";
  // Weights would go over the bus twice in every step.
  return backend.isUsingGpuDevice ? "weights stay on the graphics card" : undefined;
}

/** A run of the function for what it asks. */
interface Trial extends Recording<tf.Tensor[]> {
  /** The state as it was. */
  before: tf.Tensor[];
  /** The numbers of the state's tensors as they were. */
  ids: { inputs: number[]; state: number[]; constants: number[] };
}

export class TracedFunction {
  private readonly run: TensorFunction;
  private readonly state: readonly tf.Variable[];
  private readonly constants: readonly tf.Tensor[];
  private graph: Graph | undefined;
  private readonly backend = tensorFlowBackend();
  private refused = impossible() !== undefined;
  private readonly onGraph: () => void;

  /**
   * @param state every variable that `run` reads or assigns; what it makes itself is the same in every call, unless `drawn`
   * @param constants what else it reads; copied into the graph, where TensorFlow can prepare it
   * @param onGraph called once the graph has them: from then on the constants may go
   */
  constructor(
    run: TensorFunction,
    state: readonly tf.Variable[],
    constants: readonly tf.Tensor[] = [],
    onGraph: () => void = () => undefined,
  ) {
    this.run = run;
    this.state = state;
    this.constants = constants;
    this.onGraph = onGraph;
  }

  /** The same as the function itself, to the last few digits. Where no graph can be made, the function itself. */
  call(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { backend } = this;
    if (!backend || this.refused) return this.run(inputs);
    const draws = this.graph ? this.graph.draws.map((make) => tf.keep(make())) : this.trace(backend, inputs);
    return this.graph ? this.execute(backend, this.graph, inputs, draws) : this.run(inputs);
  }

  dispose(): void {
    if (this.graph) this.backend?.binding.deleteSavedModel(this.graph.model);
    this.graph = undefined;
  }

  /** Makes the graph, unless it is refused; everything is then as it was, but for what was drawn: that comes back, kept. */
  private trace(backend: TensorFlowBackend, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const trial = this.record(backend, inputs);
    const draws = trial.draws.map(({ tensor }) => tensor);
    try {
      this.graph = this.build(backend, inputs, trial);
      this.onGraph();
      return draws;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
      this.refused = true;
      tf.dispose(draws);
      return [];
    } finally {
      tf.dispose(trial.result.filter((tensor) => !inputs.includes(tensor)));
      this.state.forEach((variable, i) => variable.assign(trial.before[i] ?? variable));
      tf.dispose(trial.before);
    }
  }

  private record(backend: TensorFlowBackend, inputs: readonly tf.Tensor[]): Trial {
    const { state, constants } = this;
    const before = state.map((variable) => tf.keep(variable.clone()));
    const idsOf = (tensors: readonly tf.Tensor[]) => backend.getInputTensorIds(tensors);
    const ids = { inputs: idsOf(inputs), state: idsOf(state), constants: idsOf(constants) };
    try {
      const work = () => {
        const result = tf.tidy(() => this.run(inputs));
        // What no operation used yet becomes a constant here.
        idsOf([...result, ...state]);
        return result;
      };
      return { ...record(backend, work), before, ids };
    } catch (error) {
      // It was asked to stop, say.
      state.forEach((variable, i) => variable.assign(before[i] ?? variable));
      tf.dispose(before);
      throw error;
    }
  }

  /** @throws Error where the function uses what it was not given, or TensorFlow refuses the graph */
  private build(backend: TensorFlowBackend, inputs: readonly tf.Tensor[], trial: Trial): Graph {
    const { result, operations, constants, draws, ids } = trial;
    const idsOf = (tensors: readonly tf.Tensor[]) => backend.getInputTensorIds(tensors);
    const after = idsOf(this.state);
    const assigned = this.state.filter((_, i) => after[i] !== ids.state[i]);
    const fetched = [...idsOf(result), ...after.filter((id, i) => id !== ids.state[i])];
    const live = needed(operations, fetched);
    const wanted = new Set([...fetched, ...live.flatMap((operation) => operation.inputs)]);

    const writer = new GraphWriter(backend.binding);
    const feeds: Feed[] = [];
    const feed = (from: Feed["from"], tensors: readonly tf.Tensor[], numbers: readonly number[]) =>
      tensors.forEach((tensor, index) => {
        const id = numbers[index] ?? -1;
        if (!wanted.has(id) || writer.source(id) !== undefined) return;
        writer.placeholder(id, backend.getDTypeInteger(tensor.dtype), tensor.shape);
        feeds.push({ from, index });
        fedIds.push(id);
      });
    const fedIds: number[] = [];
    feed("inputs", inputs, ids.inputs);
    feed("state", this.state, ids.state);
    const drawnTensors = draws.map(({ tensor }) => tensor);
    feed("draws", drawnTensors, idsOf(drawnTensors));
    this.constants.forEach((tensor, i) => {
      const id = ids.constants[i] ?? -1;
      if (wanted.has(id)) writer.constant(id, constantOf(backend, tensor));
    });
    for (const [id, constant] of constants) {
      if (wanted.has(id) && writer.source(id) === undefined) writer.constant(id, constant);
    }
    for (const operation of live) writer.operation(operation);

    const feedNames = fedIds.map((id) => writer.named(id)).join(",");
    const fetchNames = [...result, ...assigned]
      .map(({ dtype }, i) => {
        const id = fetched[i] ?? -1;
        return writer.fetched(id, fedIds.includes(id), backend.getDTypeInteger(dtype));
      })
      .join(",");
    const model = load(backend, writer.finish());
    const makers = draws.map(({ make }) => make);
    return { model, feeds, feedNames, fetchNames, outputs: result.length, assigned, draws: makers };
  }

  private execute(
    backend: TensorFlowBackend,
    { model, feeds, feedNames, fetchNames, outputs, assigned }: Graph,
    inputs: readonly tf.Tensor[],
    draws: tf.Tensor[],
  ): tf.Tensor[] {
    const { state } = this;
    const given = { inputs, state, draws };
    const fed = feeds.flatMap(({ from, index }) => given[from][index] ?? []);
    try {
      const made = backend.binding
        .runSavedModel(model, backend.getInputTensorIds(fed), feedNames, fetchNames)
        .map((metadata) => backend.createOutputTensor(metadata));
      const updates = made.splice(outputs);
      assigned.forEach((variable, i) => variable.assign(updates[i] ?? variable));
      tf.dispose(updates);
      return made;
    } finally {
      tf.dispose(draws);
    }
  }
}

function constantOf(backend: TensorFlowBackend, tensor: tf.Tensor): RecordedConstant {
  const { buffer, byteOffset, byteLength } = tensor.dataSync();
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { dtype: backend.getDTypeInteger(tensor.dtype), shape: tensor.shape, bytes };
}

/** TensorFlow reads models from folders only. */
function load(backend: TensorFlowBackend, model: readonly Uint8Array[]): number {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-graph-"));
  try {
    writePieces(join(folder, "saved_model.pb"), model);
    return backend.binding.loadSavedModel(folder, GRAPH_TAG);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the system takes in one call, on Linux and macOS. */
const MOST_PIECES = 1024;

function writePieces(path: string, pieces: readonly Uint8Array[]): void {
  const file = openSync(path, "w");
  try {
    for (let start = 0; start < pieces.length; start += MOST_PIECES) {
      writeAll(file, pieces.slice(start, start + MOST_PIECES));
    }
  } finally {
    closeSync(file);
  }
}

/** The system may take less than it is offered; then the rest is offered in one piece. */
function writeAll(file: number, pieces: readonly Uint8Array[]): void {
  const all = pieces.reduce((sum, { length }) => sum + length, 0);
  const written = writevSync(file, pieces);
  if (written < all) writeFileSync(file, Buffer.concat(pieces).subarray(written));
}
