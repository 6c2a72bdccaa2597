/** One figure of each class as bars, a colour a model or a figure, with how sure it is. */
import { LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

export interface PlottedBars {
  name: string;
  /** In 0..1, parallel to the labels; NaN where there is none. */
  values: readonly number[];
  /** Ends of intervals, parallel to the labels. */
  intervals?: readonly ({ low: number; high: number } | undefined)[];
}

export function classBarsSpec(labels: readonly string[], groups: readonly PlottedBars[], title: string): PlotSpec {
  return {
    data: groups.map(({ name, values, intervals }) => ({
      type: "bar",
      name,
      x: labels,
      y: values.map((value) => (Number.isFinite(value) ? value : null)),
      ...(intervals && { error_y: errorBars(values, intervals) }),
      hovertemplate: "%{x}: %{y:.3f}<extra>%{fullData.name}</extra>",
    })),
    layout: {
      title: { text: title },
      barmode: "group",
      xaxis: { title: { text: "Class" }, type: "category" },
      yaxis: { title: { text: title }, range: [0, 1.05] },
      showlegend: groups.length > 1,
      legend: LEGEND_BELOW,
    },
  };
}

function errorBars(values: readonly number[], intervals: NonNullable<PlottedBars["intervals"]>) {
  const reach = (end: "low" | "high") =>
    values.map((value, i) => {
      const interval = intervals[i];
      return interval && Number.isFinite(value) ? Math.abs(interval[end] - value) : 0;
    });
  return { type: "data", symmetric: false, array: reach("high"), arrayminus: reach("low"), thickness: 1.2, width: 4 };
}
