/** What came of a training, for a notebook without a kernel and for terminals: a sentence, the curves, a table. */
import type { StaticPanel } from "../plots/index.js";
import { finishedEpochs, hasEnded, type TrainingRow, type TrainingState } from "../protocol/index.js";
import { escapeHtml, tableHtml, tableText } from "./html.js";
import { plotsAsImage } from "./plot-widget.js";

/** A table longer than this is cut in its middle. */
const MOST_ROWS = 30;

export function trainingAsHtml(state: TrainingState): string {
  const heading = `<p><strong>${escapeHtml(state.title)}</strong><br>${escapeHtml(sentence(state))}</p>`;
  if (state.history.length === 0) return heading;
  const rows = cut(state.history.map((row) => cells(row, state.bestEpoch)));
  return heading + plotsAsImage([losses(state), errors(state)]) + tableHtml(HEADS, rows);
}

export function trainingAsText(state: TrainingState): string {
  const rows = cut(state.history.map((row) => cells(row, state.bestEpoch)));
  return `${state.title}: ${sentence(state)}${rows.length > 0 ? `\n${tableText([[...HEADS], ...rows])}` : ""}`;
}

/** One epoch in one line. */
export function epochAsText(row: TrainingRow, epochs: number): string {
  const parts = [
    `epoch ${String(row.epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${row.loss.toFixed(4)}`,
    `training error ${percent(row.trainError)}`,
    ...(row.evalLoss === null ? [] : [`evaluation loss ${row.evalLoss.toFixed(4)}`]),
    ...(row.evalError === null ? [] : [`evaluation error ${percent(row.evalError)}`]),
    `${row.imagesPerSecond.toFixed(0)} images/s`,
    `${row.seconds.toFixed(1)} s`,
  ];
  return parts.join("  ");
}

function sentence(state: TrainingState): string {
  const { phase, epochs, seconds, bestEpoch, message } = state;
  const finished = finishedEpochs(state);
  if (!hasEnded(phase)) return finished === 0 ? "starting." : `epoch ${finished} of ${epochs}.`;
  const kept = bestEpoch === null ? "" : ` The weights of epoch ${bestEpoch} were kept.`;
  return `${phase} after ${finished} of ${epochs} epochs, ${seconds.toFixed(1)} s.${kept}${message && ` ${message}`}`;
}

const HEADS = ["Epoch", "Learning rate", "Loss", "Training error", "Evaluation loss", "Evaluation error"];

function cells(row: TrainingRow, bestEpoch: number | null): string[] {
  return [
    `${row.epoch}${row.epoch === bestEpoch ? " (kept)" : ""}`,
    String(Number(row.learningRate.toPrecision(3))),
    row.loss.toFixed(4),
    percent(row.trainError),
    row.evalLoss === null ? "–" : row.evalLoss.toFixed(4),
    row.evalError === null ? "–" : percent(row.evalError),
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function cut(rows: readonly string[][]): string[][] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const half = MOST_ROWS / 2;
  return [...rows.slice(0, half), HEADS.map(() => "…"), ...rows.slice(-half)];
}

function losses({ history }: TrainingState): StaticPanel {
  const series = [
    { name: "training", y: history.map((row) => row.loss) },
    { name: "evaluation", y: history.map((row) => row.evalLoss) },
  ];
  return panel("Loss", history, series);
}

function errors({ history }: TrainingState): StaticPanel {
  const series = [
    { name: "training", y: history.map((row) => 100 * row.trainError) },
    { name: "evaluation", y: history.map((row) => (row.evalError === null ? null : 100 * row.evalError)) },
  ];
  return panel("Error (%)", history, series);
}

function panel(
  title: string,
  history: readonly TrainingRow[],
  series: readonly { name: string; y: readonly (number | null)[] }[],
): StaticPanel {
  const x = history.map((row) => row.epoch);
  const data = series
    .filter(({ y }) => y.some((value) => value !== null))
    .map((one) => ({ ...one, x, type: "scatter", mode: x.length > 60 ? "lines" : "lines+markers" }));
  const layout = {
    title: { text: `${title} by epoch` },
    xaxis: { title: { text: "Epoch" }, ...(x.length <= 16 && { dtick: 1 }) },
    yaxis: { title: { text: title }, rangemode: "tozero" },
    showlegend: true,
  };
  return { spec: { data, layout }, description: `${title} by epoch, ${x.at(-1) ?? 0} epochs.`, height: 280 };
}
