/**
 * A page of pictures as a grid (ARIA's grid pattern): one stop for the Tab key, and the chosen cell has the focus as the keys
 * move on. The keys themselves belong to the widget, they work everywhere in it.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";

import { pageOf, pictureSide, type BrowsingState, type PictureRow } from "../../../kernel-lib/protocol/index.js";
import { useLive } from "../base/frame.js";
import type { PictureStore } from "./picture-store.js";
import { useRubberBand } from "./use-rubber-band.js";
import { useSize } from "./use-size.js";

export interface PictureGridProps<R extends PictureRow> {
  store: PictureStore;
  browsing: BrowsingState;
  page: readonly R[];
  label: string;
  onSelect: (position: number, event: MouseEvent) => void;
  /** One of several that are selected beside the chosen one. */
  isSelected?: (row: R) => boolean;
  /** Pictures over which a rubber band was drawn. */
  onBand?: (ids: readonly number[], add: boolean) => void;
  /** A cell's name for screen readers. */
  describe: (row: R) => string;
  /** What stands below a picture. */
  caption: (row: R, chosen: boolean) => ComponentChildren;
  /** What lies over a corner of a picture. */
  badge?: (row: R) => ComponentChildren;
}

export function PictureGrid<R extends PictureRow>(props: PictureGridProps<R>) {
  const { store, browsing, page } = props;
  const { columns, position } = browsing;
  const { element, size } = useSize<HTMLDivElement>();
  const side = pictureSide((size.value.width / columns) * devicePixelRatio);
  const live = useLive().value;
  const visible = size.value.width > 0;
  const ids = page.map(({ id }) => id);
  useEffect(() => {
    if (live && visible) store.want("grid", ids, side);
  }, [store, live, visible, side, ids.join()]);
  useFocusOnChosen(element, position);
  const band = useRubberBand(element, live ? props.onBand : undefined);
  const start = pageOf(browsing) * columns * browsing.rows;
  const lines = Array.from({ length: Math.ceil(page.length / columns) }, (_, line) => line * columns);
  return (
    <div
      class="vt-grid"
      role="grid"
      ref={element}
      aria-label={props.label}
      aria-multiselectable={props.isSelected ? true : undefined}
      aria-rowcount={Math.ceil(browsing.matching / columns)}
      aria-colcount={columns}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {lines.map((first) => (
        <div class="vt-grid-row" role="row" key={first} aria-rowindex={(start + first) / columns + 1}>
          {page.slice(first, first + columns).map((row, column) => (
            // By place, not by picture: the element that has the focus must outlive a turn of the page.
            <Cell key={column} {...props} row={row} position={start + first + column} side={side} />
          ))}
        </div>
      ))}
      {band.value && <div class="vt-band" aria-hidden="true" style={band.value} />}
    </div>
  );
}

interface CellProps<R extends PictureRow> extends PictureGridProps<R> {
  row: R;
  position: number;
  side: number;
}

function Cell<R extends PictureRow>({ row, position, side, store, browsing, ...props }: CellProps<R>) {
  const chosen = position === browsing.position;
  const url = store.best(row.id, side);
  const failure = store.failure(row.id);
  const selected = props.isSelected?.(row) ?? false;
  return (
    <div
      class="vt-cell"
      role="gridcell"
      data-picture={row.id}
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen || selected}
      aria-current={chosen ? "true" : undefined}
      data-selected={selected || undefined}
      onClick={(event) => props.onSelect(position, event)}
    >
      <span class="vt-cell-summary vt-visually-hidden">
        {`${props.describe(row)}, ${position + 1} of ${browsing.matching}${selected ? ", selected" : ""}`}
      </span>
      <div class="vt-cell-picture" aria-hidden="true">
        {failure === undefined && url && <img src={url} alt="" draggable={false} />}
        {failure !== undefined && <span class="vt-cell-failure">{failure}</span>}
        {props.badge?.(row)}
      </div>
      {props.caption(row, chosen)}
    </div>
  );
}

/** Takes the focus along from cell to cell; it is not taken from anything else. */
function useFocusOnChosen(grid: { current: HTMLElement | null }, position: number): void {
  // Looked at before the page changes: the cell that has the focus may not be on the next one.
  const focused = grid.current?.ownerDocument.activeElement;
  const within = focused?.getAttribute("role") === "gridcell" && grid.current?.contains(focused);
  useLayoutEffect(() => {
    if (within && grid.current) focusChosen(grid.current);
  }, [grid, position]);
}

/** Puts the focus where the keys are the pictures': on what is drawn on, else on the chosen cell. */
export function leaveField(field: Element): void {
  const gallery = field.closest<HTMLElement>(".vt-gallery");
  const canvas = gallery?.querySelector<HTMLElement>(".vt-canvas");
  if (canvas) canvas.focus({ preventScroll: true });
  else if (gallery) focusChosen(gallery);
}

/** Puts the focus on the chosen cell: of a grid, a wall or columns. */
export function focusChosen(within: HTMLElement): void {
  within.querySelector<HTMLElement>('.vt-cell[aria-current="true"]')?.focus({ preventScroll: true });
}
