/** All pictures on one wall that scrolls: only what is in sight is on the page, whatever there is. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import {
  pictureSide,
  type AnnotationCommand,
  type AnnotationEvent,
  type AnnotationRow,
  type AnnotationState,
} from "../../../kernel-lib/protocol/index.js";
import { useLive } from "../base/frame.js";
import type { WidgetPort } from "../base/port.js";
import { labelColour } from "../picture/label-colours.js";
import type { PictureStore } from "../picture/picture-store.js";
import { useKeptFocus } from "../picture/use-kept-focus.js";
import { useRubberBand } from "../picture/use-rubber-band.js";
import { useSize } from "../picture/use-size.js";
import { CellBadges } from "./cell-badges.js";
import { useRows } from "./use-rows.js";

export interface WallProps {
  port: WidgetPort<AnnotationState, AnnotationCommand, AnnotationEvent>;
  state: AnnotationState;
  store: PictureStore;
  /** How many pictures stand side by side: what an arrow down moves by. */
  columns: { value: number };
  describe: (row: AnnotationRow) => string;
  onSelect: (position: number, event: MouseEvent) => void;
  onBand: (ids: readonly number[], add: boolean) => void;
}

/** In CSS pixels. */
const NARROWEST = 116;
const CAPTION = 26;
const GAP = 8;
/** Lines above and below what is seen. */
const SPARE = 1;
const MOST_CELLS = 190;

export function Wall({ port, state, store, columns, describe, onSelect, onBand }: WallProps) {
  const { element, size } = useSize<HTMLDivElement>();
  const { width, height } = size.value;
  const across = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const line = Math.max(1, (width - GAP * (across - 1)) / across) + CAPTION + GAP;
  const top = useSignal(0);
  const first = Math.max(0, Math.floor(top.value / line) - SPARE);
  const lines = Math.min(Math.ceil(height / line) + 2 * SPARE + 1, Math.floor(MOST_CELLS / across));
  const from = first * across;
  const count = width > 0 ? Math.max(0, Math.min(state.matching - from, lines * across)) : 0;
  const rows = useRows(port, from, count, state.revision).value;
  const side = pictureSide((width / across) * devicePixelRatio);
  const ids = Array.from({ length: count }, (_, i) => rows.get(from + i)?.id ?? -1).filter((id) => id >= 0);
  const live = useLive().value;
  useEffect(() => {
    if (live && width > 0) store.want("wall", ids, side);
  }, [store, live, side, width > 0, ids.join()]);
  useEffect(() => void (columns.value = across), [columns, across]);
  useScrolling(element, top, line);
  useChosenInSight(element, state.position, across, line);
  useKeptFocus(element);
  const band = useRubberBand(element, live ? onBand : undefined);
  const total = Math.ceil(state.matching / across);
  return (
    <div
      class="vt-wall"
      ref={element}
      role="grid"
      aria-label={`Pictures of ${state.dataset}`}
      aria-rowcount={total}
      aria-colcount={across}
      aria-multiselectable
    >
      <div class="vt-wall-all" role="presentation" style={{ height: `${Math.max(0, total * line - GAP)}px` }}>
        {Array.from({ length: Math.ceil(count / across) }, (_, i) => first + i).map((number) => (
          <div
            key={number}
            class="vt-wall-line"
            role="row"
            aria-rowindex={number + 1}
            style={{
              transform: `translateY(${number * line}px)`,
              gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(across, state.matching - number * across) }, (_, column) => (
              <WallCell
                key={column}
                {...{ state, store, side, describe, onSelect }}
                position={number * across + column}
                row={rows.get(number * across + column)}
              />
            ))}
          </div>
        ))}
      </div>
      {band.value && <div class="vt-band vt-band-fixed" aria-hidden="true" style={band.value} />}
    </div>
  );
}

interface WallCellProps extends Pick<WallProps, "state" | "store" | "describe" | "onSelect"> {
  row: AnnotationRow | undefined;
  position: number;
  side: number;
}

function WallCell({ row, position, side, state, store, describe, onSelect }: WallCellProps) {
  const chosen = position === state.position;
  const url = row && store.best(row.id, side);
  return (
    <div
      class="vt-cell vt-wall-cell"
      role="gridcell"
      data-picture={row?.id}
      data-position={position}
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen || (row?.selected ?? false)}
      aria-current={chosen ? "true" : undefined}
      data-selected={row?.selected === true || undefined}
      style={{ "--vt-label": labelColour(state.labels, row?.labels[0]) }}
      onClick={(event) => onSelect(position, event)}
    >
      <span class="vt-cell-summary vt-visually-hidden">
        {row ? `${describe(row)}, ${position + 1} of ${state.matching}` : `${position + 1} of ${state.matching}`}
      </span>
      <div class="vt-cell-picture" aria-hidden="true">
        {url && <img src={url} alt="" draggable={false} decoding="async" />}
        {row && <CellBadges row={row} />}
      </div>
      <span class="vt-wall-label" aria-hidden="true">
        {row ? row.labels.join(", ") || "no label" : ""}
      </span>
    </div>
  );
}

/** Follows the scroll once a frame, and only where other lines come into sight. */
function useScrolling(
  element: { current: HTMLElement | null },
  top: { value: number; peek(): number },
  line: number,
): void {
  useEffect(() => {
    const wall = element.current;
    if (!wall) return undefined;
    let frame = 0;
    const follow = () => {
      frame = 0;
      if (Math.floor(wall.scrollTop / line) !== Math.floor(top.peek() / line)) top.value = wall.scrollTop;
    };
    const scrolled = () => {
      frame ||= requestAnimationFrame(follow);
    };
    wall.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      wall.removeEventListener("scroll", scrolled);
      cancelAnimationFrame(frame);
    };
  }, [element, top, line]);
}

/** Where the keys choose a picture that is out of sight, the wall comes along. */
function useChosenInSight(
  element: { current: HTMLElement | null },
  position: number,
  across: number,
  line: number,
): void {
  const before = useRef(-1);
  useLayoutEffect(() => {
    const wall = element.current;
    // The height last: asking for it makes the page lay out what has changed.
    if (!wall || position < 0 || before.current === position || wall.clientHeight === 0) return;
    before.current = position;
    const top = Math.floor(position / across) * line;
    if (top < wall.scrollTop) wall.scrollTop = top;
    else if (top + line > wall.scrollTop + wall.clientHeight) wall.scrollTop = top + line - wall.clientHeight;
  });
}
