/** A plotly figure as plain data, with the fields that vitrine's own figures use. Plotly takes it as it is. */

/** Axis values: numbers, or names of categories. */
export type PlotValue = number | string | null;
export type PlotValues = readonly PlotValue[] | Float32Array | Float64Array;

export interface PlotTrace {
  /** Plotly's trace type; "scatter" without one. */
  type?: string;
  name?: string;
  x?: PlotValues;
  y?: PlotValues;
  /** Of a heatmap: rows of cells. */
  z?: readonly PlotValues[];
  [field: string]: unknown;
}

export interface PlotSpec {
  data: readonly PlotTrace[];
  layout?: { [field: string]: unknown };
}

/** A grey with contrast on a light and on a dark page, for lines that only guide the eye. */
export const GUIDE_COLOUR = "#808488";

/** Where a legend hides nothing, whatever the curves do: at the figure's lower edge, below the axis and its title, as many rows as it has. */
export const LEGEND_BELOW = { orientation: "h", x: 0.5, xanchor: "center", yref: "container", y: 0, yanchor: "bottom" };

/** A label that fits beside an axis and into a legend: its beginning and its end. */
export function shortLabel(label: string, most = 26): string {
  const letters = Array.from(label);
  if (letters.length <= most) return label;
  const end = Math.floor(most / 3);
  return `${letters.slice(0, most - end - 1).join("")}…${letters.slice(-end).join("")}`;
}

/** A point to take from a curve, by position along it: as many as a screen can show. */
const SHOWN_POINTS = 2000;

/**
 * The indices of the points that a plot needs of a curve within the unit square: all of a short one; of a long one those that are
 * furthest along it since the last, so that steep ends keep their shape.
 */
export function shownPoints(x: readonly number[], y: readonly number[], limit = SHOWN_POINTS): number[] {
  if (x.length <= limit) return x.map((_, index) => index);
  const step = (i: number) => Math.abs((x[i] ?? 0) - (x[i - 1] ?? 0)) + Math.abs((y[i] ?? 0) - (y[i - 1] ?? 0));
  const length = x.reduce((sum, _, i) => (i === 0 ? 0 : sum + step(i)), 0);
  const kept = [0];
  let along = 0;
  for (let i = 1; i < x.length - 1; i++) {
    along += step(i);
    if (along < (kept.length * length) / (limit - 1)) continue;
    kept.push(i);
  }
  return [...kept, x.length - 1];
}
