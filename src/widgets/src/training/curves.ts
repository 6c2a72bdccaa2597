/** Loss and error against the epoch. */
import {
  TRAINING_LOSSES,
  type PlotSpec,
  type TrainingLoss,
  type TrainingRow,
  type TrainingState,
} from "../../../kernel-lib/protocol/index.js";

const GUIDE = "#808488";

export function lossSpec(state: TrainingState): PlotSpec {
  return spec(state, "Loss", [
    ["training", (row) => row.loss],
    ["evaluation", (row) => row.evalLoss],
    ...(Object.entries(TRAINING_LOSSES) as [TrainingLoss, string][]).map(([loss, name]): Series => [
      name,
      (row) => row.losses?.[loss] ?? null,
    ]),
  ]);
}

/** Of a detector that is evaluated its precision. */
export function errorSpec(state: TrainingState): PlotSpec {
  if (isMeasuredByPrecision(state)) {
    return spec(state, "Mean average precision", [["evaluation", (row) => row.evalMeanAp ?? null]]);
  }
  return spec(state, state.unit === "step" ? "Region error (%)" : "Error (%)", [
    ["training", (row) => 100 * row.trainError],
    ["evaluation", (row) => (row.evalError === null ? null : 100 * row.evalError)],
  ]);
}

export const isMeasuredByPrecision = ({ history }: Pick<TrainingState, "history">): boolean =>
  history.some((row) => row.evalMeanAp !== undefined);

type Series = [name: string, value: (row: TrainingRow) => number | null];

function spec({ history, epochs, bestEpoch, unit }: TrainingState, title: string, series: readonly Series[]): PlotSpec {
  const shown = series.filter(([, value]) => history.some((row) => value(row) !== null));
  return {
    data: shown.map(([name, value]) => ({
      type: "scatter",
      mode: history.length > 60 ? "lines" : "lines+markers",
      name,
      x: history.map((row) => row.epoch),
      y: history.map(value),
      line: { width: 2 },
      marker: { size: 5 },
    })),
    layout: {
      xaxis: {
        title: { text: unit === "step" ? "Step" : "Epoch" },
        range: [0.5, epochs + 0.5],
        zeroline: false,
        ...(epochs <= 12 && { dtick: 1 }),
      },
      yaxis: { title: { text: title }, rangemode: "tozero" },
      showlegend: true,
      // Above the curves: inside it would lie on the last epochs.
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" },
      margin: { l: 56, r: 12, t: 30, b: 44 },
      shapes: bestEpoch === null ? [] : [bestLine(bestEpoch)],
    },
  };
}

/** Where the kept weights are from. */
const bestLine = (epoch: number) => ({
  type: "line",
  x0: epoch,
  x1: epoch,
  yref: "paper",
  y0: 0,
  y1: 1,
  line: { color: GUIDE, width: 1, dash: "dot" },
});
