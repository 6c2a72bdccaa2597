/** A label with its key and its count, as a button; and the field that adds one. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { Button } from "../base/controls.js";
import { useLive } from "../base/frame.js";

/** Labels that have a key: 1 to 9. */
export const KEYED_LABELS = 9;

export interface LabelChipProps {
  label: string;
  /** Its place among the labels, which gives it its key. */
  place: number;
  count: number;
  /** What is counted: "picture". */
  unit: string;
  pressed: boolean;
  colour: string;
  onPress: (event: MouseEvent) => void;
}

export function LabelChip({ label, place, count, unit, pressed, colour, onPress }: LabelChipProps) {
  const live = useLive().value;
  const shortcut = place < KEYED_LABELS ? `${place + 1}` : undefined;
  return (
    <button
      type="button"
      class="vt-chip"
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      disabled={!live}
      style={{ "--vt-label": colour }}
      onClick={onPress}
    >
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
      <span class="vt-chip-label">{label}</span>
      <span class="vt-chip-count">
        {count}
        <span class="vt-visually-hidden">{count === 1 ? ` ${unit}` : ` ${unit}s`}</span>
      </span>
    </button>
  );
}

export function NewLabel({ onAdd }: { onAdd: (label: string) => void }) {
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
