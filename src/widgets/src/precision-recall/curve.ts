/** The curve as a plotly specification, with lines that lead from the picked point to both axes. */
import type { PlotSpec, PrecisionRecallState } from "../../../kernel-lib/protocol/index.js";

/** A grey with contrast on a light and on a dark page. */
const GUIDE = "#808488";

export function curveSpec({ precision, recall, thresholds, index, averagePrecision }: PrecisionRecallState): PlotSpec {
  const x = recall[index] ?? 0;
  const y = precision[index] ?? 0;
  const area = averagePrecision === null ? "" : ` (average precision ${averagePrecision.toFixed(3)})`;
  return {
    data: [
      {
        type: "scatter",
        mode: precision.length > 200 ? "lines" : "lines+markers",
        name: `curve${area}`,
        x: recall,
        y: precision,
        customdata: thresholds.map((threshold) => (threshold === null ? "above all" : threshold.toPrecision(4))),
        hovertemplate: "recall %{x:.3f}<br>precision %{y:.3f}<br>threshold %{customdata}<extra></extra>",
        line: { width: 2.5 },
        marker: { size: 6 },
      },
      { type: "scatter", mode: "markers", x: [x], y: [y], marker: { size: 15, line: { width: 2 } }, hoverinfo: "skip" },
    ],
    layout: {
      showlegend: false,
      title: { text: `Precision and recall${area}` },
      xaxis: { title: { text: "Recall" }, range: [-0.02, 1.03], zeroline: false },
      yaxis: { title: { text: "Precision" }, range: [-0.02, 1.05], zeroline: false },
      shapes: [guide(x, y, x, 0), guide(x, y, 0, y)],
      hovermode: "closest",
    },
  };
}

const guide = (x0: number, y0: number, x1: number, y1: number) => ({
  type: "line",
  x0,
  y0,
  x1,
  y1,
  line: { color: GUIDE, width: 1, dash: "dot" },
});
