/** Every epoch in numbers, folded away: what the curves show, for reading and copying. */
import { useMemo, useState } from "preact/hooks";

import type { TrainingRow, TrainingState } from "../../../kernel-lib/protocol/index.js";

type Rows = Pick<TrainingState, "history" | "bestEpoch" | "unit">;

/** While it is folded and the training goes on it has no rows: hundreds of them would be made anew several times a second. */
export function EpochTable({ history, bestEpoch, unit, ended }: Rows & { ended: boolean }) {
  const [open, setOpen] = useState(false);
  const rows = useMemo(
    () => (open || ended) && <EpochRows history={history} bestEpoch={bestEpoch} unit={unit} />,
    [open || ended, history, bestEpoch, unit],
  );
  const complete = unit === "step" || history.length === (history.at(-1)?.epoch ?? 0);
  return (
    <details class="vt-epochs" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {complete ? `All ${unit === "step" ? "reports" : "epochs"} in numbers` : "Epochs in numbers, evenly chosen"}
      </summary>
      <div class="vt-scroll" tabIndex={0} role="region" aria-label={unit === "step" ? "Steps" : "Epochs"}>
        <table class="vt-table">
          <thead>
            <tr>
              {headsOf(unit).map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          {rows}
        </table>
      </div>
    </details>
  );
}

function EpochRows({ history, bestEpoch, unit }: Rows) {
  return (
    <tbody>
      {history.map((row) => (
        <tr key={row.epoch} class={row.epoch === bestEpoch ? "vt-best" : undefined}>
          <th scope="row">
            {row.epoch}
            {row.epoch === bestEpoch && " (kept)"}
          </th>
          {numbersOf(row, unit).map((text, column) => (
            <td key={column}>{text}</td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function headsOf(unit: TrainingState["unit"]): string[] {
  const [first, error, measured] =
    unit === "step" ? ["Step", "Region error", "mAP"] : ["Epoch", "Training error", "Evaluation error"];
  return [first, "Learning rate", "Loss", error, "Evaluation loss", measured, "Images a second"].map(String);
}

function numbersOf(row: TrainingRow, unit: TrainingState["unit"]): string[] {
  const percent = (value: number | null) => (value === null ? "–" : `${(100 * value).toFixed(1)} %`);
  return [
    String(Number(row.learningRate.toPrecision(3))),
    row.loss.toFixed(4),
    percent(row.trainError),
    row.evalLoss === null ? "–" : row.evalLoss.toFixed(4),
    unit === "step" ? (row.evalMeanAp?.toFixed(3) ?? "–") : percent(row.evalError),
    row.imagesPerSecond.toFixed(0),
  ];
}
