/** Which pictures are listed below the large one. */
import type { BoxesCommand, BoxesFilter, BoxesState } from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";
import { NameSearch } from "../picture/name-search.js";

export interface FilterBarProps {
  state: BoxesState;
  send: (command: BoxesCommand) => void;
}

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter, labels, counts } = state;
  const apply = (change: Partial<BoxesFilter>) => send({ type: "filter", filter: { ...filter, ...change } });
  const options = [
    { value: "any", title: `all (${state.total})` },
    ...labels.map((label, i) => ({ value: `label:${label}`, title: `${label} (${objects(counts[i] ?? 0)})` })),
    { value: "empty", title: `no box (${state.empty})` },
  ];
  const value = filter.empty ? "empty" : filter.label === null ? "any" : `label:${filter.label}`;
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

function chosen(choice: string): Partial<BoxesFilter> {
  if (choice === "empty") return { label: null, empty: true };
  return { label: choice === "any" ? null : choice.slice("label:".length), empty: false };
}
