/**
 * A TensorFlow graph as a SavedModel's bytes: messages GraphDef, NodeDef, AttrValue and TensorProto of TensorFlow's own .proto
 * files, as far as a graph without variables needs them.
 */
import { ProtobufWriter } from "../hub/protobuf.js";
import type { RecordedConstant, RecordedOperation } from "./recording.js";
import type { OperationAttribute, TensorFlowBinding } from "./tensorflow-backend.js";

/** By what the model is asked for. */
export const GRAPH_TAG = "vitrine";

/** The version that the graph claims to be of: no operation that is deprecated by now was at that time. */
const PRODUCER = 1087;

export class GraphWriter {
  private readonly binding: TensorFlowBinding;
  private readonly nodes = new ProtobufWriter();
  /** Where each tensor comes from, as `node:output`. */
  private readonly sources = new Map<number, string>();
  private count = 0;

  constructor(binding: TensorFlowBinding) {
    this.binding = binding;
  }

  /** `node:output`, or undefined for a tensor that nothing made yet. */
  source(id: number): string | undefined {
    return this.sources.get(id);
  }

  /** @throws Error for a tensor that nothing made yet */
  named(id: number): string {
    const source = this.sources.get(id);
    if (source === undefined) throw new Error("a traced function uses a tensor that it was not given");
    return source;
  }

  /** The name under which a tensor comes out; one that is given goes through a node of its own, as TensorFlow wants it. */
  fetched(id: number, given: boolean, dtype: number): string {
    if (!given) return this.named(id);
    const from = this.named(id);
    this.node("Identity", [from], { T: value().integer(6, dtype) }, []);
    return `n${this.count - 1}:0`;
  }

  /** A tensor that is given with every call. */
  placeholder(id: number, dtype: number, shape: readonly number[]): void {
    const attributes = { dtype: value().integer(6, dtype), shape: value().message(7, shapeOf(shape)) };
    this.node("Placeholder", [], attributes, [id]);
  }

  constant(id: number, { dtype, shape, bytes }: RecordedConstant): void {
    const tensor = value().integer(1, dtype).message(2, shapeOf(shape)).bytes(4, bytes);
    this.node("Const", [], { dtype: value().integer(6, dtype), value: value().message(8, tensor) }, [id]);
  }

  /** @throws Error where an input has no source */
  operation({ name, attributes, inputs, outputs }: RecordedOperation): void {
    const from = inputs.map((id) => this.named(id));
    const values = attributes.map((attribute) => [attribute.name, this.attribute(attribute)] as const);
    this.node(name, from, Object.fromEntries(values), outputs);
  }

  /** The file's bytes in pieces: weights are among them as they were given, not copied. */
  finish(): readonly Uint8Array[] {
    const graph = value().append(this.nodes).message(4, value().integer(1, PRODUCER));
    const metaGraph = value().message(1, value().text(4, GRAPH_TAG)).message(2, graph);
    return value().integer(1, 1).message(2, metaGraph).parts;
  }

  private node(
    operation: string,
    inputs: readonly string[],
    attributes: Record<string, ProtobufWriter>,
    outputs: readonly number[],
  ): void {
    const name = `n${this.count++}`;
    outputs.forEach((id, index) => this.sources.set(id, `${name}:${index}`));
    const node = value().text(1, name).text(2, operation);
    for (const input of inputs) node.text(3, input);
    for (const [key, attribute] of Object.entries(attributes))
      node.message(5, value().text(1, key).message(2, attribute));
    this.nodes.message(1, node);
  }

  private attribute({ name, type, value: given }: OperationAttribute): ProtobufWriter {
    const { TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_TYPE, TF_ATTR_SHAPE } = this.binding;
    const list = Array.isArray(given) ? (given as readonly (string | number | boolean)[]) : undefined;
    if (type === TF_ATTR_STRING && list) return value().message(1, texts(list.map(String)));
    if (type === TF_ATTR_STRING) return value().text(2, String(given));
    if (type === TF_ATTR_SHAPE && list) return value().message(7, shapeOf(list.map(Number)));
    if (type === TF_ATTR_TYPE && !list) return value().integer(6, Number(given));
    if (type === TF_ATTR_FLOAT && !list) return value().float(4, Number(given));
    const field = new Map([
      [TF_ATTR_INT, 3],
      [TF_ATTR_BOOL, 5],
      [TF_ATTR_TYPE, 6],
    ]).get(type);
    if (field === undefined) throw new Error(`attribute ${name} is of a kind that no graph here had`);
    if (!list) return value().integer(field, Number(given));
    const items = value();
    for (const item of list) items.integer(field, Number(item));
    return value().message(1, items);
  }
}

const value = () => new ProtobufWriter();

const texts = (list: readonly string[]) => list.reduce((all, text) => all.text(2, text), value());

function shapeOf(shape: readonly number[]): ProtobufWriter {
  const message = value();
  for (const side of shape) message.message(2, value().integer(1, side));
  return message;
}
