/** The marks of a static plot: lines, markers, bars, cells. */
import type { Axis } from "./axis.js";
import type { Paint } from "./paint.js";
import type { PlotTrace, PlotValue, PlotValues } from "./plot-spec.js";
import { element, text, type Box } from "./svg.js";

/** A trace in its colour. */
export interface Series {
  trace: PlotTrace;
  colour: string;
}

export interface MarkContext {
  x: Axis;
  y: Axis;
  colour: string;
  /** The pixel row of y = 0, or of the plot's lower edge. */
  floor: number;
  /** Which of how many series of bars this is. */
  bar: { index: number; count: number };
  paint: Paint;
}

const STATIC_TYPES = ["scatter", "scattergl", "bar", "heatmap"];

/** Whether a trace of this type can be drawn without a browser. */
export function isStaticType(trace: PlotTrace): boolean {
  return STATIC_TYPES.includes(trace.type ?? "scatter");
}

export function drawTrace(trace: PlotTrace, context: MarkContext): string {
  if (trace.type === "bar") return drawBars(trace, context);
  if (trace.type === "heatmap") return drawCells(trace, context);
  const points = pointsOf(trace, context);
  const mode = typeof trace["mode"] === "string" ? trace["mode"] : points.length < 20 ? "lines+markers" : "lines";
  return (
    (mode.includes("lines") ? drawLine(trace, points, context) : "") +
    drawMarkers(trace, mode, points, context) +
    drawWords(trace, mode, points)
  );
}

type Pixel = [x: number, y: number] | undefined;

/** Without x, points count from 0. */
export function xOf(trace: PlotTrace): readonly PlotValue[] {
  if (trace.x) return toArray(trace.x);
  const rows = trace.type === "heatmap" ? (trace.z?.[0] ?? []) : (trace.y ?? []);
  return Array.from(rows, (_, index) => index);
}

export function yOf(trace: PlotTrace): readonly PlotValue[] {
  if (trace.y) return toArray(trace.y);
  return trace.type === "heatmap" ? (trace.z ?? []).map((_, index) => index) : [];
}

const toArray = (values: PlotValues): readonly PlotValue[] => Array.from<PlotValue>(values);

function pointsOf(trace: PlotTrace, { x, y }: MarkContext): Pixel[] {
  const ys = yOf(trace);
  return xOf(trace).map((value, index) => {
    const [px, py] = [x.place(value), y.place(ys[index])];
    return px === undefined || py === undefined ? undefined : [px, py];
  });
}

function drawLine(trace: PlotTrace, points: readonly Pixel[], { colour }: MarkContext): string {
  const style = (trace["line"] ?? {}) as { color?: unknown; width?: unknown; dash?: unknown };
  let pen = "M";
  let path = "";
  for (const point of points) {
    // A missing point is a gap in the line.
    path += point ? `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "";
    pen = point ? "L" : "M";
  }
  return element("path", {
    d: path,
    fill: "none",
    stroke: typeof style.color === "string" ? style.color : colour,
    "stroke-width": typeof style.width === "number" ? style.width : 2,
    "stroke-linejoin": "round",
    "stroke-dasharray": { dash: "6 4", dot: "2 3", dashdot: "6 3 2 3" }[String(style.dash)],
  });
}

function drawMarkers(trace: PlotTrace, mode: string, points: readonly Pixel[], { colour }: MarkContext): string {
  if (!mode.includes("markers")) return "";
  const style = (trace["marker"] ?? {}) as { color?: unknown; size?: unknown };
  const radius = (typeof style.size === "number" ? style.size : 6) / 2;
  const fill = typeof style.color === "string" ? style.color : colour;
  return points
    .filter((point) => point !== undefined)
    .map(([cx, cy]) => element("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: radius, fill }))
    .join("");
}

/** To the left of their points, above or below, where plotly's "top left" and "bottom left" put them. */
function drawWords(trace: PlotTrace, mode: string, points: readonly Pixel[]): string {
  const words = trace["text"];
  if (!mode.includes("text") || !Array.isArray(words)) return "";
  const { color, size } = (trace["textfont"] ?? {}) as { color?: string; size?: number };
  const down = trace["textposition"] === "bottom left" ? 12 : -4;
  return points
    .map((point, i) => {
      const word: unknown = words[i];
      if (!point || typeof word !== "string" || word === "") return "";
      return text(word, point[0] - 3, point[1] + down, {
        anchor: "end",
        ...(color !== undefined && { fill: color }),
        ...(size !== undefined && { size }),
      });
    })
    .join("");
}

function drawBars(trace: PlotTrace, context: MarkContext): string {
  const points = pointsOf(trace, context);
  const gap = context.x.band > 0 ? context.x.band : smallestGap(points);
  const width = (gap * 0.8) / context.bar.count;
  const marker = (trace["marker"] ?? {}) as { color?: unknown };
  const fill = typeof marker.color === "string" ? marker.color : context.colour;
  const drawn = points.map((point, i) => {
    if (!point) return "";
    const [left, py] = [point[0] - gap * 0.4 + context.bar.index * width, point[1]];
    const bar = element("rect", {
      x: left.toFixed(1),
      y: Math.min(py, context.floor).toFixed(1),
      width: width.toFixed(1),
      height: Math.abs(context.floor - py).toFixed(1),
      fill,
    });
    return bar + drawReach(trace, i, left + width / 2, context);
  });
  return drawn.join("");
}

/** A bar's interval, as plotly's `error_y` has it. */
function drawReach(trace: PlotTrace, index: number, at: number, { y, paint }: MarkContext): string {
  const { array, arrayminus } = (trace["error_y"] ?? {}) as { array?: number[]; arrayminus?: number[] };
  const value = yOf(trace)[index];
  if (!array || !arrayminus || typeof value !== "number") return "";
  const [top, bottom] = [y.place(value + (array[index] ?? 0)), y.place(value - (arrayminus[index] ?? 0))];
  if (top === undefined || bottom === undefined) return "";
  const [left, right] = [(at - 4).toFixed(1), (at + 4).toFixed(1)];
  const [high, low] = [top.toFixed(1), bottom.toFixed(1)];
  const middle = at.toFixed(1);
  return element("path", {
    d: `M${left} ${high}H${right}M${middle} ${high}V${low}M${left} ${low}H${right}`,
    fill: "none",
    stroke: paint.ink,
    "stroke-width": 1.2,
  });
}

function smallestGap(points: readonly Pixel[]): number {
  const xs = points.filter((point) => point !== undefined).map(([px]) => px);
  const gaps = xs.slice(1).map((px, index) => Math.abs(px - (xs[index] ?? px)));
  return gaps.reduce((least, gap) => (gap > 0 ? Math.min(least, gap) : least), 40);
}

function drawCells(trace: PlotTrace, { x, y, paint }: MarkContext): string {
  const [columns, rows] = [xOf(trace), yOf(trace)];
  const texts = trace["text"] as readonly (readonly unknown[])[] | undefined;
  const cells = (trace.z ?? []).map((row) => toArray(row));
  const shade = shading(trace, cells.flat());
  const gap = typeof trace["xgap"] === "number" ? trace["xgap"] : 0;
  return cells
    .flatMap((row, i) =>
      row.map((value, j) => {
        const [cx, cy] = [x.place(columns[j]), y.place(rows[i])];
        if (cx === undefined || cy === undefined || typeof value !== "number") return "";
        const box = { x: cx, y: cy, width: x.band - gap, height: y.band - gap };
        return drawCell(box, shade(value), texts?.[i]?.[j], paint);
      }),
    )
    .join("");
}

/** @param box its middle and its size */
function drawCell(box: Box, share: number, label: unknown, { pale, deep, turn, page, ink }: Paint): string {
  // Away from the page's lightness; the text on it is dark or light, whichever is read better.
  const [red, green, blue] = pale.map((from, i) => Math.round(from + ((deep[i] ?? from) - from) * share));
  const fill = `rgb(${red ?? 0},${green ?? 0},${blue ?? 0})`;
  const { width, height } = box;
  const [x, y] = [(box.x - width / 2).toFixed(1), (box.y - height / 2).toFixed(1)];
  const cell = element("rect", { x, y, width: width.toFixed(1), height: height.toFixed(1), fill });
  if (typeof label !== "string" && typeof label !== "number") return cell;
  return cell + text(String(label), box.x, box.y + 4, { anchor: "middle", fill: share > turn ? page : ink });
}

function shading(trace: PlotTrace, values: readonly PlotValue[]): (value: number) => number {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  const bound = (key: string, fallback: number) => (typeof trace[key] === "number" ? trace[key] : fallback);
  const low = bound(
    "zmin",
    numbers.reduce((least, value) => Math.min(least, value), Infinity),
  );
  const high = bound(
    "zmax",
    numbers.reduce((most, value) => Math.max(most, value), -Infinity),
  );
  return (value) => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0);
}
