/** A label with its key and its count, as a button; and the field in which one is typed. */
import { signal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { useLive } from "../base/frame.js";
import { useUniqueId } from "../base/use-unique-id.js";
import { leaveField } from "./picture-grid.js";

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
      <span class="vt-chip-label" title={label}>
        {label}
      </span>
      <span class="vt-chip-count">
        {count}
        <span class="vt-visually-hidden">{count === 1 ? ` ${unit}` : ` ${unit}s`}</span>
      </span>
    </button>
  );
}

export interface LabelFieldProps {
  labels: readonly string[];
  /** `known` is false for a label that is to be added first. */
  onLabel: (label: string, known: boolean) => void;
}

/** Gives a label that is typed, an old one or a new one: of many labels most have no key. Then the keys are the pictures' again. */
export function LabelField({ labels, onLabel }: LabelFieldProps) {
  const text = useMemo(() => signal(""), []);
  const live = useLive().value;
  const list = useUniqueId();
  const label = text.value.trim();
  const known = labels.includes(label);
  const submit = (event: Event, from: Element) => {
    event.preventDefault();
    if (label !== "") onLabel(label, known);
    text.value = "";
    leaveField(from);
  };
  return (
    <form class="vt-new-label" onSubmit={(event) => submit(event, event.currentTarget)}>
      <input
        class="vt-text"
        aria-label="Type a label"
        placeholder="Type a label"
        list={list}
        disabled={!live}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          // A form inside a notebook: Enter must not reach the page.
          if (event.key === "Enter") event.stopPropagation();
        }}
      />
      <datalist id={list}>
        {labels.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {label !== "" && <button class="vt-button">{known ? "Set" : "Add"}</button>}
    </form>
  );
}
