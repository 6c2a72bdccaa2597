/** Several trainings in one plot, a line each. */
import { LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

export type RunMeasure = "accuracy" | "loss" | "learningRate";

export interface ComparedCurve {
  name: string;
  epochs: readonly number[];
  /** Accuracies in 0 to 1. */
  values: readonly number[];
}

const TITLES: Record<RunMeasure, string> = { accuracy: "Accuracy", loss: "Loss", learningRate: "Learning rate" };

/** @param pictures what the numbers were measured on, for the title */
export function runComparisonSpec(curves: readonly ComparedCurve[], measure: RunMeasure, pictures: string): PlotSpec {
  const percent = measure === "accuracy";
  const longest = Math.max(...curves.map(({ epochs }) => epochs.length), 1);
  const title = TITLES[measure];
  return {
    data: curves.map(({ name, epochs, values }) => ({
      type: "scatter",
      mode: longest > 60 ? "lines" : "lines+markers",
      name,
      x: epochs,
      y: percent ? values.map((value) => 100 * value) : values,
      line: { width: 2 },
      marker: { size: 6 },
      hovertemplate: `epoch %{x}<br>%{y${percent ? ":.1f} %" : ":.4g}"}<extra>%{fullData.name}</extra>`,
    })),
    layout: {
      title: { text: measure === "learningRate" ? `${title} by epoch` : `${title} by epoch, ${pictures} pictures` },
      xaxis: { title: { text: "Epoch" }, zeroline: false, ...(longest <= 16 && { dtick: 1 }) },
      yaxis: {
        title: { text: percent ? `${title} (%)` : title },
        ...(percent ? { range: [0, 103] } : {}),
        zeroline: false,
      },
      showlegend: true,
      legend: LEGEND_BELOW,
    },
  };
}
