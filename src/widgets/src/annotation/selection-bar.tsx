/** How many pictures the next label is for, where it is more than the chosen one. */
import type { AnnotationCommand, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";

export interface SelectionBarProps {
  state: AnnotationState;
  send: (command: AnnotationCommand) => void;
}

export function SelectionBar({ state, send }: SelectionBarProps) {
  if (state.selected === 0) return null;
  const several = state.selected === 1 ? "1 picture" : `${state.selected} pictures`;
  return (
    <div class="vt-selection" role="group" aria-label="Selection">
      <strong>{several} selected</strong>
      <span class="vt-muted">A label or a flag is for all of them.</span>
      <Button label="All" shortcut="Ctrl+A" onPress={() => send({ type: "pickAll" })} />
      <Button label="None" shortcut="Esc" onPress={() => send({ type: "pickNone" })} />
    </div>
  );
}
