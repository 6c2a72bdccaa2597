/** The keys of `AnnotationUI`. */
import type { AnnotationCommand, AnnotationState } from "../../../kernel-lib/protocol/index.js";
import { browsingKeys, historyKeys, zoomKeys } from "../picture/browsing-keys.js";
import type { KeyBinding } from "../picture/key-bindings.js";
import { KEYED_LABELS } from "../picture/label-chip.js";
import type { ZoomControl } from "../picture/use-zoom.js";

export const MOUSE_NOTES = [
  "With the mouse: turn the wheel over the large picture to zoom, drag to move it, double-click to see all of it.",
  "A click on a label sets it alone; with Shift it is one of several.",
];

export function annotationKeys(
  state: AnnotationState,
  send: (command: AnnotationCommand) => void,
  control: { current: ZoomControl | undefined },
): KeyBinding[] {
  return [
    ...labelKeys(state, send),
    {
      keys: ["Delete", "Backspace"],
      shown: "Delete",
      help: "Take all labels away",
      run: () => send({ type: "unlabel" }),
    },
    {
      keys: ["a"],
      shown: "A",
      help: "Go on to the next picture after a label key, or not",
      run: () => send({ type: "autoAdvance" }),
    },
    ...historyKeys(send),
    ...browsingKeys(state, send),
    ...zoomKeys(control),
  ];
}

function labelKeys(state: AnnotationState, send: (command: AnnotationCommand) => void): KeyBinding[] {
  const keyed = state.labels.slice(0, KEYED_LABELS);
  const keys: KeyBinding[] = keyed.map((label, i) => ({
    keys: [`${i + 1}`],
    shown: `${i + 1}`,
    help: `Label as ${label}`,
    run: () => send({ type: "label", label }),
  }));
  const toggle = (key: string) => {
    const label = keyed[Number(key.slice(-1)) - 1];
    if (label !== undefined) send({ type: "label", label, toggle: true });
  };
  const shifted = keyed.map((_, i) => `Shift+${i + 1}`);
  const help = "Add the label to the others, or take it away";
  return [...keys, { keys: shifted, shown: "Shift 1 … 9", help, run: toggle }];
}
