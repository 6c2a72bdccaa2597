/** Which pictures are listed, in which order, and how they are laid out. */
import {
  ANNOTATION_VIEWS,
  type AnnotationCommand,
  type AnnotationFilter,
  type AnnotationOrder,
  type AnnotationState,
  type AnnotationView,
  type MarkFilter,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";
import { markOptions } from "../picture/marks.js";
import { NameSearch } from "../picture/name-search.js";

export interface FilterBarProps {
  state: AnnotationState;
  send: (command: AnnotationCommand) => void;
}

const VIEW_TITLES: { [view in AnnotationView]: string } = { grid: "pages", wall: "wall", columns: "columns" };

const ORDER_TITLES: { [order in AnnotationOrder]: string } = {
  index: "as in the data set",
  "least confidence": "least confident first",
  margin: "smallest margin first",
  entropy: "highest entropy first",
  disagreement: "suspected labels",
  diversity: "most unlike the labelled first",
};

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter, model } = state;
  const apply = (change: Partial<AnnotationFilter>) => send({ type: "filter", filter: change });
  return (
    <div class="vt-row vt-filter" role="group" aria-label="Filter">
      <Select
        label="Show"
        value={choiceOf(filter)}
        options={choices(state)}
        onChange={(choice) => apply(filterOf(choice))}
      />
      <Checkbox
        label={`changed (${state.changed})`}
        checked={filter.changed}
        onChange={(changed) => apply({ changed })}
      />
      <NameSearch value={filter.name} onSearch={(name) => apply({ name })} />
      {state.stale > 0 && (
        <Button
          label={state.stale === 1 ? "1 no longer fits: refresh" : `${state.stale} no longer fit: refresh`}
          onPress={() => apply({})}
        />
      )}
      {model.orders.length > 1 && (
        <Select
          label="Order"
          value={state.order}
          options={model.orders.map((order) => ({ value: order, title: ORDER_TITLES[order] }))}
          onChange={(order) => send({ type: "order", order: order as AnnotationOrder })}
        />
      )}
      <Select
        label="View"
        value={state.view}
        options={ANNOTATION_VIEWS.map((view) => ({ value: view, title: VIEW_TITLES[view] }))}
        onChange={(view) => send({ type: "view", view: view as AnnotationView })}
      />
      {state.view === "grid" && <GridShape browsing={state} send={send} />}
    </div>
  );
}

function choices({ total, labels, counts, unlabelled, flags, model, filter }: AnnotationState) {
  return [
    { value: "any", title: `all (${total})` },
    ...labels.map((label, i) => ({ value: `label:${label}`, title: `${label} (${counts[i] ?? 0})` })),
    ...(unlabelled > 0 || filter.unlabelled ? [{ value: "none", title: `no label (${unlabelled})` }] : []),
    ...markOptions(flags),
    ...(model.phase === "none" ? [] : [{ value: "disagrees", title: "the model disagrees" }]),
  ];
}

function choiceOf({ label, unlabelled, disagrees, mark }: AnnotationFilter): string {
  if (unlabelled) return "none";
  if (disagrees) return "disagrees";
  if (mark !== null) return `mark:${mark}`;
  return label === null ? "any" : `label:${label}`;
}

function filterOf(choice: string): Partial<AnnotationFilter> {
  const nothing = { label: null, unlabelled: false, disagrees: false, mark: null };
  if (choice === "none") return { ...nothing, unlabelled: true };
  if (choice === "disagrees") return { ...nothing, disagrees: true };
  if (choice.startsWith("mark:")) return { ...nothing, mark: choice.slice("mark:".length) as MarkFilter };
  return choice === "any" ? nothing : { ...nothing, label: choice.slice("label:".length) };
}
