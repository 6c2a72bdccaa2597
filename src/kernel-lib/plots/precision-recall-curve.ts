/** Precision against recall, one curve a class. */
import { LEGEND_BELOW, shownPoints, type PlotSpec, type PlotTrace } from "./plot-spec.js";

export interface PlottedPrecisionRecallCurve {
  label: string;
  /** In 0..1. */
  precision: readonly number[];
  /** In 0..1. */
  recall: readonly number[];
  /** In 0..1. */
  averagePrecision: number;
}

export function precisionRecallSpec(curves: readonly PlottedPrecisionRecallCurve[]): PlotSpec {
  return {
    data: curves.filter(({ averagePrecision }) => !Number.isNaN(averagePrecision)).map(precisionRecallTrace),
    layout: {
      title: { text: "Precision and recall" },
      xaxis: { title: { text: "Recall" }, range: [-0.02, 1.02], zeroline: false },
      yaxis: { title: { text: "Precision" }, range: [-0.02, 1.05], zeroline: false },
      showlegend: true,
      legend: LEGEND_BELOW,
      hovermode: "closest",
    },
  };
}

function precisionRecallTrace({ label, precision, recall, averagePrecision }: PlottedPrecisionRecallCurve): PlotTrace {
  const shown = shownPoints(recall, precision);
  return {
    type: "scatter",
    mode: "lines",
    name: `${label} (AP ${averagePrecision.toFixed(3)})`,
    x: shown.map((i) => recall[i] ?? null),
    y: shown.map((i) => precision[i] ?? null),
    line: { width: 2 },
    hovertemplate: "recall %{x:.3f}<br>precision %{y:.3f}<extra>%{fullData.name}</extra>",
  };
}
