/** All labels with their keys and how many pictures have each: what the chosen picture is stands out, a click changes it. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import type { AnnotationCommand, AnnotationRow, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Button, Checkbox } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { labelColour } from "../picture/label-colours.js";
import { KEYED_LABELS } from "./annotation-keys.js";

export interface LabelPaletteProps {
  state: AnnotationState;
  row: AnnotationRow;
  send: (command: AnnotationCommand) => void;
}

export function LabelPalette({ state, row, send }: LabelPaletteProps) {
  return (
    <div class="vt-palette">
      <div class="vt-palette-labels" role="group" aria-label={`Labels of ${row.name}`}>
        {state.labels.map((label, i) => (
          <LabelChip
            key={label}
            {...{ label, send }}
            shortcut={i < KEYED_LABELS ? `${i + 1}` : undefined}
            count={state.counts[i] ?? 0}
            pressed={row.labels.includes(label)}
            colour={labelColour(state.labels, label)}
          />
        ))}
        <NewLabel onAdd={(label) => send({ type: "addLabel", label })} />
      </div>
      <Checkbox
        label="Next picture after a label key"
        checked={state.autoAdvance}
        onChange={(on) => send({ type: "autoAdvance", on })}
      />
    </div>
  );
}

interface LabelChipProps {
  label: string;
  shortcut: string | undefined;
  count: number;
  pressed: boolean;
  colour: string;
  send: (command: AnnotationCommand) => void;
}

function LabelChip({ label, shortcut, count, pressed, colour, send }: LabelChipProps) {
  const live = useLive().value;
  return (
    <button
      type="button"
      class="vt-chip"
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      disabled={!live}
      style={{ "--vt-label": colour }}
      onClick={(event) => send({ type: "label", label, toggle: event.shiftKey || event.ctrlKey || event.metaKey })}
    >
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      <span class="vt-chip-label">{label}</span>
      <span class="vt-chip-count">
        {count}
        <span class="vt-visually-hidden">{count === 1 ? " picture" : " pictures"}</span>
      </span>
    </button>
  );
}

function NewLabel({ onAdd }: { onAdd: (label: string) => void }) {
  const text = useMemo(() => signal(""), []);
  const live = useLive().value;
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.value.trim() !== "") onAdd(text.value.trim());
    text.value = "";
  };
  return (
    <form class="vt-new-label" onSubmit={submit}>
      <input
        class="vt-text"
        aria-label="New label"
        placeholder="New label"
        disabled={!live}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          // A form inside a notebook: Enter must not reach the page.
          if (event.key === "Enter") event.stopPropagation();
        }}
      />
      {text.value.trim() !== "" && <Button label="Add" onPress={() => submit(new Event("submit"))} />}
    </form>
  );
}
