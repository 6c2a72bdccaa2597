/** What came of a training, for a notebook without a kernel and for terminals: a sentence, the curves, a table. */
import type { StaticPanel } from "../plots/index.js";
import {
  finishedEpochs,
  hasEnded,
  TRAINING_LOSSES,
  type TrainingLoss,
  type TrainingRow,
  type TrainingState,
} from "../protocol/index.js";
import { escapeHtml, tableHtml, tableText } from "./html.js";
import { plotsAsImage } from "./plot-widget.js";

/** A table longer than this is cut in its middle. */
const MOST_ROWS = 30;

export function trainingAsHtml(state: TrainingState): string {
  const heading = `<p><strong>${escapeHtml(state.title)}</strong><br>${escapeHtml(sentence(state))}</p>`;
  if (state.history.length === 0) return heading;
  const rows = cut(state.history.map((row) => cells(row, state)));
  return heading + plotsAsImage([losses(state), errors(state)]) + tableHtml(headsOf(state), rows);
}

export function trainingAsText(state: TrainingState): string {
  const rows = cut(state.history.map((row) => cells(row, state)));
  return `${state.title}: ${sentence(state)}${rows.length > 0 ? `\n${tableText([headsOf(state), ...rows])}` : ""}`;
}

/** One epoch in one line. */
export function epochAsText(row: TrainingRow, epochs: number, unit: TrainingState["unit"] = "epoch"): string {
  const parts = [
    `${unit} ${String(row.epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${row.loss.toFixed(4)}${lossParts(row)}`,
    `training error ${percent(row.trainError)}`,
    ...(row.evalLoss === null ? [] : [`evaluation loss ${row.evalLoss.toFixed(4)}`]),
    ...(row.evalError === null ? [] : [`evaluation error ${percent(row.evalError)}`]),
    ...(row.evalMeanAp === undefined ? [] : [`mAP ${row.evalMeanAp.toFixed(3)}`]),
    `${row.imagesPerSecond.toFixed(0)} images/s`,
    `${row.seconds.toFixed(1)} s`,
  ];
  return parts.join("  ");
}

/** " (objectness 0.1, …)" of a detector. */
function lossParts({ losses }: TrainingRow): string {
  if (!losses) return "";
  const { objectness, proposalBox, classes, box } = losses;
  const parts = Object.entries({ objectness, "proposal box": proposalBox, class: classes, box });
  return ` (${parts.map(([name, value]) => `${name} ${value.toFixed(3)}`).join(", ")})`;
}

function sentence(state: TrainingState): string {
  const { phase, epochs, seconds, bestEpoch, message, unit } = state;
  const finished = finishedEpochs(state);
  if (!hasEnded(phase)) return finished === 0 ? "starting." : `${unit} ${finished} of ${epochs}.`;
  const kept = bestEpoch === null ? "" : ` The weights of ${unit} ${bestEpoch} were kept.`;
  return `${phase} after ${finished} of ${epochs} ${unit}s, ${seconds.toFixed(1)} s.${kept}${message && ` ${message}`}`;
}

function headsOf({ unit }: TrainingState): string[] {
  const isDetector = unit === "step";
  const heads = [
    isDetector ? "Step" : "Epoch",
    "Learning rate",
    "Loss",
    isDetector ? "Region error" : "Training error",
  ];
  return [...heads, "Evaluation loss", isDetector ? "mAP" : "Evaluation error"];
}

function cells(row: TrainingRow, { bestEpoch, unit }: TrainingState): string[] {
  const measured =
    unit === "step" ? row.evalMeanAp?.toFixed(3) : row.evalError === null ? undefined : percent(row.evalError);
  return [
    `${row.epoch}${row.epoch === bestEpoch ? " (kept)" : ""}`,
    String(Number(row.learningRate.toPrecision(3))),
    row.loss.toFixed(4),
    percent(row.trainError),
    row.evalLoss === null ? "–" : row.evalLoss.toFixed(4),
    measured ?? "–",
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function cut(rows: readonly string[][]): string[][] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const half = MOST_ROWS / 2;
  return [...rows.slice(0, half), Array<string>(6).fill("…"), ...rows.slice(-half)];
}

function losses({ history, unit }: TrainingState): StaticPanel {
  const names = Object.entries(TRAINING_LOSSES) as [TrainingLoss, string][];
  const series = [
    { name: "training", y: history.map((row) => row.loss) },
    { name: "evaluation", y: history.map((row) => row.evalLoss) },
    ...names.map(([loss, name]) => ({ name, y: history.map((row) => row.losses?.[loss] ?? null) })),
  ];
  return panel("Loss", history, series, unit);
}

function errors({ history, unit }: TrainingState): StaticPanel {
  if (unit === "step" && history.some((row) => row.evalMeanAp !== undefined)) {
    const series = [{ name: "evaluation", y: history.map((row) => row.evalMeanAp ?? null) }];
    return panel("Mean average precision", history, series, unit);
  }
  const series = [
    { name: "training", y: history.map((row) => 100 * row.trainError) },
    { name: "evaluation", y: history.map((row) => (row.evalError === null ? null : 100 * row.evalError)) },
  ];
  return panel("Error (%)", history, series, unit);
}

function panel(
  title: string,
  history: readonly TrainingRow[],
  series: readonly { name: string; y: readonly (number | null)[] }[],
  unit: TrainingState["unit"],
): StaticPanel {
  const x = history.map((row) => row.epoch);
  const data = series
    .filter(({ y }) => y.some((value) => value !== null))
    .map((one) => ({ ...one, x, type: "scatter", mode: x.length > 60 ? "lines" : "lines+markers" }));
  const layout = {
    title: { text: `${title} by ${unit}` },
    xaxis: { title: { text: unit === "step" ? "Step" : "Epoch" }, ...(x.length <= 16 && { dtick: 1 }) },
    yaxis: { title: { text: title }, rangemode: "tozero" },
    showlegend: true,
  };
  return { spec: { data, layout }, description: `${title} by ${unit}, ${x.at(-1) ?? 0} ${unit}s.`, height: 280 };
}
