/** A reliability diagram: how often a score of p is right, against p. */
import { dashOf } from "./curve-trace.js";
import { GUIDE_COLOUR, LEGEND_BELOW, type PlotSpec, type PlotTrace } from "./plot-spec.js";

export interface PlottedCalibration {
  name: string;
  /** The mean score of each bin, in 0..1. */
  predicted: readonly number[];
  /** The share that is right of each bin, in 0..1. */
  observed: readonly number[];
  counts: readonly number[];
  /** Expected calibration error, in 0..1. */
  error?: number;
  model?: number;
}

/** The curves over the diagonal of a model that is as often right as it says. */
export function calibrationSpec(curves: readonly PlottedCalibration[]): PlotSpec {
  const perfect: PlotTrace = {
    type: "scatter",
    mode: "lines",
    name: "as sure as right",
    x: [0, 1],
    y: [0, 1],
    line: { color: GUIDE_COLOUR, width: 1, dash: "dash" },
    hoverinfo: "skip",
  };
  return {
    data: [...curves.map(calibrationTrace), perfect],
    layout: {
      title: { text: "Calibration" },
      xaxis: { title: { text: "Score" }, range: [-0.02, 1.02], zeroline: false },
      yaxis: { title: { text: "Share that is right" }, range: [-0.02, 1.05], zeroline: false },
      showlegend: true,
      legend: LEGEND_BELOW,
      hovermode: "closest",
    },
  };
}

function calibrationTrace({ name, predicted, observed, counts, error, model }: PlottedCalibration): PlotTrace {
  return {
    type: "scatter",
    mode: "lines+markers",
    name: error === undefined ? name : `${name} (ECE ${error.toFixed(3)})`,
    x: predicted,
    y: observed,
    customdata: counts,
    line: { width: 2, ...dashOf(model) },
    marker: { size: 7 },
    hovertemplate: "score %{x:.3f}<br>right %{y:.3f}<br>%{customdata} pictures<extra>%{fullData.name}</extra>",
  };
}
