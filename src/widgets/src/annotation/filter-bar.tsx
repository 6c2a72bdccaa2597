/** Which pictures are listed, and how many at once. */
import type { AnnotationCommand, AnnotationFilter, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox, Select } from "../base/controls.js";
import { GridShape } from "../picture/grid-shape.js";

export interface FilterBarProps {
  state: AnnotationState;
  send: (command: AnnotationCommand) => void;
}

export function FilterBar({ state, send }: FilterBarProps) {
  const { filter, counts, labels } = state;
  const apply = (change: Partial<AnnotationFilter>) => send({ type: "filter", filter: { ...filter, ...change } });
  const value = filter.unlabelled ? "none" : filter.label === null ? "any" : `label:${filter.label}`;
  const options = [
    { value: "any", title: `all (${state.total})` },
    ...labels.map((label, i) => ({ value: `label:${label}`, title: `${label} (${counts[i] ?? 0})` })),
    ...(state.unlabelled > 0 || filter.unlabelled ? [{ value: "none", title: `no label (${state.unlabelled})` }] : []),
  ];
  return (
    <div class="vt-row vt-filter" role="group" aria-label="Filter">
      <Select label="Show" value={value} options={options} onChange={(choice) => apply(chosen(choice))} />
      <Checkbox
        label={`changed (${state.changed})`}
        checked={filter.changed}
        onChange={(changed) => apply({ changed })}
      />
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

function chosen(choice: string): Partial<AnnotationFilter> {
  if (choice === "none") return { label: null, unlabelled: true };
  return { label: choice === "any" ? null : choice.slice("label:".length), unlabelled: false };
}
