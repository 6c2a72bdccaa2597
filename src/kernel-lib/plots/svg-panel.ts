/** One plot without a browser: frame, axes, marks, legend. */
import { makeAxis, type Axis, type AxisOptions } from "./axis.js";
import type { Paint } from "./paint.js";
import { GUIDE_COLOUR, type PlotSpec, type PlotTrace } from "./plot-spec.js";
import { drawLegend, legendOf } from "./svg-legend.js";
import { drawTrace, isStaticType, xOf, yOf, type MarkContext, type Series } from "./svg-marks.js";
import { element, roughWidth, shorten, text, type Box } from "./svg.js";

/** Plotly's layout, as far as it is followed here. */
interface Layout {
  title?: unknown;
  xaxis?: AxisOptions & { title?: unknown };
  yaxis?: AxisOptions & { title?: unknown };
  shapes?: readonly { [field: string]: unknown }[];
  showlegend?: unknown;
}

export function drawPanel(spec: PlotSpec, box: Box, colours: readonly string[], paint: Paint): string {
  const layout = (spec.layout ?? {}) as Layout;
  const traces = spec.data.filter((trace) => trace["visible"] !== false);
  const foreign = traces.find((trace) => !isStaticType(trace) || onOtherAxes(trace));
  if (foreign) return drawTitle(layout, box, box, paint) + foreignNote(foreign, box, paint);
  const series = traces.map((trace, index) => ({ trace, colour: colourOf(trace, index, colours) ?? paint.ink }));
  const legend = legendOf(series, layout.showlegend);
  const plot = plotArea(traces, box, legend.length);
  const axes = axesOf(traces, layout, plot);
  return (
    drawTitle(layout, plot, box, paint) +
    drawAxes(axes, layout, plot, paint) +
    drawAll(series, axes, plot, paint) +
    (layout.shapes ?? []).map((shape) => drawShape(shape, axes, plot)).join("") +
    drawLegend(legend, box, paint)
  );
}

function drawTitle(layout: Layout, { x }: Box, { y }: Box, { ink }: Paint): string {
  return text(titleOf(layout.title), x, y + 20, { size: 14, fill: ink });
}

function titleOf(title: unknown): string {
  if (typeof title === "string") return title;
  const { text: words } = (title ?? {}) as { text?: unknown };
  return typeof words === "string" ? words.replace(/<[^<>]*>/g, " ") : "";
}

const onOtherAxes = (trace: PlotTrace) =>
  [trace["xaxis"], trace["yaxis"]].some((axis) => typeof axis === "string" && axis.length > 1);

/** A picture that leaves something out would be worse than none. */
function foreignNote(trace: PlotTrace, box: Box, { faint }: Paint): string {
  const kind = onOtherAxes(trace) ? "with several axes" : `of type ${String(trace.type)}`;
  const words = `A plot ${kind}: run the notebook to see it`;
  return text(words, box.x + box.width / 2, box.y + box.height / 2, { anchor: "middle", fill: faint });
}

function colourOf(trace: PlotTrace, index: number, colours: readonly string[]): string | undefined {
  for (const key of ["line", "marker"]) {
    const { color } = (trace[key] ?? {}) as { color?: unknown };
    if (typeof color === "string") return color;
  }
  return colours[index % colours.length];
}

function plotArea(traces: readonly PlotTrace[], box: Box, legendRows: number): Box {
  const names = traces.flatMap((trace) => (trace.type === "heatmap" ? yOf(trace).map(String) : []));
  const widest = Math.min(
    names.reduce((most, name) => Math.max(most, roughWidth(name)), 34),
    box.width / 3,
  );
  const left = widest + 30;
  return {
    x: box.x + left,
    y: box.y + 34,
    width: box.width - left - 14,
    height: box.height - 34 - 50 - 18 * legendRows,
  };
}

function axesOf(traces: readonly PlotTrace[], layout: Layout, plot: Box): { x: Axis; y: Axis } {
  const cells = traces.some((trace) => trace.type === "heatmap");
  const bars = traces.some((trace) => trace.type === "bar");
  const options = (axis: AxisOptions | undefined): AxisOptions => ({ ...axis, ...(cells && { type: "category" }) });
  const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
  const yOptions = { ...options(layout.yaxis), ...(bars && { rangemode: "tozero" }) };
  return {
    x: makeAxis(traces.flatMap(xOf), options(layout.xaxis), plot.x, right),
    y: makeAxis(traces.flatMap(yOf), yOptions, bottom, plot.y),
  };
}

function drawAxes({ x, y }: { x: Axis; y: Axis }, layout: Layout, plot: Box, paint: Paint): string {
  const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    element("path", { d: `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`, stroke: paint.grid });
  const columns = x.ticks.map(
    ({ at, text: words }) =>
      (x.band > 0 ? "" : line(at, plot.y, at, bottom)) +
      text(shorten(words, x.band > 0 ? x.band : 80), at, bottom + 16, { anchor: "middle", fill: paint.faint }),
  );
  const rows = y.ticks.map(
    ({ at, text: words }) =>
      (y.band > 0 ? "" : line(plot.x, at, right, at)) +
      text(shorten(words, 150), plot.x - 7, at + 4, { anchor: "end", fill: paint.faint }),
  );
  const middle = plot.y + plot.height / 2;
  const [xTitle, yTitle] = [titleOf(layout.xaxis?.title), titleOf(layout.yaxis?.title)];
  const yTitleAt =
    plot.x - 14 - y.ticks.reduce((widest, tick) => Math.max(widest, roughWidth(shorten(tick.text, 150))), 0);
  return (
    columns.join("") +
    rows.join("") +
    text(xTitle, plot.x + plot.width / 2, bottom + 36, { anchor: "middle", fill: paint.ink }) +
    text(yTitle, yTitleAt, middle, { anchor: "middle", fill: paint.ink, rotate: -90 })
  );
}

function drawAll(series: readonly Series[], axes: { x: Axis; y: Axis }, plot: Box, paint: Paint): string {
  const bars = series.filter(({ trace }) => trace.type === "bar");
  const floor = Math.min(axes.y.place(0) ?? plot.y + plot.height, plot.y + plot.height);
  return series
    .map((one) => {
      const bar = { index: bars.indexOf(one), count: Math.max(1, bars.length) };
      return drawTrace(one.trace, { ...axes, colour: one.colour, floor, bar, paint } satisfies MarkContext);
    })
    .join("");
}

/** Lines only: that is what guides and markers are. */
function drawShape(shape: { [field: string]: unknown }, { x, y }: { x: Axis; y: Axis }, plot: Box): string {
  if (shape["type"] !== "line") return "";
  const at = (axis: Axis, key: string, whole: unknown, from: number, length: number) => {
    const value = shape[key];
    if (whole === "paper") return typeof value === "number" ? from + value * length : undefined;
    return typeof value === "number" || typeof value === "string" ? axis.place(value) : undefined;
  };
  const across = (key: string) => at(x, key, shape["xref"], plot.x, plot.width);
  const up = (key: string) => at(y, key, shape["yref"], plot.y + plot.height, -plot.height);
  const [x1, y1, x2, y2] = [across("x0"), up("y0"), across("x1"), up("y1")];
  const { color } = (shape["line"] ?? {}) as { color?: unknown };
  const stroke = typeof color === "string" ? color : GUIDE_COLOUR;
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return "";
  return element("line", { x1, y1, x2, y2, stroke, "stroke-dasharray": "2 3" });
}
