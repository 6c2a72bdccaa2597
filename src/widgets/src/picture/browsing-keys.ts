/** The keys that every gallery has: through the pictures, and into one. */
import { pageCount, type BrowsingCommand, type BrowsingState } from "../../../kernel-lib/protocol/index.js";
import type { KeyBinding } from "./key-bindings.js";
import type { ZoomControl } from "./use-zoom.js";

export function browsingKeys(browsing: BrowsingState, send: (command: BrowsingCommand) => void): KeyBinding[] {
  const { columns, rows, matching } = browsing;
  const move = (by: number) => () => send({ type: "move", by });
  const page = columns * rows;
  return [
    { keys: ["ArrowRight"], shown: "→", help: "Next picture", run: move(1) },
    { keys: ["ArrowLeft"], shown: "←", help: "Previous picture", run: move(-1) },
    { keys: ["ArrowDown"], shown: "↓", help: "Picture below", run: move(columns) },
    { keys: ["ArrowUp"], shown: "↑", help: "Picture above", run: move(-columns) },
    { keys: ["PageDown"], shown: "Page ↓", help: "Next page", run: move(page) },
    { keys: ["PageUp"], shown: "Page ↑", help: "Previous page", run: move(-page) },
    { keys: ["Home"], shown: "Home", help: "First picture", run: () => send({ type: "select", position: 0 }) },
    {
      keys: ["End"],
      shown: "End",
      help: `Last picture (${pageCount(browsing)} pages)`,
      run: () => send({ type: "select", position: matching - 1 }),
    },
  ];
}

/** How far a key moves a zoomed picture, in CSS pixels. */
const STEP = 60;

export function zoomKeys(control: { current: ZoomControl | undefined }): KeyBinding[] {
  const local = true;
  const pan = (x: number, y: number) => () => control.current?.move({ x: x * STEP, y: y * STEP });
  return [
    { keys: ["+", "="], shown: "+", help: "Zoom in", run: () => control.current?.by(1.5), local },
    { keys: ["-", "_"], shown: "-", help: "Zoom out", run: () => control.current?.by(1 / 1.5), local },
    { keys: ["0"], shown: "0", help: "Whole picture", run: () => control.current?.fit(), local },
    { keys: ["Shift+ArrowLeft"], shown: "Shift ←", help: "Look further left", run: pan(1, 0), local },
    { keys: ["Shift+ArrowRight"], shown: "Shift →", help: "Look further right", run: pan(-1, 0), local },
    { keys: ["Shift+ArrowUp"], shown: "Shift ↑", help: "Look further up", run: pan(0, 1), local },
    { keys: ["Shift+ArrowDown"], shown: "Shift ↓", help: "Look further down", run: pan(0, -1), local },
  ];
}

export function historyKeys(send: (command: { type: "undo" } | { type: "redo" }) => void): KeyBinding[] {
  return [
    { keys: ["Mod+z"], shown: "Ctrl Z", help: "Undo", run: () => send({ type: "undo" }) },
    {
      keys: ["Mod+Shift+z", "Mod+y"],
      shown: "Ctrl Y",
      help: "Redo (also Ctrl Shift Z)",
      run: () => send({ type: "redo" }),
    },
  ];
}
