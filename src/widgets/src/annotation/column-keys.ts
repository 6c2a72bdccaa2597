/** Arrows among columns: within one as its pictures lie, from its left and right edges to the next. The kernel knows where each press leads. */
import type { AnnotationCommand } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "../picture/key-bindings.js";

/** @param wide pictures side by side in a column */
export function columnKeys(wide: number, send: (command: AnnotationCommand) => void): KeyBinding[] {
  const step = (across: number, down: number) => () => send({ type: "moveInColumns", across, down, wide });
  return [
    { keys: ["ArrowDown"], shown: "↓", help: "Picture below", run: step(0, 1) },
    { keys: ["ArrowUp"], shown: "↑", help: "Picture above", run: step(0, -1) },
    { keys: ["ArrowRight"], shown: "→", help: "Picture to the right, or the next column", run: step(1, 0) },
    { keys: ["ArrowLeft"], shown: "←", help: "Picture to the left, or the previous column", run: step(-1, 0) },
  ];
}
