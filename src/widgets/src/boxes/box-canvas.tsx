/** The picture on which boxes are drawn: pointer and wheel come in here, and leave as places in the picture. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { useLive } from "../base/frame.js";
import { BoxOverlay, type OverlayBox } from "../picture/box-overlay.js";
import { labelColour } from "../picture/label-colours.js";
import type { PictureStore } from "../picture/picture-store.js";
import { useSize } from "../picture/use-size.js";
import { useZoom, type MovesPicture, type ZoomControl } from "../picture/use-zoom.js";
import { fitted, toPicture, viewOf, type PictureView, type Point } from "../picture/zoom.js";
import { pictureStyle, useLargePicture, ZoomTools } from "../picture/zoom-view.js";
import type { Grip } from "./box-draft.js";
import type { BoxEditor, EditedPicture } from "./box-editor.js";
import { CursorCross, DraftSize, Handles } from "./box-marks.js";
import { Magnifier } from "./magnifier.js";

export interface CanvasControl extends ZoomControl {
  /** The middle of what is seen, and how wide that is, in pixels of the picture. */
  seen: () => { centre: Point; width: number };
}

export interface BoxCanvasProps {
  store: PictureStore;
  labels: readonly string[];
  row: EditedPicture;
  editor: BoxEditor;
  /** Lies under the boxes: what a model sees, say. */
  beneath: readonly OverlayBox[];
  /** How a box looks, where not by its label. */
  lookOf?: (index: number) => Pick<OverlayBox, "text" | "colour"> | undefined;
  control: { current: CanvasControl | undefined };
  element: { current: HTMLDivElement | null };
}

/** How near a handle a press must be, in CSS pixels. */
const REACH = 9;

export function BoxCanvas(props: BoxCanvasProps) {
  const { store, labels, row, editor, control, element } = props;
  const { element: frame, size } = useSize<HTMLDivElement>();
  const space = useRef(false);
  const grip = useSignal<Grip | "hand">("new");
  const moves = useMemo<MovesPicture>(
    () => (event) => event.button === 1 || (event.button === 0 && (editor.hand.peek() || space.current)),
    [editor],
  );
  const zoom = useZoom(frame, row, size.value, row.id, moves);
  const view = viewOf(row, size.value, zoom.zoom.value);
  const fit = fitted(row, size.value);
  const side = useLargePicture(store, row, fit, zoom.zoom.value.scale);
  const live = useLive().value;
  useLayoutEffect(() => {
    element.current = frame.current;
    control.current = { ...zoom, seen: () => seenOf(view) };
  });
  usePointer({ frame, view, editor, moves, live, grip });
  const url = store.best(row.id, side);
  const failure = store.failure(row.id);
  const { draft, cursor } = { draft: editor.draft.value, cursor: editor.cursor.value };
  const label = editor.chosenBox?.label ?? editor.nextLabel;
  const colour = labelColour(labels, label);
  return (
    <div
      class="vt-zoom vt-canvas"
      ref={frame}
      tabIndex={0}
      role="application"
      aria-roledescription="picture with boxes"
      aria-label={`${row.name}, ${row.width} × ${row.height} pixels, ${countText(row.boxes.length)}`}
      data-grip={editor.hand.value ? "hand" : grip.value}
      onKeyDown={(event) => event.key === " " && !editor.cursor.value && holdSpace(event, space)}
      onKeyUp={(event) => event.key === " " && (space.current = false)}
      onBlur={() => (space.current = false)}
    >
      {failure !== undefined && <p class="vt-zoom-failure">{failure}</p>}
      {failure === undefined && url && (
        <img src={url} alt="" style={pictureStyle(fit, zoom.zoom.value, view.factor)} draggable={false} />
      )}
      {fit.width > 0 && !editor.hidden.value && (
        <BoxOverlay view={view} boxes={overlayBoxes(props)}>
          <Handles view={view} editor={editor} />
        </BoxOverlay>
      )}
      {fit.width > 0 && cursor && <CursorCross view={view} at={cursor.at} />}
      {draft && <DraftSize view={view} shape={draft.shape} />}
      {(cursor ?? (draft && draft.grip !== "move" ? draft : undefined)) && (
        <Magnifier
          {...{ store, row, view, colour }}
          at={cursor?.at ?? draft?.at ?? { x: 0, y: 0 }}
          shape={draft?.shape}
        />
      )}
      <ZoomTools control={zoom} perPixel={view.factor} />
    </div>
  );
}

export const countText = (count: number): string => (count === 1 ? "1 box" : `${count} boxes`);

function holdSpace(event: KeyboardEvent, space: { current: boolean }): void {
  // Else the page scrolls.
  event.preventDefault();
  space.current = true;
}

function overlayBoxes({ labels, editor, beneath, lookOf }: BoxCanvasProps): OverlayBox[] {
  const chosen = editor.chosen.value;
  const boxes = editor.boxes.value.map((box, index) => ({
    ...box,
    text: box.label,
    colour: labelColour(labels, box.label),
    ...lookOf?.(index),
    chosen: index === chosen || undefined,
  }));
  return [...beneath, ...boxes];
}

function seenOf(view: PictureView) {
  const centre = toPicture(view, { x: view.frame.width / 2, y: view.frame.height / 2 });
  return { centre, width: Math.min(view.picture.width, view.frame.width / Math.max(view.factor, Number.MIN_VALUE)) };
}

interface PointerUse {
  frame: { current: HTMLDivElement | null };
  view: PictureView;
  editor: BoxEditor;
  moves: MovesPicture;
  live: boolean;
  grip: { value: Grip | "hand" };
}

function usePointer({ frame, view, editor, moves, live, grip }: PointerUse): void {
  // The listeners stay, what they look at changes with every picture and zoom.
  const now = useRef({ view, live });
  now.current = { view, live };
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const gone = new AbortController();
    const placeOf = (event: PointerEvent): Point => {
      const { left, top } = element.getBoundingClientRect();
      return toPicture(now.current.view, {
        x: event.clientX - left - element.clientLeft,
        y: event.clientY - top - element.clientTop,
      });
    };
    const pressOf = (event: PointerEvent) => ({
      at: placeOf(event),
      reach: REACH / Math.max(now.current.view.factor, Number.MIN_VALUE),
      fresh: event.shiftKey || editor.cursor.peek() !== undefined,
    });
    let drawing: number | undefined;
    const down = (event: PointerEvent) => {
      const elsewhere = (event.target as Element).closest("button") !== null;
      if (elsewhere || moves(event) || event.button !== 0 || !now.current.live) return;
      drawing = event.pointerId;
      element.setPointerCapture(event.pointerId);
      editor.press(pressOf(event));
    };
    const move = (event: PointerEvent) => {
      if (drawing === event.pointerId) editor.drag(placeOf(event), event.altKey);
      else grip.value = editor.gripAt(pressOf(event));
    };
    const up = (event: PointerEvent) => {
      if (drawing !== event.pointerId) return;
      drawing = undefined;
      editor.release();
    };
    const cancel = (event: PointerEvent) => {
      if (drawing === event.pointerId) editor.escape();
      drawing = undefined;
    };
    const { signal } = gone;
    element.addEventListener("pointerdown", down, { signal });
    element.addEventListener("pointermove", move, { signal });
    element.addEventListener("pointerup", up, { signal });
    element.addEventListener("pointercancel", cancel, { signal });
    return () => gone.abort();
  }, [frame, editor, moves, grip]);
}
