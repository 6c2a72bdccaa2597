/** A network as TensorBoard draws it: a GraphDef of its layers, grouped by stage and block. Field numbers are those of graph.proto. */
import { ProtobufWriter } from "../hub/protobuf.js";
import type { ConvLayer, Layer, NetworkPlan } from "../models/plan.js";

/** The bytes of the GraphDef. */
export function networkGraph(plan: NetworkPlan): Uint8Array {
  const nodes: ProtobufWriter[] = [];
  // NodeDef: name = 1, op = 2, input = 3, attr = 5, a map to AttrValue: s = 2. GraphDef: node = 1, versions = 4 { producer = 1 }.
  const add = (name: string, operation: string, inputs: readonly string[], note = "") => {
    const node = new ProtobufWriter().text(1, name).text(2, operation);
    for (const input of inputs) node.text(3, input);
    const value = new ProtobufWriter().text(2, note);
    if (note !== "") node.message(5, new ProtobufWriter().text(1, "size").message(2, value));
    nodes.push(node);
    return name;
  };
  let x = add("pictures", "Placeholder", []);
  for (const stage of plan.stages) {
    stage.layers.forEach((layer, index) => (x = layerNodes(`${stage.name}/${index}`, layer, x, add)));
  }
  x = add("pool", plan.places === 1 ? "Mean" : "AdaptiveAveragePool", [x], `${plan.places} × ${plan.places}`);
  for (const { name, inputs, outputs } of plan.linear) x = add(name, "MatMul", [x], `${inputs} to ${outputs}`);
  const graph = new ProtobufWriter();
  for (const node of nodes) graph.message(1, node);
  return graph.message(4, new ProtobufWriter().integer(1, 1)).finish();
}

type Add = (name: string, operation: string, inputs: readonly string[], note?: string) => string;

function layerNodes(scope: string, layer: Layer, x: string, add: Add): string {
  if (layer.kind === "conv") return convNode(scope, layer, x, add);
  if (layer.kind === "maxPool") return add(`${scope}/pool`, "MaxPool", [x], `${layer.kernel} × ${layer.kernel}`);
  const body = layer.body.reduce((y, conv) => convNode(scope, conv, y, add), x);
  const shortcut = layer.shortcut.reduce((y, conv) => convNode(scope, conv, y, add), x);
  return add(`${scope}/sum`, "Add", [body, shortcut]);
}

function convNode(scope: string, { name, kernel, inputs, outputs, stride }: ConvLayer, x: string, add: Add): string {
  const note = `${kernel} × ${kernel}, ${inputs} to ${outputs}${stride === 1 ? "" : `, stride ${stride}`}`;
  return add(`${scope}/${name}`, "Conv2D", [x], note);
}
