/**
 * A function of tensors as one TensorFlow graph: what it does is written down once, and run as a whole from then on, without
 * tfjs in between and with TensorFlow's optimisers over all of it. Shapes are baked in: one traced function for one set of them.
 *
 * The graph is a SavedModel without variables, which tfjs-node loads and runs as it is; weights go in and out with every call,
 * where on a CPU nothing is copied.
 */
import * as tf from "@tensorflow/tfjs-core";

import { GraphWriter } from "./graph-writer.js";
import { addBias } from "../models/bias.js";
import { relu } from "../models/rectifier.js";
import { forAnyCount } from "./any-count.js";
import { joinConvolutions } from "./joined-convolutions.js";
import { loadGraph } from "./load-graph.js";
import { needed, record, type RecordedDraw, type Recording } from "./recording.js";
import { tensorFlowBackend, type TensorFlowBackend } from "./tensorflow-backend.js";

/** Tensors in, tensors out; the caller disposes both. It may assign variables that are among the state. */
export type TensorFunction = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

export interface TracedOptions {
  /** What else it reads. Filters among them are arranged for the processor once, for as long as these are the same tensors. */
  weights?: () => readonly tf.Tensor[];
  /** Its inputs and what comes out may have other lengths along their first axis in other calls; nothing may be `drawn` then. */
  anyCount?: boolean;
}

interface Graph {
  model: number;
  /** What each placeholder takes: of the inputs, of the state, or of what is drawn. */
  feeds: readonly Feed[];
  feedNames: string;
  fetchNames: string;
  /** How many of what comes out the function returns; the rest is for `assigned`. */
  outputs: number;
  assigned: readonly tf.Variable[];
  weights: readonly tf.Tensor[];
  draws: readonly RecordedDraw["make"][];
}

interface Feed {
  from: "inputs" | "state" | "weights" | "draws";
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
  ids: { inputs: number[]; state: number[]; weights: number[] };
  weights: readonly tf.Tensor[];
}

export class TracedFunction {
  private readonly run: TensorFunction;
  private readonly state: readonly tf.Variable[];
  private readonly options: TracedOptions;
  private graph: Graph | undefined;
  private readonly backend = tensorFlowBackend();
  private refused = impossible() !== undefined;

  /**
   * @param state every variable that `run` reads or assigns; what it makes itself is the same in every call, unless `drawn`
   */
  constructor(run: TensorFunction, state: readonly tf.Variable[], options: TracedOptions = {}) {
    this.run = run;
    this.state = state;
    this.options = options;
  }

  /** The same as the function itself, to the last few digits. Where no graph can be made, the function itself. */
  call(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const { backend } = this;
    if (!backend || this.refused) return this.run(inputs);
    const weights = this.options.weights?.() ?? [];
    if (this.graph?.weights.some((tensor, i) => tensor !== weights[i])) this.dispose();
    const draws = this.graph ? this.graph.draws.map((make) => tf.keep(make())) : this.trace(backend, inputs, weights);
    return this.graph ? this.execute(backend, this.graph, inputs, draws) : this.run(inputs);
  }

  dispose(): void {
    if (this.graph) this.backend?.binding.deleteSavedModel(this.graph.model);
    this.graph = undefined;
  }

  /** Makes the graph, unless it is refused; everything is then as it was, but for what was drawn: that comes back, kept. */
  private trace(backend: TensorFlowBackend, inputs: readonly tf.Tensor[], weights: readonly tf.Tensor[]): tf.Tensor[] {
    const { anyCount } = this.options;
    const few = anyCount ? inputs.map((tensor) => tf.keep(tf.slice(tensor, 0, 1))) : inputs;
    const trial = this.record(backend, few, weights);
    const draws = trial.draws.map(({ tensor }) => tensor);
    try {
      this.graph = this.build(backend, few, trial);
      return draws;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
      this.refused = true;
      tf.dispose(draws);
      return [];
    } finally {
      tf.dispose(trial.result.filter((tensor) => !few.includes(tensor)));
      this.state.forEach((variable, i) => variable.assign(trial.before[i] ?? variable));
      tf.dispose(trial.before);
      if (anyCount) tf.dispose([...few]);
    }
  }

  private record(backend: TensorFlowBackend, inputs: readonly tf.Tensor[], weights: readonly tf.Tensor[]): Trial {
    const { state } = this;
    const before = state.map((variable) => tf.keep(variable.clone()));
    const idsOf = (tensors: readonly tf.Tensor[]) => backend.getInputTensorIds(tensors);
    const ids = { inputs: idsOf(inputs), state: idsOf(state), weights: idsOf(weights) };
    try {
      const work = () => {
        const result = tf.tidy(() => this.run(inputs));
        // What no operation used yet becomes a constant here.
        idsOf([...result, ...state]);
        return result;
      };
      return { ...record(backend, work), before, ids, weights };
    } catch (error) {
      // It was asked to stop, say.
      state.forEach((variable, i) => variable.assign(before[i] ?? variable));
      tf.dispose(before);
      throw error;
    }
  }

  /** @throws Error where the function uses what it was not given, or TensorFlow refuses the graph */
  private build(backend: TensorFlowBackend, inputs: readonly tf.Tensor[], trial: Trial): Graph {
    const { result, draws, ids, weights } = trial;
    const idsOf = (tensors: readonly tf.Tensor[]) => backend.getInputTensorIds(tensors);
    const after = idsOf(this.state);
    const assigned = this.state.filter((_, i) => after[i] !== ids.state[i]);
    const fetched = [...idsOf(result), ...after.filter((id, i) => id !== ids.state[i])];
    const { constants, live } = this.optimised(backend, trial, fetched, inputs);
    const wanted = new Set([...fetched, ...live.flatMap((operation) => operation.inputs)]);

    const writer = new GraphWriter(backend.binding);
    const feeds: Feed[] = [];
    const feed = (from: Feed["from"], tensors: readonly tf.Tensor[], numbers: readonly number[]) =>
      tensors.forEach((tensor, index) => {
        const id = numbers[index] ?? -1;
        if (!wanted.has(id) || writer.source(id) !== undefined) return;
        const shape = from === "inputs" && this.options.anyCount ? [-1, ...tensor.shape.slice(1)] : tensor.shape;
        writer.placeholder(id, backend.getDTypeInteger(tensor.dtype), shape);
        feeds.push({ from, index });
        fedIds.push(id);
      });
    const fedIds: number[] = [];
    feed("inputs", inputs, ids.inputs);
    feed("state", this.state, ids.state);
    feed("weights", weights, ids.weights);
    const drawnTensors = draws.map(({ tensor }) => tensor);
    feed("draws", drawnTensors, idsOf(drawnTensors));
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
    const model = loadGraph(backend.binding, writer.finish());
    const makers = draws.map(({ make }) => make);
    return { model, feeds, feedNames, fetchNames, outputs: result.length, assigned, weights, draws: makers };
  }

  private optimised(
    { binding }: TensorFlowBackend,
    { operations, constants: all, ids }: Trial,
    fetched: readonly number[],
    inputs: readonly tf.Tensor[],
  ) {
    const read = needed(operations, fetched);
    const shapes = new Map(inputs.map(({ shape }, i) => [ids.inputs[i] ?? -1, shape]));
    const constants = this.options.anyCount ? forAnyCount(read, all, 1, shapes) : all;
    const filters = new Set(joins() ? ids.weights : []);
    return {
      constants,
      live: needed(joinConvolutions({ operations: read, constants, fetched }, filters, binding), fetched),
    };
  }

  private execute(
    backend: TensorFlowBackend,
    { model, feeds, feedNames, fetchNames, outputs, assigned, weights }: Graph,
    inputs: readonly tf.Tensor[],
    draws: tf.Tensor[],
  ): tf.Tensor[] {
    const { state } = this;
    const given = { inputs, state, weights, draws };
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

/** Whether TensorFlow here has the joined operation, and computes by it what the single ones do. */
function joins(): boolean {
  if (joinsHere !== undefined) return joinsHere;
  const before = refusal;
  joinsHere = process.env["TF_ENABLE_ONEDNN_OPTS"] !== "0";
  if (joinsHere) joinsHere = tf.tidy(sampleAgrees);
  refusal = before;
  return joinsHere;
}

let joinsHere: boolean | undefined;

function sampleAgrees(): boolean {
  const [kernel, bias] = [tf.tensor4d([3, -1, 2, 1], [2, 2, 1, 1]), tf.tensor1d([-5])];
  const run: TensorFunction = ([x]) => {
    const y = tf.conv2d(tf.pad(x as tf.Tensor4D, [[0, 0], [1, 0], [0, 1], [0, 0]]), kernel, 1, "valid"); // prettier-ignore
    return [relu(addBias(y, bias))];
  };
  const traced = new TracedFunction(run, [], { weights: () => [kernel, bias] });
  const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
  try {
    const [joined] = traced.call([x]);
    const [single] = run([x]);
    return String(joined?.dataSync()) === String(single?.dataSync());
  } catch {
    return false;
  } finally {
    traced.dispose();
  }
}
