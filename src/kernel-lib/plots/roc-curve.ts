/** ROC curves, one a class or a model. */
import { curveHover, dashOf, namedCurve } from "./curve-trace.js";
import { GUIDE_COLOUR, LEGEND_BELOW, shortLabel, shownPoints, type PlotSpec, type PlotTrace } from "./plot-spec.js";

export interface PlottedRocCurve {
  label: string;
  /** False positive rate, in 0..1, rising. */
  fpr: readonly number[];
  /** True positive rate, in 0..1. */
  tpr: readonly number[];
  /** Area under it, in 0..1; NaN where every picture or none is of the class, and there is no curve. */
  auc: number;
  /** Of each point, falling; the first may be infinite. */
  thresholds?: readonly number[];
  /** Which of several models, from 0: each has a dash of its own. */
  model?: number;
}

/** The curves, and the diagonal that guessing would give. */
export function rocCurveSpec(curves: readonly PlottedRocCurve[]): PlotSpec {
  return {
    data: [
      ...curves.filter(({ auc }) => !Number.isNaN(auc)).map(rocTrace),
      {
        type: "scatter",
        mode: "lines",
        name: "guessing",
        x: [0, 1],
        y: [0, 1],
        line: { color: GUIDE_COLOUR, width: 1, dash: "dash" },
        hoverinfo: "skip",
      },
    ],
    layout: {
      title: { text: "ROC curve" },
      xaxis: { title: { text: "False positive rate" }, range: [-0.02, 1.02], zeroline: false },
      yaxis: { title: { text: "True positive rate" }, range: [-0.02, 1.05], zeroline: false },
      legend: LEGEND_BELOW,
      hovermode: "closest",
    },
  };
}

function rocTrace({ label, fpr, tpr, auc, thresholds, model }: PlottedRocCurve): PlotTrace {
  const shown = shownPoints(fpr, tpr);
  return {
    ...namedCurve(`${shortLabel(label)} (AUC ${auc.toFixed(3)})`, shown, fpr, tpr),
    line: { width: 2, ...dashOf(model) },
    ...curveHover("false positives %{x:.3f}<br>true positives %{y:.3f}", shown, thresholds),
  };
}
