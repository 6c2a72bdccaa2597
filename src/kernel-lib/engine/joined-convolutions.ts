/**
 * A convolution, the zeros around it, its bias, what is added to it and the rectifier after them, as the one operation that oneDNN has for
 * all of them. TensorFlow makes such operations itself, but takes a filter for constant only where it lies inside the graph, in several
 * copies. One that is told so arranges the filter of its first run for the processor, and keeps that.
 */
import type { RecordedConstant, RecordedOperation } from "./recording.js";
import type { OperationAttribute, TensorFlowBinding } from "./tensorflow-backend.js";

export interface RecordedGraph {
  /** In their order. */
  operations: readonly RecordedOperation[];
  constants: ReadonlyMap<number, RecordedConstant>;
  /** Tensors that come out. */
  fetched: readonly number[];
}

type AttributeTypes = Pick<TensorFlowBinding, `TF_ATTR_${"STRING" | "INT" | "BOOL" | "TYPE"}` | "TF_FLOAT">;

/**
 * The operations, with convolutions joined to what follows them.
 * @param filters tensors that are the same in every run; other convolutions stay as they are
 */
export function joinConvolutions(
  graph: RecordedGraph,
  filters: ReadonlySet<number>,
  types: AttributeTypes,
): RecordedOperation[] {
  const uses = new Uses(graph);
  const joined = new Map<RecordedOperation, RecordedOperation>();
  const members = new Set<RecordedOperation>();
  for (const operation of graph.operations) {
    const chain = filters.has(operation.inputs[1] ?? -1) ? chainFrom(operation, uses, members, types) : undefined;
    const last = chain?.members.at(-1);
    if (!chain || !last) continue;
    for (const member of chain.members) members.add(member);
    joined.set(last, joinedOperation(chain, uses, types));
  }
  return graph.operations.flatMap((one) => joined.get(one) ?? (members.has(one) ? [] : [one]));
}

/** What makes a tensor, and what takes it. */
class Uses {
  private readonly graph: RecordedGraph;
  private readonly makers: ReadonlyMap<number, RecordedOperation>;
  private readonly takers = new Map<number, RecordedOperation[]>();

  constructor(graph: RecordedGraph) {
    this.graph = graph;
    this.makers = new Map(graph.operations.flatMap((operation) => operation.outputs.map((id) => [id, operation])));
    for (const operation of graph.operations) {
      for (const id of operation.inputs) this.takers.set(id, [...(this.takers.get(id) ?? []), operation]);
    }
  }

  /** The operation of one of these names that a tensor is for, if it is for nothing else. */
  next(id: number, ...names: string[]): RecordedOperation | undefined {
    const [taker, ...others] = this.takers.get(id) ?? [];
    return taker && names.includes(taker.name) && others.length === 0 && !this.graph.fetched.includes(id)
      ? taker
      : undefined;
  }

  maker(id: number): RecordedOperation | undefined {
    return this.makers.get(id);
  }

  /** 32-bit whole numbers or floats that the work brought along. */
  numbers(id: number, type: typeof Int32Array | typeof Float32Array): number[] | undefined {
    const bytes = this.graph.constants.get(id)?.bytes;
    return bytes && [...new type(bytes.slice().buffer)];
  }
}

/** A convolution and what follows it. */
interface Chain {
  convolution: RecordedOperation;
  members: RecordedOperation[];
  bias: number;
  summand: number | undefined;
  rectified: boolean;
}

/** Undefined for what is no convolution of 32-bit floats with a bias. */
function chainFrom(
  convolution: RecordedOperation,
  uses: Uses,
  taken: ReadonlySet<RecordedOperation>,
  { TF_FLOAT }: AttributeTypes,
): Chain | undefined {
  const float = attribute(convolution, "T")?.value === TF_FLOAT;
  const biased = convolution.name === "Conv2D" && float ? uses.next(output(convolution), "BiasAdd") : undefined;
  if (!biased) return undefined;
  const members = [convolution, biased];
  const sum = uses.next(output(biased), "Add", "AddV2");
  const summand = sum && !taken.has(sum) ? equalSummand(sum, biased, uses) : undefined;
  if (sum && summand !== undefined) members.push(sum);
  const rectifier = uses.next(output(members.at(-1) ?? biased), "Relu");
  if (rectifier) members.push(rectifier);
  return { convolution, members, bias: biased.inputs[1] ?? -1, summand, rectified: rectifier !== undefined };
}

/** What is added, if it is of the same shape: oneDNN spreads nothing. */
function equalSummand(sum: RecordedOperation, biased: RecordedOperation, uses: Uses): number | undefined {
  const other = sum.inputs.find((id) => id !== output(biased));
  const shape = other === undefined ? undefined : uses.maker(other)?.shapes[0];
  return String(shape) === String(biased.shapes[0]) ? other : undefined;
}

function joinedOperation(chain: Chain, uses: Uses, types: AttributeTypes): RecordedOperation {
  const { convolution, members, bias, summand, rectified } = chain;
  const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = types;
  const [x = -1, filter = -1] = convolution.inputs;
  const added = summand === undefined ? [bias] : [bias, summand];
  const parts = ["BiasAdd", ...(summand === undefined ? [] : ["Add"]), ...(rectified ? ["Relu"] : [])];
  const zeros = zerosAround(convolution, uses);
  const kept = ["T", "strides", "data_format", "dilations", ...(zeros ? [] : ["padding"])];
  const { outputs, shapes } = members.at(-1) ?? convolution;
  return {
    name: "_MklNativeFusedConv2D",
    inputs: [zeros?.inside ?? x, filter, ...added],
    outputs,
    shapes,
    attributes: [
      ...kept.flatMap((name) => attribute(convolution, name) ?? []),
      ...(zeros ? explicit(zeros.paddings, types) : []),
      { name: "TArgs", type: TF_ATTR_TYPE, value: added.map(() => TF_FLOAT) },
      { name: "num_args", type: TF_ATTR_INT, value: added.length },
      { name: "fused_ops", type: TF_ATTR_STRING, value: parts },
      { name: "is_filter_const", type: TF_ATTR_BOOL, value: true },
      // TensorFlow's own operation of the same name and this kernel's are told apart by it.
      { name: "_kernel", type: TF_ATTR_STRING, value: "MklNameChangeOp" },
    ],
  };
}

const explicit = (
  paddings: readonly number[],
  { TF_ATTR_STRING, TF_ATTR_INT }: AttributeTypes,
): OperationAttribute[] => [
  { name: "padding", type: TF_ATTR_STRING, value: "EXPLICIT" },
  { name: "explicit_paddings", type: TF_ATTR_INT, value: paddings },
];

/** What a convolution is of, and the zeros that an operation before puts around it: before and after, axis by axis. */
function zerosAround(
  convolution: RecordedOperation,
  uses: Uses,
): { inside: number; paddings: readonly number[] } | undefined {
  const pad = uses.maker(convolution.inputs[0] ?? -1);
  const [inside, paddings = -1, value = -1] = pad?.inputs ?? [];
  if (pad?.name !== "PadV2" || inside === undefined || attribute(convolution, "padding")?.value !== "VALID")
    return undefined;
  const sides = uses.numbers(paddings, Int32Array);
  return sides && uses.numbers(value, Float32Array)?.[0] === 0 ? { inside, paddings: sides } : undefined;
}

const attribute = ({ attributes }: RecordedOperation, wanted: string) => attributes.find(({ name }) => name === wanted);

const output = ({ outputs }: RecordedOperation): number => outputs[0] ?? -1;
