/** What the picture is and what it was taken for; a label that is wrong is corrected here. */
import {
  PICTURE_FLAGS,
  type ResultsCommand,
  type ResultsRow,
  type ResultsState,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Select } from "../base/controls.js";
import { Icon } from "../base/icons.js";
import { formatScore } from "./format-score.js";

export interface VerdictProps {
  state: ResultsState;
  row: ResultsRow;
  send: (command: ResultsCommand) => void;
}

export function Verdict({ state, row, send }: VerdictProps) {
  const [first, ...more] = row.truth;
  const now = first !== undefined && more.length === 0 && state.labels.includes(first) ? `one:${first}` : "now";
  const options = [
    ...(now === "now" ? [{ value: "now", title: row.truth.join(", ") || "no label" }] : []),
    ...state.labels.map((label) => ({ value: `one:${label}`, title: label })),
  ];
  return (
    <div class="vt-verdict" role="group" aria-label="Verdict">
      <p class={row.correct ? "vt-verdict-good" : "vt-verdict-bad"}>
        <Icon name={row.correct ? "check" : "cross"} />
        <span>
          {row.correct ? "Correct: " : "Incorrect: taken for "}
          <strong>{row.prediction}</strong>, score {formatScore(row.score)}
        </span>
      </p>
      <Select
        label="It is"
        value={now}
        options={options}
        onChange={(choice) => send({ type: "label", label: choice.slice("one:".length), id: row.id })}
      />
      {row.suggested !== null && (
        <Button
          label={`Doubtful: make it ${row.suggested}`}
          shortcut="A"
          onPress={() => send({ type: "acceptLabel", id: row.id })}
        />
      )}
      <div class="vt-marking" role="group" aria-label="Marks">
        {PICTURE_FLAGS.map((flag) => (
          <Button
            key={flag}
            label={flag === "unsure" ? "Unsure" : "Skip"}
            shortcut={flag === "unsure" ? "U" : "X"}
            pressed={row.flag === flag}
            onPress={() => send({ type: "flag", flag })}
          />
        ))}
      </div>
    </div>
  );
}
