/** Zoom by wheel and by drag, for the element that shows a picture. The wheel's page scroll is left alone where it was one. */
import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { FIT, pan, zoomAbout, zoomTo, type Point, type Size, type Zoom } from "./zoom.js";

export interface ZoomControl {
  readonly zoom: Signal<Zoom>;
  /** About the middle of what is seen. */
  by: (factor: number) => void;
  move: (by: Point) => void;
  fit: () => void;
  /** To a part of the picture, in its own pixels. */
  to: (part: Size & Point) => void;
}

/** Whether this press begins to move the picture; by default one of the main button does. */
export type MovesPicture = (event: PointerEvent) => boolean;

/** A wheel that turns on within this time belongs to the same scroll, in milliseconds. */
const SAME_SCROLL = 300;

export function useZoom(
  element: { current: HTMLElement | null },
  picture: Size,
  box: Size,
  subject: number,
  moves: MovesPicture = byMainButton,
): ZoomControl {
  const zoom = useMemo(() => signal(FIT), []);
  // Another picture begins whole.
  useMemo(() => (zoom.value = FIT), [zoom, subject]);
  const control = useMemo(
    () => ({
      zoom,
      by: (factor: number) => (zoom.value = zoomAbout(zoom.peek(), factor, { x: 0, y: 0 }, picture, box)),
      move: (by: Point) => (zoom.value = pan(zoom.peek(), by, picture, box)),
      fit: () => (zoom.value = FIT),
      to: (part: Size & Point) => (zoom.value = zoomTo(part, picture, box)),
    }),
    [zoom, picture.width, picture.height, box.width, box.height],
  );
  useEffect(() => {
    if (!element.current) return undefined;
    const gone = new AbortController();
    listenToWheel(element.current, gone.signal, (factor, at) => {
      const before = zoom.peek();
      zoom.value = zoomAbout(before, factor, at, picture, box);
      return zoom.peek().scale !== before.scale;
    });
    listenToDrag(element.current, gone.signal, moves, control.move);
    return () => gone.abort();
  }, [element, control, zoom, moves]);
  return control;
}

/** Tells the factor and the cursor's place from the centre; `apply` says whether anything changed. */
function listenToWheel(element: HTMLElement, gone: AbortSignal, apply: (factor: number, at: Point) => boolean): void {
  let scrolledAt = -Infinity;
  const passing = (event: WheelEvent) => {
    if (!element.contains(event.target as Node)) scrolledAt = event.timeStamp;
  };
  element.ownerDocument.addEventListener("wheel", passing, { passive: true, capture: true, signal: gone });
  const turn = (event: WheelEvent) => {
    // Someone who scrolls through the notebook, over the picture, wants to go on scrolling.
    if (event.timeStamp - scrolledAt < SAME_SCROLL) {
      scrolledAt = event.timeStamp;
      return;
    }
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = { x: event.clientX - left - width / 2, y: event.clientY - top - height / 2 };
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) / 400);
    // At either end the page scrolls on.
    if (apply(factor, at)) event.preventDefault();
  };
  element.addEventListener("wheel", turn, { passive: false, signal: gone });
}

const byMainButton: MovesPicture = ({ button }) => button === 0;

function listenToDrag(element: HTMLElement, gone: AbortSignal, moves: MovesPicture, move: (by: Point) => void): void {
  let moving: number | undefined;
  const drag = (event: PointerEvent) => {
    if (moving === event.pointerId && element.hasPointerCapture(event.pointerId)) {
      move({ x: event.movementX, y: event.movementY });
    }
  };
  const begin = (event: PointerEvent) => {
    const onPicture = !(event.target as Element).closest("button");
    if (!onPicture || !moves(event)) return;
    moving = event.pointerId;
    element.setPointerCapture(event.pointerId);
  };
  element.addEventListener("pointerdown", begin, { signal: gone });
  element.addEventListener("pointermove", drag, { signal: gone });
}
