/** Which pictures are listed, and in which order. */
import {
  BACKGROUND,
  DETECTION_ERROR_KINDS,
  DETECTION_ORDERS,
  type DetectionErrorKind,
  type DetectionOrder,
  type DetectionResultsCommand,
  type DetectionResultsFilter,
  type DetectionResultsState,
  type MarkFilter,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";
import { rangeText } from "../results/range-chip.js";

export interface FilterBarProps {
  state: DetectionResultsState;
  send: (command: DetectionResultsCommand) => void;
}

const ORDER_TITLES: { readonly [order in DetectionOrder]: string } = {
  index: "as in the data set",
  "mistakes descending": "most mistakes first",
  "confidence ascending": "least confident first",
  "wrong score descending": "surest mistakes first",
};

const MARKS: readonly MarkFilter[] = ["unsure", "skip", "flagged", "noted"];

export function DetectionFilterBar({ state, send }: FilterBarProps) {
  const { filter, labels } = state;
  const apply = (change: Partial<DetectionResultsFilter>) => send({ type: "filter", filter: change });
  const any = { value: "any", title: "any" };
  const named = [...labels, BACKGROUND].map((label) => ({ value: `label:${label}`, title: label }));
  const label = (choice: string) => (choice === "any" ? null : choice.slice("label:".length));
  return (
    <div class="vt-filter" role="group" aria-label="Filter">
      <Checkbox
        label={`Without a mistake (${state.correct})`}
        checked={filter.correct}
        onChange={(correct) => apply({ correct })}
      />
      <Checkbox
        label={`With (${state.total - state.correct})`}
        checked={filter.incorrect}
        onChange={(incorrect) => apply({ incorrect })}
      />
      <Select
        label="Order"
        value={state.order}
        options={DETECTION_ORDERS.map((order) => ({ value: order, title: ORDER_TITLES[order] }))}
        onChange={(order) => send({ type: "order", order: order as DetectionOrder })}
      />
      <Select
        label="Truth"
        value={filter.truth === null ? "any" : `label:${filter.truth}`}
        options={[any, ...named]}
        onChange={(choice) => apply({ truth: label(choice) })}
      />
      <Select
        label="Taken for"
        value={filter.found === null ? "any" : `label:${filter.found}`}
        options={[any, ...named]}
        onChange={(choice) => apply({ found: label(choice) })}
      />
      <Select
        label="Error"
        value={filter.kind ?? "any"}
        options={[any, ...DETECTION_ERROR_KINDS.map((kind) => ({ value: kind, title: kind }))]}
        onChange={(choice) => apply({ kind: choice === "any" ? null : (choice as DetectionErrorKind) })}
      />
      <Select
        label="Marked"
        value={filter.mark ?? "any"}
        options={[any, ...MARKS.map((mark) => ({ value: mark, title: mark }))]}
        onChange={(choice) => apply({ mark: choice === "any" ? null : (choice as MarkFilter) })}
      />
      <GridShape browsing={state} send={send} />
      {filter.range && (
        <Button
          icon="cross"
          label={`${filter.range.right ? "right" : "wrong"}, ${rangeText({ label: null, ...filter.range })}: show all`}
          onPress={() => apply({ range: null })}
        />
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
