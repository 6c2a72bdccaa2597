/** Arrows among columns: up and down within one, left and right to the next. */
import type { AnnotationColumn, AnnotationCommand, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "../picture/key-bindings.js";
import { chosenId } from "./label-columns.js";

export function columnKeys(state: AnnotationState, send: (command: AnnotationCommand) => void): KeyBinding[] {
  const step = (across: number, down: number) => () => {
    for (const command of moves(state, across, down)) send(command);
  };
  return [
    { keys: ["ArrowDown"], shown: "↓", help: "Picture below", run: step(0, 1) },
    { keys: ["ArrowUp"], shown: "↑", help: "Picture above", run: step(0, -1) },
    { keys: ["ArrowRight"], shown: "→", help: "Next column", run: step(1, 0) },
    { keys: ["ArrowLeft"], shown: "←", help: "Previous column", run: step(-1, 0) },
  ];
}

/** What brings the choice there: the picture, and the column's window where it is just outside of it. */
function moves({ labelColumns, ...state }: AnnotationState, across: number, down: number): AnnotationCommand[] {
  const chosen = chosenId({ labelColumns, ...state });
  const at = labelColumns.findIndex(({ rows }) => rows.some(({ id }) => id === chosen));
  const here = labelColumns[at];
  if (!here) return choose(labelColumns.find(({ rows }) => rows.length > 0)?.rows[0]?.id);
  const place = here.rows.findIndex(({ id }) => id === chosen);
  if (across !== 0) return choose(beside(labelColumns, at, across, place));
  const next = here.rows[place + down];
  if (next) return choose(next.id);
  const from = here.from + down * here.rows.length;
  return from >= 0 && from < here.count ? [{ type: "scrollColumn", label: here.label, from }] : [];
}

function beside(columns: readonly AnnotationColumn[], at: number, across: number, place: number): number | undefined {
  for (let i = at + across; i >= 0 && i < columns.length; i += across) {
    const rows = columns[i]?.rows ?? [];
    if (rows.length > 0) return rows[Math.min(place, rows.length - 1)]?.id;
  }
  return undefined;
}

const choose = (id: number | undefined): AnnotationCommand[] => (id === undefined ? [] : [{ type: "choose", id }]);
