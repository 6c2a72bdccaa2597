/** Which pictures are listed below the large one. */
import type { BoxesCommand, BoxesFilter, BoxesState, MarkFilter } from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";
import { markOptions } from "../picture/marks.js";
import { NameSearch } from "../picture/name-search.js";

export interface FilterBarProps {
  state: BoxesState;
  send: (command: BoxesCommand) => void;
}

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter, labels, counts } = state;
  const apply = (change: Partial<BoxesFilter>) => send({ type: "filter", filter: change });
  const options = [
    { value: "any", title: `all (${state.total})` },
    ...labels.map((label, i) => ({ value: `label:${label}`, title: `${label} (${objects(counts[i] ?? 0)})` })),
    { value: "empty", title: `no box (${state.empty})` },
    ...markOptions(state.flags),
  ];
  const value = choiceOf(filter);
  return (
    <div class="vt-row vt-filter" role="group" aria-label="Filter">
      <Select label="Show" value={value} options={options} onChange={(choice) => apply(chosen(choice))} />
      <Checkbox
        label={`changed (${state.changed})`}
        checked={filter.changed}
        onChange={(changed) => apply({ changed })}
      />
      {state.model && (
        <Checkbox label="suggestions" checked={filter.suggested} onChange={(suggested) => apply({ suggested })} />
      )}
      <NameSearch value={filter.name} onSearch={(name) => apply({ name })} />
      {state.stale > 0 && (
        <Button
          label={state.stale === 1 ? "1 no longer fits: refresh" : `${state.stale} no longer fit: refresh`}
          onPress={() => apply({})}
        />
      )}
      <GridShape browsing={state} send={send} />
    </div>
  );
}

const objects = (count: number): string => (count === 1 ? "1 object" : `${count} objects`);

function choiceOf({ empty, label, mark }: BoxesFilter): string {
  if (empty) return "empty";
  if (mark !== null) return `mark:${mark}`;
  return label === null ? "any" : `label:${label}`;
}

function chosen(choice: string): Partial<BoxesFilter> {
  const nothing = { label: null, empty: false, mark: null };
  if (choice === "empty") return { ...nothing, empty: true };
  if (choice.startsWith("mark:")) return { ...nothing, mark: choice.slice("mark:".length) as MarkFilter };
  return choice === "any" ? nothing : { ...nothing, label: choice.slice("label:".length) };
}
