/** A model's layers and where its weights came from, as a table. */
import { convLayers, outputSize, type LinearLayer, type NetworkPlan, type Stage } from "../models/plan.js";
import type { NetworkOrigin } from "./shared-network.js";

export interface LayerSummary {
  name: string;
  /** "7 × 7 convolution", "2 residual blocks", … */
  kind: string;
  /** Height × width × channels, or a number of features. */
  output: readonly number[];
  parameters: number;
}

export interface ModelFacts {
  title: string;
  plan: NetworkPlan;
  imageSize: readonly [number, number];
  labels: readonly string[];
  origin: NetworkOrigin;
  /** What has been trained so far, in words. */
  state: string;
}

/** Shows itself as a cell's value. */
export class ModelSummary {
  readonly title: string;
  readonly layers: readonly LayerSummary[];
  /** Numbers that can learn, in all layers. */
  readonly parameters: number;
  /** Where the base's weights came from. */
  readonly source: string;
  readonly licence: string | undefined;
  readonly state: string;

  constructor({ title, plan, imageSize, labels, origin, state }: ModelFacts) {
    this.title = title;
    this.layers = [...stageRows(plan, imageSize), headRow(plan.features, labels.length)];
    this.parameters = this.layers.reduce((sum, { parameters }) => sum + parameters, 0);
    this.source = origin.source;
    this.licence = origin.licence;
    this.state = state;
  }

  toString(): string {
    const rows = this.cells();
    const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
    const lines = rows.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    return [this.title, "", ...lines, "", this.footer()].join("\n");
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/html": string } {
    const [head = [], ...rows] = this.cells();
    // Names and kinds are texts, which a notebook would set to the right as the numbers.
    const align = (i: number) => `style="text-align:${i < 2 ? "left" : "right"}"`;
    const row = (cells: string[], tag: string) =>
      `<tr>${cells.map((c, i) => `<${tag} ${align(i)}>${escape(c)}</${tag}>`).join("")}</tr>`;
    const body = rows.map((cells) => row(cells, "td")).join("");
    const table = `<table><thead>${row(head, "th")}</thead><tbody>${body}</tbody></table>`;
    const html = `<p><strong>${escape(this.title)}</strong></p>${table}<p>${escape(this.footer())}</p>`;
    return { "text/plain": this.toString(), "text/html": html };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  private cells(): string[][] {
    const rows = this.layers.map(({ name, kind, output, parameters }) => [
      name,
      kind,
      output.join(" × "),
      parameters.toLocaleString("en-US"),
    ]);
    return [[...HEADINGS], ...rows];
  }

  private footer(): string {
    const licence = this.licence === undefined ? "" : ` (${this.licence})`;
    return `${this.parameters.toLocaleString("en-US")} parameters. Weights: ${this.source}${licence}. ${this.state}.`;
  }
}

const HEADINGS = ["layer", "what it is", "output", "parameters"] as const;

function stageRows(plan: NetworkPlan, [height, width]: readonly [number, number]): LayerSummary[] {
  let size: [number, number] = [height, width];
  const rows = plan.stages.map((stage) => {
    for (const layer of stage.layers) size = outputSize(layer, size);
    const convs = convLayers({ ...plan, stages: [stage] });
    const channels = convs.findLast(({ name }) => !name.includes("downsample"))?.outputs ?? 0;
    const parameters = convs.reduce(
      (sum, c) => sum + c.kernel ** 2 * c.inputs * c.outputs + (c.norm === undefined ? 1 : 2) * c.outputs,
      0,
    );
    return { name: stage.name, kind: stageKind(stage), output: [...size, channels], parameters };
  });
  return [...rows, poolRow(plan), ...plan.linear.map(linearRow)];
}

function poolRow({ stages, places, features, linear }: NetworkPlan): LayerSummary {
  if (places === 1) return { name: "mean", kind: "mean over all places", output: [features], parameters: 0 };
  const channels = (linear[0]?.inputs ?? 0) / places ** 2;
  const kind = `average pool to ${places} × ${places}`;
  return { name: `pool${stages.length}`, kind, output: [places, places, channels], parameters: 0 };
}

const linearRow = ({ name, inputs, outputs }: LinearLayer): LayerSummary => ({
  name,
  kind: "linear",
  output: [outputs],
  parameters: inputs * outputs + outputs,
});

const headRow = (features: number, classes: number): LayerSummary => ({
  name: "head",
  kind: "standardised, dropout, linear, softmax",
  output: [classes],
  parameters: features * classes + classes,
});

function stageKind({ layers }: Stage): string {
  const blocks = layers.filter((layer) => layer.kind === "residual");
  const [first] = blocks;
  if (first)
    return `${blocks.length} residual blocks of ${first.body.map((c) => `${c.kernel} × ${c.kernel}`).join(", ")}`;
  return layers
    .map((layer) =>
      layer.kind === "residual"
        ? ""
        : `${layer.kernel} × ${layer.kernel} ${layer.kind === "conv" ? "convolution" : "max pool"}`,
    )
    .join(", ");
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
