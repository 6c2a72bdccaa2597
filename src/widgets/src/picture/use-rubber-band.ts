/** A rectangle drawn over a grid with the mouse takes the pictures that it touches. */
import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export type Band = {
  left: string;
  top: string;
  width: string;
  height: string;
};

type OnBand = (ids: readonly number[], add: boolean) => void;

/** A press that wanders less than this is a click, in CSS pixels. */
const SLACK = 8;

/** The rectangle while it is drawn, within the grid. */
export function useRubberBand(
  grid: { current: HTMLElement | null },
  onBand: OnBand | undefined,
): ReadonlySignal<Band | undefined> {
  const band = useSignal<Band | undefined>(undefined);
  useEffect(() => {
    const element = grid.current;
    if (!element || !onBand) return undefined;
    const gone = new AbortController();
    listen(element, gone.signal, (shape) => (band.value = shape), onBand);
    return () => gone.abort();
  }, [grid, onBand, band]);
  return band;
}

function listen(grid: HTMLElement, gone: AbortSignal, show: (band: Band | undefined) => void, onBand: OnBand): void {
  let start: { x: number; y: number; pointer: number } | undefined;
  let drawn: DOMRect | undefined;
  const down = (event: PointerEvent) => {
    const onControl = (event.target as Element).closest("select, button, input, a") !== null;
    // A finger scrolls.
    if (event.button !== 0 || onControl || event.pointerType === "touch") return;
    start = { x: event.clientX, y: event.clientY, pointer: event.pointerId };
    drawn = undefined;
  };
  const move = (event: PointerEvent) => {
    if (start?.pointer !== event.pointerId) return;
    const [width, height] = [Math.abs(event.clientX - start.x), Math.abs(event.clientY - start.y)];
    if (!drawn && Math.max(width, height) < SLACK) return;
    if (!drawn) grid.setPointerCapture(event.pointerId);
    drawn = new DOMRect(Math.min(start.x, event.clientX), Math.min(start.y, event.clientY), width, height);
    show(within(drawn, grid.getBoundingClientRect()));
  };
  const up = (event: PointerEvent) => {
    const shape = drawn;
    start = drawn = undefined;
    show(undefined);
    if (!shape) return;
    // The click that follows would choose one picture and give up the others.
    grid.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => grid.removeEventListener("click", swallow, { capture: true }));
    onBand(touched(grid, shape), event.ctrlKey || event.metaKey || event.shiftKey);
  };
  const cancel = () => {
    start = drawn = undefined;
    show(undefined);
  };
  grid.addEventListener("pointerdown", down, { signal: gone });
  grid.addEventListener("pointermove", move, { signal: gone });
  grid.addEventListener("pointerup", up, { signal: gone });
  grid.addEventListener("pointercancel", cancel, { signal: gone });
}

const swallow = (event: Event): void => event.stopPropagation();

const within = (shape: DOMRect, frame: DOMRect): Band => ({
  left: `${shape.x - frame.x}px`,
  top: `${shape.y - frame.y}px`,
  width: `${shape.width}px`,
  height: `${shape.height}px`,
});

function touched(grid: HTMLElement, shape: DOMRect): number[] {
  return [...grid.querySelectorAll<HTMLElement>("[data-picture]")].flatMap((cell) => {
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    const apart = right < shape.left || left > shape.right || bottom < shape.top || top > shape.bottom;
    return apart ? [] : [Number(cell.dataset["picture"])];
  });
}
