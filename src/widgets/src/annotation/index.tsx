/** `AnnotationUI` for labels, the browser's side: the chosen picture and its labels, and the pictures as pages, wall or columns. */
import { useSignal } from "@preact/signals";
import { useCallback, useMemo, useRef } from "preact/hooks";

import {
  ANNOTATION_DEFAULTS,
  NO_FILTER,
  type AnnotationCommand,
  type AnnotationEvent,
  type AnnotationRow,
  type AnnotationState,
  pageCount,
} from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { BrowserBar } from "../picture/browser-bar.js";
import { chosenRow } from "../picture/chosen-row.js";
import { Credit } from "../picture/credit.js";
import { GalleryFrame } from "../picture/gallery-frame.js";
import { Marks } from "../picture/marks.js";
import { PictureGrid } from "../picture/picture-grid.js";
import { PictureStore } from "../picture/picture-store.js";
import { Properties } from "../picture/properties.js";
import { useGalleryStyles } from "../picture/styles.js";
import { useMessages } from "../picture/use-messages.js";
import type { ZoomControl } from "../picture/use-zoom.js";
import { ZoomView } from "../picture/zoom-view.js";
import { annotationKeys, MOUSE_NOTES } from "./annotation-keys.js";
import { CellBadges } from "./cell-badges.js";
import { CellCaption } from "./cell-caption.js";
import { FilterBar } from "./filter-bar.js";
import { History } from "./history.js";
import { LabelColumns } from "./label-columns.js";
import { LabelPalette } from "./label-palette.js";
import { ModelBar } from "./model-bar.js";
import { Notes } from "./notes.js";
import { predictAnnotation } from "./predict-annotation.js";
import { SelectionBar } from "./selection-bar.js";
import { Suggestion } from "./suggestion.js";
import { useReturn } from "./use-return.js";
import { useAnnotationStyles } from "./styles.js";
import { Wall } from "./wall.js";

type Props = WidgetProps<AnnotationState, AnnotationCommand, AnnotationEvent>;

function Annotation({ port }: Props) {
  useGalleryStyles();
  useAnnotationStyles();
  const state = port.state.value;
  const store = useMemo(() => new PictureStore(port), [port]);
  const message = useMessages(port);
  const control = useRef<ZoomControl>(undefined);
  const wallColumns = useSignal(1);
  const send = useCallback((command: AnnotationCommand) => port.send(command), [port]);
  const row = chosenRow(state);
  useReturn(useCallback(() => port.live.value && port.send({ type: "refresh" }), [port]));
  const picture = row ? <Chosen {...{ state, row, store, control, send }} /> : <Nothing {...{ state, send }} />;
  const labelling = row && <Labelling {...{ state, row, send }} />;
  const listing = <Listing {...{ port, state, store, send, wallColumns }} />;
  const inColumns = state.view === "columns";
  return (
    <GalleryFrame
      title={state.dataset}
      subtitle={state.total === 1 ? "1 picture" : `${state.total} pictures`}
      bindings={annotationKeys({
        state,
        send,
        control,
        across: state.view === "grid" ? state.columns : wallColumns.value,
      })}
      notes={MOUSE_NOTES}
      keymap={{ keys: state.keys, onChange: (keys) => send({ type: "keys", keys }) }}
      history={state}
      send={send}
      message={message.value}
      left={inColumns ? picture : <>{[picture, labelling]}</>}
      right={inColumns ? labelling : listing}
      below={inColumns ? listing : undefined}
      foot={<Notes state={state} />}
    />
  );
}

interface ChosenProps {
  state: AnnotationState;
  row: AnnotationRow;
  store: PictureStore;
  control: { current: ZoomControl | undefined };
  send: (command: AnnotationCommand) => void;
}

function Chosen({ state, row, store, control, send }: ChosenProps) {
  const paged = state.view === "grid";
  return (
    <>
      <BrowserBar
        browsing={state}
        by={paged ? "page" : "picture"}
        format={(place) => `${paged ? "Page " : ""}${place + 1} of ${paged ? pageCount(state) : state.matching}`}
        send={send}
      />
      <ZoomView store={store} row={row} description={describe(row)} control={control} />
      <Credit row={row} />
    </>
  );
}

function Labelling({ state, row, send }: Pick<ChosenProps, "state" | "row" | "send">) {
  return (
    <>
      <Suggestion {...{ state, row, send }} />
      <LabelPalette state={state} row={row} send={send} />
      <Marks row={row} send={send} />
      <Properties
        label="Properties"
        rows={[
          ["Name", row.name],
          ["Labels", row.labels.join(", ") || "none"],
          ["Size", `${row.width} × ${row.height} pixels`],
          ["Index", String(row.id)],
          ["Storage id", row.storageId],
          ["Path", row.path],
        ]}
      />
      <History lines={state.history} />
    </>
  );
}

interface ListingProps extends Props {
  state: AnnotationState;
  store: PictureStore;
  send: (command: AnnotationCommand) => void;
  wallColumns: { value: number };
}

function Listing({ port, state, store, send, wallColumns }: ListingProps) {
  const onSelect = useCallback((position: number, event: MouseEvent) => send(selectBy(position, event)), [send]);
  const onBand = useCallback(
    (ids: readonly number[], add: boolean) => send({ type: "pickIds", ids, how: add ? "add" : "set" }),
    [send],
  );
  return (
    <>
      <ModelBar state={state} send={send} />
      <FilterBar state={state} send={send} />
      <SelectionBar state={state} send={send} />
      {state.view === "grid" && (
        <PictureGrid
          {...{ store, onSelect, onBand, describe }}
          browsing={state}
          page={state.page}
          label={`Pictures of ${state.dataset}`}
          isSelected={({ selected }) => selected}
          caption={(cell, chosen) => <CellCaption {...{ cell, chosen, labels: state.labels, send }} />}
          badge={(cell) => <CellBadges row={cell} />}
        />
      )}
      {state.view === "wall" && <Wall {...{ port, state, store, onSelect, onBand, describe }} columns={wallColumns} />}
      {state.view === "columns" && <LabelColumns {...{ state, store, describe, send }} columns={wallColumns} />}
    </>
  );
}

function selectBy(position: number, event: MouseEvent): AnnotationCommand {
  // A click on a cell's menu is not one that selects.
  if ((event.target as Element).closest("select")) return { type: "select", position };
  if (event.shiftKey) return { type: "pick", position, how: "range" };
  if (event.ctrlKey || event.metaKey) return { type: "pick", position, how: "toggle" };
  return { type: "select", position };
}

function Nothing({ state, send }: Pick<ChosenProps, "state" | "send">) {
  if (state.total === 0) {
    return (
      <p class="vt-empty">
        There are no pictures here yet. Add some with dataset.addImage(…), then run the cell again.
      </p>
    );
  }
  return (
    <div class="vt-empty">
      <p>No picture passes this filter.</p>
      <Button label={`Show all ${state.total}`} onPress={() => send({ type: "filter", filter: NO_FILTER })} />
    </div>
  );
}

function describe({ name, labels, changed, flag, note, suggestion }: AnnotationRow): string {
  const parts = [name, labels.join(" and ") || "no label"];
  if (changed) parts.push("changed");
  if (flag) parts.push(flag);
  if (note !== "") parts.push(`note: ${note}`);
  if (suggestion && !suggestion.agrees) parts.push(`the model suggests ${suggestion.label}`);
  return parts.join(", ");
}

export const annotation = defineWidget<AnnotationState, AnnotationCommand, AnnotationEvent>(
  "Annotation",
  "Image annotation",
  ANNOTATION_DEFAULTS,
  Annotation,
  predictAnnotation,
);
