/** Accuracy against the epoch. */
import { LEGEND_BELOW, type PlotSpec, type PlotTrace } from "./plot-spec.js";

export interface PlottedAccuracies {
  /** In 0..1, by epoch. */
  train: readonly number[];
  /** In 0..1, by epoch; empty where there was no evaluation set. */
  evaluation: readonly (number | null)[];
  epochs: readonly number[];
}

export function accuraciesSpec({ train, evaluation, epochs }: PlottedAccuracies): PlotSpec {
  const line = (name: string, values: readonly (number | null)[]): PlotTrace => ({
    type: "scatter",
    mode: epochs.length > 60 ? "lines" : "lines+markers",
    name,
    x: epochs,
    y: values.map((value) => (value === null ? null : 100 * value)),
    line: { width: 2 },
    marker: { size: 6 },
    hovertemplate: "epoch %{x}<br>%{y:.1f} %<extra>%{fullData.name}</extra>",
  });
  const measured = evaluation.some((value) => value !== null);
  return {
    data: [line("training", train), ...(measured ? [line("evaluation", evaluation)] : [])],
    layout: {
      title: { text: "Accuracy by epoch" },
      xaxis: { title: { text: "Epoch" }, zeroline: false, ...(epochs.length <= 16 && { dtick: 1 }) },
      yaxis: { title: { text: "Accuracy (%)" }, range: [0, 103], zeroline: false },
      showlegend: true,
      legend: LEGEND_BELOW,
    },
  };
}
