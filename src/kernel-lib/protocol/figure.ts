/** Figure: plotly specifications, one or several side by side. */

/** A plotly figure as data: `Plotly.newPlot(element, data, layout)`. */
export interface PlotSpec {
  data: readonly object[];
  layout?: object;
}

/** One plot of a figure. */
export interface FigurePanel {
  spec: PlotSpec;
  /** What a screen reader says for the plot. */
  description: string;
  /** In CSS pixels. */
  height: number;
}

export const FIGURE_EVENTS = ["click", "hover", "select"] as const;
export type FigureEventName = (typeof FIGURE_EVENTS)[number];

export interface FigureState {
  panels: readonly FigurePanel[];
  /** What the kernel listens to; nothing else is sent. */
  listens: readonly FigureEventName[];
}

export const FIGURE_DEFAULTS: FigureState = { panels: [], listens: [] };

/** A point of a plot, by trace and index, with what is drawn there. */
export interface FigurePoint {
  trace: number;
  /** Within its trace; of a heatmap `[row, column]`. */
  index: number | readonly number[];
  name?: string;
  x?: string | number;
  y?: string | number;
  z?: string | number;
}

/** A user's action on a plot. */
export interface FigureCommand {
  type: FigureEventName;
  panel: number;
  points: readonly FigurePoint[];
}

/** Typed arrays travel as bytes; `dtype` is plotly's name of the element type. */
export interface TypedArraySpec<Bytes = Uint8Array> {
  dtype: "i1" | "u1" | "u1c" | "i2" | "u2" | "i4" | "u4" | "f4" | "f8";
  bdata: Bytes;
}
