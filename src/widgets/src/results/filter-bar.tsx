/** Which results are listed, and in which order. */
import {
  RESULTS_ORDERS,
  type ResultsCommand,
  type ResultsFilter,
  type ResultsOrder,
  type ResultsState,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";

export interface FilterBarProps {
  state: ResultsState;
  send: (command: ResultsCommand) => void;
}

const ORDER_TITLES: { [order in ResultsOrder]: string } = {
  index: "as in the data set",
  "confidence ascending": "least confident first",
  "confidence descending": "most confident first",
  "truth score ascending": "label most doubtful first",
};

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter } = state;
  const apply = (change: Partial<ResultsFilter>) => send({ type: "filter", filter: { ...filter, ...change } });
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
        label="Is"
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
