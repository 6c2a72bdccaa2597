/** The list of a widget's keys, over the page until Escape; each can be changed for another one. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { Button } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { nameOfKey, type KeyBinding } from "./key-bindings.js";
import { withKey, type KeymapUse } from "./keymap.js";

export interface KeyHelpProps {
  bindings: readonly KeyBinding[];
  /** What the mouse does, which no key stands for. */
  notes: readonly string[];
  keymap: KeymapUse | undefined;
  onClose: () => void;
}

export function KeyHelp({ bindings, notes, keymap, onClose }: KeyHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const live = useLive().value;
  /** The action that waits for its new key. */
  const waiting = useSignal<string | undefined>(undefined);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus({ preventScroll: true });
  }, []);
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    const id = waiting.value;
    if (id === undefined || !keymap || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    waiting.value = undefined;
    if (event.key !== "Escape") keymap.onChange(withKey(keymap.keys, id, nameOfKey(event)));
  };
  return (
    <dialog class="vt-keys" ref={dialog} aria-label="Keys" onClose={onClose} onKeyDown={press}>
      <div class="vt-keys-head">
        <strong class="vt-heading">Keys</strong>
        {keymap && Object.keys(keymap.keys).length > 0 && (
          <Button label="All as they were" onPress={() => keymap.onChange({})} />
        )}
        <Button local icon="cross" iconOnly label="Close" shortcut="Esc" onPress={() => dialog.current?.close()} />
      </div>
      <p class="vt-visually-hidden" role="status">
        {waiting.value === undefined ? "" : "Press the new key, or Escape"}
      </p>
      <dl>
        {bindings.map((binding, index) => (
          <div key={`${index} ${binding.help}`}>
            <dt>
              <Key binding={binding} waiting={waiting} changeable={keymap !== undefined && live} />
            </dt>
            <dd>{binding.help}</dd>
          </div>
        ))}
      </dl>
      {keymap && <p class="vt-muted">Press a key in this list to put another in its place, for all your notebooks.</p>}
      {notes.map((note) => (
        <p class="vt-muted" key={note}>
          {note}
        </p>
      ))}
    </dialog>
  );
}

const MODIFIERS = ["Shift", "Control", "Meta", "Alt"];

interface KeyProps {
  binding: KeyBinding;
  waiting: { value: string | undefined };
  changeable: boolean;
}

function Key({ binding: { id, shown, help }, waiting, changeable }: KeyProps) {
  if (id === undefined || !changeable) return <kbd>{shown}</kbd>;
  const waits = waiting.value === id;
  return (
    <button
      type="button"
      class="vt-key"
      aria-label={`${waits ? "press a key" : shown}: change the key for ${help}`}
      onClick={() => (waiting.value = waits ? undefined : id)}
    >
      <kbd>{waits ? "press a key" : shown}</kbd>
    </button>
  );
}
