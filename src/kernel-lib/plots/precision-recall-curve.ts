/** Precision against recall, one curve a class or a model, over lines of equal F1. */
import { curveHover, dashOf, namedCurve } from "./curve-trace.js";
import { GUIDE_COLOUR, LEGEND_BELOW, shortLabel, shownPoints, type PlotSpec, type PlotTrace } from "./plot-spec.js";

export interface PlottedPrecisionRecallCurve {
  label: string;
  /** In 0..1. */
  precision: readonly number[];
  /** In 0..1. */
  recall: readonly number[];
  /** Of each point; the end at recall 0 may have none. */
  thresholds?: readonly number[];
  /** In 0..1; NaN where there is no curve. */
  averagePrecision: number;
  /** Which of several models, from 0: each has a dash of its own. */
  model?: number;
}

const EQUAL_F1 = [0.2, 0.4, 0.6, 0.8];

export function precisionRecallSpec(curves: readonly PlottedPrecisionRecallCurve[]): PlotSpec {
  return {
    data: [
      ...curves.filter(({ averagePrecision }) => !Number.isNaN(averagePrecision)).map(precisionRecallTrace),
      ...EQUAL_F1.map(equalF1Trace),
    ],
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

function precisionRecallTrace(curve: PlottedPrecisionRecallCurve): PlotTrace {
  const { label, precision, recall, averagePrecision } = curve;
  const shown = shownPoints(recall, precision);
  return {
    ...namedCurve(`${shortLabel(label)} (AP ${averagePrecision.toFixed(3)})`, shown, recall, precision),
    line: { width: 2, ...dashOf(curve.model) },
    ...curveHover("recall %{x:.3f}<br>precision %{y:.3f}", shown, curve.thresholds),
  };
}

/** Where F1 is one value: precision over recall, p = f r / (2 r - f). Its name stands at its right end. */
function equalF1Trace(f: number): PlotTrace {
  const least = f / (2 - f);
  const recalls = Array.from({ length: 41 }, (_, i) => least + ((1 - least) * i) / 40);
  return {
    type: "scatter",
    mode: "lines+text",
    x: recalls,
    y: recalls.map((r) => (f * r) / (2 * r - f)),
    text: recalls.map((_, i) => (i === 40 ? `F1 ${f}\u2002` : "")),
    // The line comes down from the left, and curves end at the right.
    textposition: "bottom left",
    textfont: { color: GUIDE_COLOUR, size: 10 },
    line: { color: GUIDE_COLOUR, width: 1, dash: "dot" },
    hoverinfo: "skip",
    showlegend: false,
  };
}
