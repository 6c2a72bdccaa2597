/** Every epoch in numbers, folded away: what the curves show, for reading and copying. */
import type { TrainingRow } from "../../../kernel-lib/protocol/index.js";

export function EpochTable({ history, bestEpoch }: { history: readonly TrainingRow[]; bestEpoch: number | null }) {
  const complete = history.length === (history.at(-1)?.epoch ?? 0);
  return (
    <details class="vt-epochs">
      <summary>{complete ? "All epochs in numbers" : "Epochs in numbers, evenly chosen"}</summary>
      <div class="vt-scroll" tabIndex={0} role="region" aria-label="Epochs">
        <table class="vt-table">
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {history.map((row) => (
              <tr key={row.epoch} class={row.epoch === bestEpoch ? "vt-best" : undefined}>
                <th scope="row">
                  {row.epoch}
                  {row.epoch === bestEpoch && " (kept)"}
                </th>
                {numbersOf(row).map((text, column) => (
                  <td key={column}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

const HEADS = [
  "Epoch",
  "Learning rate",
  "Loss",
  "Training error",
  "Evaluation loss",
  "Evaluation error",
  "Images a second",
];

function numbersOf(row: TrainingRow): string[] {
  const percent = (value: number | null) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  return [
    String(Number(row.learningRate.toPrecision(3))),
    row.loss.toFixed(4),
    percent(row.trainError),
    row.evalLoss === null ? "–" : row.evalLoss.toFixed(4),
    percent(row.evalError),
    row.imagesPerSecond.toFixed(0),
  ];
}
