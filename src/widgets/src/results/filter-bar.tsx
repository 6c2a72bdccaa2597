/** Which results are listed, and in which order. */
import { useRef } from "preact/hooks";

import {
  type MarkFilter,
  RESULTS_ORDERS,
  type ResultsCommand,
  type ResultsFilter,
  type ResultsOrder,
  type ResultsState,
  type ScoreRange,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { GridShape } from "../picture/grid-shape.js";
import { RangeChip } from "./range-chip.js";

export interface FilterBarProps {
  state: ResultsState;
  send: (command: ResultsCommand) => void;
}

const ORDER_TITLES: { [order in ResultsOrder]: string } = {
  index: "as in the data set",
  "confidence ascending": "least confident first",
  "confidence descending": "most confident first",
  "truth score ascending": "lowest score of the label first",
  "loss descending": "highest loss first",
  "margin ascending": "closest call first",
  "disagreement descending": "most disagreement first",
};

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter } = state;
  const labelled = filter.range?.label === null ? null : filter.range;
  const apply = (change: Partial<ResultsFilter>) => send({ type: "filter", filter: change });
  return (
    <div class="vt-filter vt-filter-two" role="group" aria-label="Filter">
      <Checkbox
        label={`Correct (${state.correct})`}
        checked={filter.correct}
        onChange={(correct) => apply({ correct })}
      />
      <Checkbox
        label={`Incorrect (${state.incorrect})`}
        checked={filter.incorrect}
        onChange={(incorrect) => apply({ incorrect })}
      />
      <Select
        label="Order"
        value={state.order}
        options={RESULTS_ORDERS.map((order) => ({ value: order, title: ORDER_TITLES[order] }))}
        onChange={(order) => send({ type: "order", order: order as ResultsOrder })}
      />
      <GridShape browsing={state} send={send} />
      <LabelMenu
        label="Label"
        chosen={filter.truth}
        {...{ labels: state.labels, counts: state.truthCounts }}
        onChange={(truth) => apply({ truth })}
      />
      <LabelMenu
        label="Taken for"
        chosen={filter.prediction}
        {...{ labels: state.labels, counts: state.predictionCounts }}
        onChange={(prediction) => apply({ prediction })}
      />
      <Select
        label="Marked"
        value={filter.mark ?? "any"}
        options={[{ value: "any", title: "any" }, ...markChoices(state)]}
        onChange={(choice) => apply({ mark: choice === "any" ? null : (choice as MarkFilter) })}
      />
      {state.doubtful !== null && (
        <Checkbox
          label={`Doubtful labels (${state.doubtful})`}
          checked={filter.doubtful}
          onChange={(doubtful) => apply({ doubtful })}
        />
      )}
      <ScoreFields range={filter.range} onChange={(range) => apply({ range })} />
      {labelled && (
        <div class="vt-range-chip">
          <RangeChip range={labelled} onClear={() => apply({ range: null })} />
        </div>
      )}
      {state.stale > 0 && (
        <Button
          label={state.stale === 1 ? "1 no longer fits: refresh" : `${state.stale} no longer fit: refresh`}
          onPress={() => apply({})}
        />
      )}
    </div>
  );
}

interface LabelMenuProps {
  label: string;
  chosen: string | null;
  labels: readonly string[];
  counts: readonly number[];
  onChange: (label: string | null) => void;
}

function LabelMenu({ label, chosen, labels, counts, onChange }: LabelMenuProps) {
  const options = labels.map((name, i) => ({ value: `label:${name}`, title: `${name} (${counts[i] ?? 0})` }));
  return (
    <Select
      label={label}
      value={chosen === null ? "any" : `label:${chosen}`}
      options={[{ value: "any", title: "any" }, ...options]}
      onChange={(choice) => onChange(choice === "any" ? null : choice.slice("label:".length))}
    />
  );
}

function markChoices({ flags }: ResultsState): { value: MarkFilter; title: string }[] {
  return [
    { value: "unsure", title: `unsure (${flags.unsure})` },
    { value: "skip", title: `skip (${flags.skip})` },
    { value: "flagged", title: "unsure or skip" },
    { value: "noted", title: "with a note" },
  ];
}

/** From which to which score of the predicted label; an empty field is no end. */
function ScoreFields({ range, onChange }: { range: ScoreRange | null; onChange: (range: ScoreRange | null) => void }) {
  const live = useLive().value;
  const own = range?.label === null ? range : null;
  const fields = useRef<HTMLSpanElement>(null);
  // Both as they stand there: what the kernel has heard of may be less.
  const apply = () => {
    const [from, to] = fields.current?.querySelectorAll("input") ?? [];
    const [low, high] = [endOf(from, own?.low), endOf(to, own?.high)];
    onChange(low === null && high === null ? null : { label: null, low, high });
  };
  const field = (name: string, placeholder: string, value: number | null | undefined) => (
    <input
      class="vt-text vt-score-end"
      type="number"
      step="any"
      aria-label={name}
      placeholder={placeholder}
      disabled={!live}
      value={endText(value)}
      onChange={apply}
    />
  );
  return (
    <div class="vt-field">
      <span class="vt-label">Score</span>
      <span class="vt-score-ends" ref={fields}>
        {field("Score from", "from", own?.low)}
        {field("Score to", "to", own?.high)}
      </span>
    </div>
  );
}

const endText = (end: number | null | undefined) => (typeof end === "number" ? String(Number(end.toPrecision(4))) : "");

/** @param known the end that is shown, rounded: untouched, it stays what it is */
function endOf(field: HTMLInputElement | undefined, known: number | null = null): number | null {
  const text = field?.value ?? "";
  if (text === endText(known)) return known;
  return text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
}
