/** A column a label: a picture that is dragged into another column gets its label. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import {
  pictureSide,
  type AnnotationColumn,
  type AnnotationCommand,
  type AnnotationRow,
  type AnnotationState,
} from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import { labelColour } from "../picture/label-colours.js";
import type { PictureStore } from "../picture/picture-store.js";
import { useKeptFocus } from "../picture/use-kept-focus.js";
import { useSize } from "../picture/use-size.js";
import { CellBadges } from "./cell-badges.js";

export interface LabelColumnsProps {
  state: AnnotationState;
  store: PictureStore;
  /** How many pictures lie side by side in a column: what an arrow down moves by. */
  columns: { value: number };
  describe: (row: AnnotationRow) => string;
  send: (command: AnnotationCommand) => void;
}

/** What is dragged, for this widget alone. */
const DRAGGED = "application/x-vitrine-pictures";
/** A column's width in CSS pixels. */
const WIDTH = 150;

export function LabelColumns({ state, store, columns, describe, send }: LabelColumnsProps) {
  const live = useLive().value;
  const { element, size } = useSize<HTMLDivElement>();
  const { width } = size.value;
  useEffect(() => {
    const cells = element.current?.querySelector(".vt-column-cells");
    if (cells) columns.value = getComputedStyle(cells).gridTemplateColumns.split(" ").length;
  }, [element, columns, width, state.labelColumns.length]);
  useKeptFocus(element);
  const ids = [...new Set(state.labelColumns.flatMap(({ rows }) => rows.map(({ id }) => id)))];
  const side = pictureSide(WIDTH * devicePixelRatio);
  useEffect(() => {
    if (live) store.want("columns", ids, side);
  }, [store, live, side, ids.join()]);
  const chosen = chosenId(state);
  // One stop for the Tab key, also where the chosen picture is out of sight.
  const stop = chosen !== undefined && ids.includes(chosen) ? chosen : ids[0];
  return (
    <div class="vt-columns" ref={element}>
      {state.labelColumns.map((column) => (
        <Column key={column.label ?? ""} {...{ state, store, columns, describe, send, column, side, chosen, stop }} />
      ))}
    </div>
  );
}

interface ColumnProps extends LabelColumnsProps {
  column: AnnotationColumn;
  side: number;
  chosen: number | undefined;
  stop: number | undefined;
}

function Column({ column, state, send, ...props }: ColumnProps) {
  const over = useSignal(false);
  const { label, count, from, rows } = column;
  const title = label ?? "no label";
  const ours = (event: DragEvent) => event.dataTransfer?.types.includes(DRAGGED) === true;
  const drop = (event: DragEvent) => {
    over.value = false;
    const text = event.dataTransfer?.getData(DRAGGED);
    if (!text) return;
    event.preventDefault();
    const dragged = JSON.parse(text) as { id: number; from: string | null };
    if (dragged.from !== label) send({ type: "transfer", to: label, ...dragged });
  };
  return (
    <div
      class="vt-column"
      data-over={over.value || undefined}
      style={{ "--vt-label": labelColour(state.labels, label ?? undefined) }}
      onDragOver={(event) => {
        if (!ours(event)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={drop}
    >
      <div class="vt-column-head">
        <strong title={title}>{title}</strong>
        <span class="vt-muted">{count}</span>
      </div>
      <div class="vt-column-cells" role="listbox" aria-label={`${title}, ${count} pictures`} aria-multiselectable>
        {rows.length === 0 && (
          <div class="vt-column-empty vt-muted" role="option" aria-selected="false" aria-disabled="true">
            none
          </div>
        )}
        {rows.map((row) => (
          <ColumnCell key={row.id} {...{ row, column: label, state, send, ...props }} />
        ))}
      </div>
      {count > rows.length && (
        <div class="vt-row vt-column-pages">
          <Button
            icon="previous"
            iconOnly
            label={`Earlier of ${title}`}
            disabled={from === 0}
            onPress={() => send({ type: "scrollColumn", label, from: from - rows.length })}
          />
          <span class="vt-muted">
            {from + 1} to {from + rows.length}
          </span>
          <Button
            icon="next"
            iconOnly
            label={`Later of ${title}`}
            disabled={from + rows.length >= count}
            onPress={() => send({ type: "scrollColumn", label, from: from + rows.length })}
          />
        </div>
      )}
    </div>
  );
}

interface ColumnCellProps extends LabelColumnsProps {
  row: AnnotationRow;
  column: string | null;
  side: number;
  chosen: number | undefined;
  stop: number | undefined;
}

function ColumnCell({ row, column, side, chosen, stop, store, describe, send }: ColumnCellProps) {
  const live = useLive().value;
  const url = store.best(row.id, side);
  const isChosen = row.id === chosen;
  const click = (event: MouseEvent) => {
    const several = event.ctrlKey || event.metaKey || event.shiftKey;
    if (several) send({ type: "pickIds", ids: [row.id], how: row.selected ? "remove" : "add" });
    else send({ type: "choose", id: row.id });
  };
  const drag = (event: DragEvent) => {
    event.dataTransfer?.setData(DRAGGED, JSON.stringify({ id: row.id, from: column }));
  };
  return (
    <div
      class="vt-cell vt-column-cell"
      role="option"
      tabIndex={row.id === stop ? 0 : -1}
      aria-selected={isChosen || row.selected}
      aria-current={isChosen ? "true" : undefined}
      data-selected={row.selected || undefined}
      data-picture={row.id}
      draggable={live}
      onDragStart={drag}
      onClick={click}
    >
      <span class="vt-visually-hidden">{describe(row)}</span>
      <div class="vt-cell-picture" aria-hidden="true">
        {url && <img src={url} alt="" draggable={false} />}
        <CellBadges row={row} />
      </div>
    </div>
  );
}

function chosenId(state: AnnotationState): number | undefined {
  return state.page[state.position % (state.columns * state.rows)]?.id;
}
