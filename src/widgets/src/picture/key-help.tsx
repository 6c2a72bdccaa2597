/** The list of a widget's keys, over the page until Escape. */
import { useLayoutEffect, useRef } from "preact/hooks";

import { Button } from "../base/controls.js";
import type { KeyBinding } from "./key-bindings.js";

export interface KeyHelpProps {
  bindings: readonly KeyBinding[];
  /** What the mouse does, which no key stands for. */
  notes: readonly string[];
  onClose: () => void;
}

export function KeyHelp({ bindings, notes, onClose }: KeyHelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus({ preventScroll: true });
  }, []);
  return (
    <dialog
      class="vt-keys"
      ref={dialog}
      aria-label="Keys"
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="vt-keys-head">
        <strong class="vt-heading">Keys</strong>
        <Button local icon="cross" iconOnly label="Close" shortcut="Esc" onPress={() => dialog.current?.close()} />
      </div>
      <dl>
        {bindings.map(({ shown, help }) => (
          <div key={shown}>
            <dt>
              <kbd>{shown}</kbd>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
      {notes.map((note) => (
        <p class="vt-muted" key={note}>
          {note}
        </p>
      ))}
    </dialog>
  );
}
