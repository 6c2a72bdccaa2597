/** The keys of `AnnotationUI` where boxes are drawn. What an arrow does depends on what is being done. */
import type { BoxesCommand, BoxesState } from "../../../kernel-lib/protocol/index.js";
import { historyKeys, zoomKeys } from "../picture/browsing-keys.js";
import { focusField, offControls, type KeyBinding } from "../picture/key-bindings.js";
import { KEYED_LABELS } from "../picture/label-chip.js";
import { markKeys } from "../picture/marks.js";
import type { Point } from "../picture/zoom.js";
import type { CanvasControl } from "./box-canvas.js";
import type { BoxEditor } from "./box-editor.js";

export const BOX_NOTES = [
  "With the mouse: drag to draw a box, also inside another; click a box to choose it, again for the one below it. The chosen box is " +
    "moved by dragging it and resized by its edges and handles; with Shift a drag always draws, with Alt it does not snap.",
  "Turn the wheel to zoom about the cursor; hold Space, or the middle button, to move the picture.",
];

export interface BoxKeyUse {
  state: BoxesState;
  editor: BoxEditor;
  send: (command: BoxesCommand) => void;
  control: { current: CanvasControl | undefined };
}

export function boxKeys(use: BoxKeyUse): KeyBinding[] {
  const { editor, control } = use;
  return [
    ...editingKeys({ labels: use.state.labels, editor, control }),
    ...suggestionKeys(use),
    ...markKeys(use.send),
    ...pictureKeys(use),
    ...historyKeys(use.send),
    ...zoomKeys(use.control),
  ];
}

/** What draws and changes boxes, wherever that is. */
export interface EditingKeyUse extends Pick<BoxKeyUse, "editor" | "control"> {
  labels: readonly string[];
}

export function editingKeys(use: EditingKeyUse): KeyBinding[] {
  return [...drawingKeys(use), ...labelKeys(use), ...chosenBoxKeys(use)];
}

const ARROWS: { [key: string]: Point | undefined } = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** The direction of "Shift+ArrowLeft", so many pixels far. */
function toward(key: string, pixels: number): Point {
  const { x, y } = ARROWS[key.replace(/^.*\+/, "")] ?? { x: 0, y: 0 };
  return { x: x * pixels, y: y * pixels };
}

const arrows = (modifier = "") => Object.keys(ARROWS).map((key) => `${modifier}${key}`);

/** Where the pictures are listed, arrows go through them. */
const offGrid = (event: KeyboardEvent) => (event.target as Element).closest('[role="grid"]') === null;

function drawingKeys({ editor, control }: EditingKeyUse): KeyBinding[] {
  const drawing = () => editor.cursor.value !== undefined;
  /** About forty steps across what is seen. */
  const step = () => Math.max(1, Math.round((control.current?.seen().width ?? 40) / 40));
  const move = (pixels: () => number) => (key: string) => editor.moveCursor(toward(key, pixels()));
  return [
    {
      id: "draw",
      keys: ["n"],
      shown: "N",
      help: "Draw a box by keys: arrows, then Enter at two corners",
      run: () => editor.startCursor(control.current?.seen().centre ?? { x: 0, y: 0 }),
    },
    { keys: arrows(), shown: "← →", help: "While drawing: move the cross", when: drawing, run: move(step) },
    {
      keys: arrows("Shift+"),
      shown: "Shift ←",
      help: "While drawing: in large steps",
      when: drawing,
      run: move(() => 5 * step()),
    },
    { keys: arrows("Mod+"), shown: "Ctrl ←", help: "While drawing: by one pixel", when: drawing, run: move(() => 1) },
    {
      keys: ["Enter", " "],
      shown: "Enter",
      help: "While drawing: set a corner",
      when: (event) => drawing() && offControls(event),
      run: () => editor.setCorner(),
    },
    {
      keys: ["Escape"],
      shown: "Esc",
      help: "Give up what was begun, then the choice of a box",
      when: () => editor.engaged,
      run: () => editor.escape(),
      local: true,
    },
  ];
}

function labelKeys({ labels, editor }: EditingKeyUse): KeyBinding[] {
  return labels.slice(0, KEYED_LABELS).map((label, i) => ({
    keys: [`${i + 1}`],
    shown: `${i + 1}`,
    help: `Label the chosen box, or the next one, as ${label}`,
    run: () => editor.relabel(label),
  }));
}

function chosenBoxKeys({ editor, control }: EditingKeyUse): KeyBinding[] {
  const when = (event: KeyboardEvent) => editor.chosen.value >= 0 && offGrid(event);
  const nudge = (pixels: number) => (key: string) => editor.nudge(toward(key, pixels));
  const stretch = (pixels: number) => (key: string) => editor.stretch(toward(key, pixels));
  const look = () => {
    const { xmin, ymin, xmax, ymax } = editor.chosenBox ?? { xmin: 0, ymin: 0, xmax: 0, ymax: 0 };
    control.current?.to({ x: xmin, y: ymin, width: xmax - xmin, height: ymax - ymin });
  };
  return [
    { id: "next box", keys: ["j"], shown: "J", help: "Choose the next box", run: () => editor.cycle(1) },
    { id: "previous box", keys: ["k"], shown: "K", help: "Choose the previous box", run: () => editor.cycle(-1) },
    { keys: arrows(), shown: "← →", help: "Move the chosen box by a pixel", when, run: nudge(1) },
    { keys: arrows("Shift+"), shown: "Shift ←", help: "Move the chosen box by ten", when, run: nudge(10) },
    { keys: arrows("Mod+"), shown: "Ctrl ←", help: "Resize the chosen box by a pixel", when, run: stretch(1) },
    {
      keys: arrows("Mod+Shift+"),
      shown: "Ctrl Shift ←",
      help: "Resize the chosen box by ten",
      when,
      run: stretch(10),
    },
    {
      id: "delete box",
      keys: ["Delete", "Backspace"],
      shown: "Delete",
      help: "Delete the chosen box",
      run: () => editor.remove(),
    },
    { id: "duplicate", keys: ["d"], shown: "D", help: "Duplicate the chosen box", run: () => editor.duplicate() },
    { id: "front", keys: ["r"], shown: "R", help: "Bring the box to the front", run: () => editor.order("front") },
    { id: "back", keys: ["l"], shown: "L", help: "Put the box behind the others", run: () => editor.order("back") },
    { id: "difficult", keys: ["x"], shown: "X", help: "Difficult, or not", run: () => editor.flag("difficult") },
    { id: "truncated", keys: ["t"], shown: "T", help: "Truncated, or not", run: () => editor.flag("truncated") },
    { id: "occluded", keys: ["o"], shown: "O", help: "Occluded, or not", run: () => editor.flag("occluded") },
    { id: "zoom to box", keys: ["z"], shown: "Z", help: "Zoom to the chosen box", run: look, local: true },
  ];
}

function suggestionKeys({ state, editor, send }: BoxKeyUse): KeyBinding[] {
  const { row } = editor;
  if (!state.model || !row) return [];
  const { id } = row;
  return [
    {
      id: "accept",
      keys: ["Enter"],
      shown: "Enter",
      help: "Accept the surest suggestion",
      when: offControls,
      run: () => send({ type: "acceptBox", id }),
    },
    {
      id: "accept all",
      keys: ["Shift+Enter"],
      shown: "Shift Enter",
      help: "Accept all suggestions over the threshold, in every picture listed",
      run: () => send({ type: "acceptBoxes" }),
    },
    {
      id: "reject",
      keys: ["q"],
      shown: "Q",
      help: "Reject the surest suggestion",
      run: () => send({ type: "rejectBox", id }),
    },
  ];
}

function pictureKeys({ state, editor, send }: BoxKeyUse): KeyBinding[] {
  const { row } = editor;
  const move = (by: number) => () => send({ type: "move", by });
  const toggle = (flag: { value: boolean }) => () => (flag.value = !flag.value);
  return [
    {
      id: "copy previous",
      keys: ["c"],
      shown: "C",
      help: "Copy the boxes of the previous picture",
      run: () => row && send({ type: "copyBoxes", id: row.id }),
    },
    { id: "next", keys: ["PageDown", "."], shown: "Page ↓", help: "Next picture", run: move(1) },
    { id: "previous", keys: ["PageUp", ","], shown: "Page ↑", help: "Previous picture", run: move(-1) },
    { keys: ["ArrowRight", "ArrowDown"], shown: "→", help: "Next picture, where no box is chosen", run: move(1) },
    { keys: ["ArrowLeft", "ArrowUp"], shown: "←", help: "Previous picture, where no box is chosen", run: move(-1) },
    { keys: ["Home"], shown: "Home", help: "First picture", run: () => send({ type: "select", position: 0 }) },
    {
      keys: ["End"],
      shown: "End",
      help: "Last picture",
      run: () => send({ type: "select", position: state.matching - 1 }),
    },
    {
      id: "new label",
      keys: ["a"],
      shown: "A",
      help: "Type a label, old or new",
      run: focusField(".vt-new-label input"),
    },
    { id: "search", keys: ["/"], shown: "/", help: "Search by name", run: focusField(".vt-search") },
    {
      id: "hide",
      keys: ["h"],
      shown: "H",
      help: "Hide the boxes, or show them",
      run: toggle(editor.hidden),
      local: true,
    },
    { id: "snap", keys: ["s"], shown: "S", help: "Snap to the picture's edges, or not", run: toggle(editor.snap) },
    {
      id: "hand",
      keys: ["g"],
      shown: "G",
      help: "Grab the picture: drags move it",
      run: toggle(editor.hand),
      local: true,
    },
  ];
}
