/** The loss against the learning rate that it was reached with, of a search for a rate. */
import type { LearningRateCurve } from "../structures/training.js";
import { GUIDE_COLOUR, LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

export function learningRateSpec({ rates, losses, smoothed, suggestion }: LearningRateCurve): PlotSpec {
  const high = Math.max(...smoothed);
  const hovertemplate = "rate %{x:.2e}<br>loss %{y:.3f}<extra></extra>";
  return {
    data: [
      {
        type: "scatter",
        mode: "markers",
        name: "loss of a step",
        x: rates,
        y: losses,
        marker: { size: 4, color: GUIDE_COLOUR },
        hovertemplate,
      },
      { type: "scatter", mode: "lines", name: "smoothed", x: rates, y: smoothed, line: { width: 2 }, hovertemplate },
      ...(suggestion === undefined
        ? []
        : [
            {
              type: "scatter",
              mode: "lines",
              name: `suggested: ${suggestion.toPrecision(2)}`,
              x: [suggestion, suggestion],
              y: [0, high],
              line: { dash: "dot", color: GUIDE_COLOUR },
            },
          ]),
    ],
    layout: {
      title: { text: "Loss by learning rate" },
      xaxis: { title: { text: "Learning rate" }, type: "log" },
      yaxis: { title: { text: "Loss" }, range: [0, 1.05 * high] },
      showlegend: true,
      legend: LEGEND_BELOW,
    },
  };
}
