/** The keys of `AnnotationUI`. */
import {
  ANNOTATION_VIEWS,
  type AnnotationCommand,
  type AnnotationFilter,
  type AnnotationState,
} from "../../../kernel-lib/protocol/index.js";
import { browsingKeys, historyKeys, zoomKeys } from "../picture/browsing-keys.js";
import { focusField, offControls, type KeyBinding } from "../picture/key-bindings.js";
import { KEYED_LABELS } from "../picture/label-chip.js";
import { markKeys } from "../picture/marks.js";
import type { ZoomControl } from "../picture/use-zoom.js";
import { columnKeys } from "./column-keys.js";

export const MOUSE_NOTES = [
  "With the mouse: turn the wheel over the large picture to zoom, drag to move it, double-click to see all of it.",
  "A click on a label sets it alone; with Shift it is one of several.",
  "Ctrl and a click, or Shift and a click, or a rectangle drawn over the pictures, select several: the next label is for all of them.",
];

type Send = (command: AnnotationCommand) => void;

export interface AnnotationKeyUse {
  state: AnnotationState;
  send: Send;
  control: { current: ZoomControl | undefined };
  /** How many pictures stand side by side where it is not the grid's own number. */
  across: number;
}

export function annotationKeys({ state, send, control, across }: AnnotationKeyUse): KeyBinding[] {
  const zoomed = () => (control.current?.zoom.peek().scale ?? 1) > 1;
  return [
    ...labelKeys(state, send),
    {
      id: "unlabel",
      keys: ["Delete", "Backspace"],
      shown: "Delete",
      help: "Take all labels away",
      run: () => send({ type: "unlabel" }),
    },
    {
      id: "new label",
      keys: ["n"],
      shown: "N",
      help: "Type a label, old or new",
      run: focusField(".vt-new-label input"),
    },
    {
      id: "auto advance",
      keys: ["a"],
      shown: "A",
      help: "Go on to the next picture after a label key, or not",
      run: () => send({ type: "autoAdvance" }),
    },
    ...markKeys(send),
    ...modelKeys(state, send),
    ...selectionKeys(state, send, across, zoomed),
    ...filterKeys(state, send),
    ...historyKeys(send),
    ...(state.view === "columns" ? columnKeys(across, send) : []),
    ...browsingKeys({ ...state, columns: across }, send),
    ...zoomKeys(control),
  ];
}

function labelKeys(state: AnnotationState, send: Send): KeyBinding[] {
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

function modelKeys({ model }: AnnotationState, send: Send): KeyBinding[] {
  if (model.phase === "none") return [];
  const busy = model.phase === "scoring" || model.phase === "training";
  return [
    {
      id: "accept",
      keys: ["Enter"],
      shown: "Enter",
      help: "Accept the model's label",
      when: offControls,
      run: () => send({ type: "accept" }),
    },
    { id: "reject", keys: ["q"], shown: "Q", help: "Reject the model's label", run: () => send({ type: "reject" }) },
    {
      id: "accept all",
      keys: ["Shift+Enter"],
      shown: "Shift Enter",
      help: "Accept all that the model is sure of",
      when: offControls,
      run: () => send({ type: "acceptAll" }),
    },
    {
      id: "train",
      keys: ["t"],
      shown: "T",
      help: "Train the model on the labels as they are, or stop it",
      run: () => send({ type: busy ? "stopTraining" : "train" }),
    },
  ];
}

function selectionKeys(state: AnnotationState, send: Send, across: number, zoomed: () => boolean): KeyBinding[] {
  const steps: { [key: string]: number | undefined } = {
    "Shift+ArrowRight": 1,
    "Shift+ArrowLeft": -1,
    "Shift+ArrowDown": across,
    "Shift+ArrowUp": -across,
  };
  const extend = (key: string) => send({ type: "pickBy", by: steps[key] ?? 0, how: "range" });
  return [
    {
      id: "select one",
      keys: [" "],
      shown: "Space",
      help: "Select the picture, or not: the next label is for all that are selected",
      when: offControls,
      run: () => send({ type: "pickBy", by: 0, how: "toggle" }),
    },
    {
      keys: Object.keys(steps),
      shown: "Shift ←",
      help: "Select up to here, where the picture is not zoomed",
      when: () => !zoomed() && state.view !== "columns",
      run: extend,
    },
    {
      id: "select all",
      keys: ["Mod+a"],
      shown: "Ctrl A",
      help: "Select all listed",
      run: () => send({ type: "pickAll" }),
    },
    {
      keys: ["Escape"],
      shown: "Esc",
      help: "Select nothing; then back to the pictures",
      when: () => state.selected > 0,
      run: () => send({ type: "pickNone" }),
    },
  ];
}

function filterKeys(state: AnnotationState, send: Send): KeyBinding[] {
  const { filter, view, model, order } = state;
  const apply = (change: Partial<AnnotationFilter>) => () => send({ type: "filter", filter: change });
  const after = <T>(all: readonly T[], now: T): T | undefined => all[(all.indexOf(now) + 1) % all.length];
  return [
    { id: "search", keys: ["/"], shown: "/", help: "Search by name", run: focusField(".vt-search") },
    {
      id: "unlabelled only",
      keys: ["l"],
      shown: "L",
      help: "Only pictures without a label, or all",
      run: apply({ unlabelled: !filter.unlabelled, label: null, disagrees: false, mark: null }),
    },
    {
      id: "changed only",
      keys: ["c"],
      shown: "C",
      help: "Only what was changed, or all",
      run: apply({ changed: !filter.changed }),
    },
    {
      id: "disagreements only",
      keys: ["d"],
      shown: "D",
      help: "Only where the model disagrees, or all",
      run: apply({ disagrees: !filter.disagrees, label: null, unlabelled: false, mark: null }),
    },
    { id: "refresh", keys: ["r"], shown: "R", help: "Apply the filter again", run: apply({}) },
    {
      id: "next view",
      keys: ["v"],
      shown: "V",
      help: "The next view: pages, wall, columns",
      run: () => send({ type: "view", view: after(ANNOTATION_VIEWS, view) ?? "grid" }),
    },
    {
      id: "next order",
      keys: ["o"],
      shown: "O",
      help: "The next order",
      run: () => send({ type: "order", order: after(model.orders, order) ?? "index" }),
    },
  ];
}
