/** Arrows among columns: up and down within one, left and right to the next. The kernel knows where each press leads. */
import type { AnnotationCommand } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "../picture/key-bindings.js";

export function columnKeys(send: (command: AnnotationCommand) => void): KeyBinding[] {
  const step = (across: number, down: number) => () => send({ type: "moveInColumns", across, down });
  return [
    { keys: ["ArrowDown"], shown: "↓", help: "Picture below", run: step(0, 1) },
    { keys: ["ArrowUp"], shown: "↑", help: "Picture above", run: step(0, -1) },
    { keys: ["ArrowRight"], shown: "→", help: "Next column", run: step(1, 0) },
    { keys: ["ArrowLeft"], shown: "←", help: "Previous column", run: step(-1, 0) },
  ];
}
