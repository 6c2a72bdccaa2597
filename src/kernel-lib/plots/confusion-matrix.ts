/** A confusion matrix as shaded cells with their counts. */
import { type PlotSpec, shortLabel } from "./plot-spec.js";

/**
 * A cell's shade is its share of its row, so that a class with few pictures is seen too; the number in it is the count.
 *
 * @param matrix rows: truth, columns: prediction, in the order of `labels`
 */
export function confusionMatrixSpec(matrix: readonly (readonly number[])[], labels: readonly string[]): PlotSpec {
  const names = shortLabels(labels);
  // In smaller cells numbers would be dust, and gaps half of the picture.
  const isRoomy = labels.length <= MOST_NUMBERED;
  const gap = isRoomy ? 2 : 0;
  // Plotly leaves out every second label where it finds them close.
  const everyLabel = isRoomy ? { dtick: 1 } : {};
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const share = (row: number, count: number) => count / Math.max(totals[row] ?? 0, Number.MIN_VALUE);
  return {
    data: [
      {
        type: "heatmap",
        x: names,
        y: names,
        z: matrix.map((row, i) => row.map((count) => share(i, count))),
        text: matrix.map((row) => row.map(formatCount)),
        customdata: matrix.map((row, i) => row.map((count) => `${(100 * share(i, count)).toFixed(1)} %`)),
        ...(isRoomy && { texttemplate: "%{text}" }),
        hovertemplate: "truth %{y}<br>predicted %{x}<br>%{text} pictures, %{customdata} of the row<extra></extra>",
        zmin: 0,
        zmax: 1,
        xgap: gap,
        ygap: gap,
        showscale: false,
      },
    ],
    layout: {
      title: { text: "Confusion matrix" },
      // Titles keep away from long labels. Labels that look like numbers or dates are names here.
      xaxis: {
        title: { text: "Predicted", standoff: 12 },
        type: "category",
        ...everyLabel,
        showgrid: false,
        constrain: "domain",
      },
      yaxis: {
        title: { text: "Truth", standoff: 12 },
        type: "category",
        ...everyLabel,
        autorange: "reversed",
        showgrid: false,
      },
    },
  };
}

/** With so many labels a cell still has room for its number. */
const MOST_NUMBERED = 30;

/** Long labels would take the room of the matrix; two that begin and end alike stay whole. */
function shortLabels(labels: readonly string[]): readonly string[] {
  const short = labels.map((label) => shortLabel(label));
  return new Set(short).size === labels.length ? short : labels;
}

/** Counts whole, shares (of a normalised matrix) with two digits. */
function formatCount(count: number): string {
  return Number.isInteger(count) ? String(count) : count.toFixed(2);
}

/**
 * What is mistaken for what: shares of each row, with what is right left out, so that it does not outshine the rest.
 *
 * @param matrix rows: truth, columns: prediction, in the order of `labels`
 */
export function errorMatrixSpec(matrix: readonly (readonly number[])[], labels: readonly string[]): PlotSpec {
  const { data, layout } = confusionMatrixSpec(matrix, labels);
  const totals = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const share = (row: number, column: number) =>
    row === column ? 0 : (matrix[row]?.[column] ?? 0) / Math.max(totals[row] ?? 0, Number.MIN_VALUE);
  const shares = matrix.map((row, i) => row.map((_, j) => share(i, j)));
  const largest = Math.max(Number.MIN_VALUE, ...shares.flat());
  return {
    data: data.map((trace) => ({
      ...trace,
      z: shares,
      zmax: largest,
      text: shares.map((row) => row.map((value) => (value === 0 ? "" : (100 * value).toFixed(1)))),
      customdata: matrix.map((row) => row.map(formatCount)),
      hovertemplate: "truth %{y}<br>predicted %{x}<br>%{text} % of the row, %{customdata} pictures<extra></extra>",
    })),
    layout: { ...layout, title: { text: "Errors, in % of each row" } },
  };
}
