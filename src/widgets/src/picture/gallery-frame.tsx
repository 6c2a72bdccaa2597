/**
 * What a gallery is laid out in: a head with its title and history, two columns, a line for messages; and the keys, which work
 * wherever the focus is.
 */
import { signal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";

import { Button, Toolbar } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { handleKey, type KeyBinding } from "./key-bindings.js";
import { KeyHelp } from "./key-help.js";
import { remapped, type KeymapUse } from "./keymap.js";
import { focusChosen } from "./picture-grid.js";
import type { Message } from "./use-messages.js";

export interface GalleryFrameProps {
  title: string;
  subtitle: string;
  bindings: readonly KeyBinding[];
  notes: readonly string[];
  /** Keys that the person has chosen, and what keeps them; without it the keys are fixed. */
  keymap?: KeymapUse;
  history: { canUndo: boolean; canRedo: boolean };
  send: (command: { type: "undo" } | { type: "redo" }) => void;
  message: Message | undefined;
  left: ComponentChildren;
  right: ComponentChildren;
  /** Below both, above the messages. */
  below?: ComponentChildren;
  /** Below all. */
  foot?: ComponentChildren;
  /** "picture" gives the left column most of the width. */
  layout?: "even" | "picture";
}

export function GalleryFrame(props: GalleryFrameProps) {
  const { bindings, history, send } = props;
  const live = useLive().value;
  const root = useRef<HTMLDivElement>(null);
  const help = useMemo(() => signal(false), []);
  const all = remapped([...bindings, helpKey(help)], props.keymap?.keys ?? {});
  return (
    <div
      class="vt-gallery"
      data-layout={props.layout ?? "even"}
      ref={root}
      onKeyDown={(event) => {
        if (!handleKey(event, all, live) && event.key === "Escape" && root.current) focusChosen(root.current);
      }}
    >
      <div class="vt-gallery-head">
        <strong class="vt-heading">{props.title}</strong>
        <span class="vt-muted vt-grow">{props.subtitle}</span>
        <Toolbar label="History and help">
          <Button
            icon="undo"
            iconOnly
            label="Undo"
            shortcut="Ctrl+Z"
            disabled={!history.canUndo}
            onPress={() => send({ type: "undo" })}
          />
          <Button
            icon="redo"
            iconOnly
            label="Redo"
            shortcut="Ctrl+Y"
            disabled={!history.canRedo}
            onPress={() => send({ type: "redo" })}
          />
          <Button local label="Keys" shortcut="?" onPress={() => (help.value = true)} />
        </Toolbar>
      </div>
      <div class="vt-gallery-left">{props.left}</div>
      <div class="vt-gallery-right">{props.right}</div>
      {props.below !== undefined && <div class="vt-gallery-below">{props.below}</div>}
      <div class="vt-gallery-foot">
        <span class={props.message?.failed === true ? "vt-message vt-message-failed" : "vt-message"}>
          {props.message?.text}
        </span>
        {props.foot}
      </div>
      {help.value && (
        <KeyHelp bindings={all} notes={props.notes} keymap={props.keymap} onClose={() => (help.value = false)} />
      )}
    </div>
  );
}

const helpKey = (help: Signal<boolean>): KeyBinding => ({
  keys: ["?"],
  shown: "?",
  help: "This list",
  run: () => (help.value = true),
  local: true,
});
