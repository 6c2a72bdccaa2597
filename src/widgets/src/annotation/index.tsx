/** `AnnotationUI`, the browser's side: left the chosen picture and its labels, right the page. */
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
import { GalleryFrame } from "../picture/gallery-frame.js";
import { PictureGrid } from "../picture/picture-grid.js";
import { PictureStore } from "../picture/picture-store.js";
import { Properties } from "../picture/properties.js";
import { useGalleryStyles } from "../picture/styles.js";
import { useMessages } from "../picture/use-messages.js";
import type { ZoomControl } from "../picture/use-zoom.js";
import { ZoomView } from "../picture/zoom-view.js";
import { annotationKeys, MOUSE_NOTES } from "./annotation-keys.js";
import { CellCaption } from "./cell-caption.js";
import { FilterBar } from "./filter-bar.js";
import { LabelPalette } from "./label-palette.js";
import { Notes } from "./notes.js";
import { useReturn } from "./use-return.js";

type Props = WidgetProps<AnnotationState, AnnotationCommand, AnnotationEvent>;

function Annotation({ port }: Props) {
  useGalleryStyles();
  const state = port.state.value;
  const store = useMemo(() => new PictureStore(port), [port]);
  const message = useMessages(port);
  const control = useRef<ZoomControl>(undefined);
  const send = (command: AnnotationCommand) => port.send(command);
  const row = chosenRow(state);
  useReturn(useCallback(() => port.live.value && port.send({ type: "refresh" }), [port]));
  return (
    <GalleryFrame
      title={state.dataset}
      subtitle={state.total === 1 ? "1 picture" : `${state.total} pictures`}
      bindings={annotationKeys(state, send, control)}
      notes={MOUSE_NOTES}
      history={state}
      send={send}
      message={message.value}
      left={row ? <Chosen {...{ state, row, store, control, send }} /> : <Nothing {...{ state, send }} />}
      right={
        <>
          <FilterBar state={state} send={send} />
          <PictureGrid
            store={store}
            browsing={state}
            page={state.page}
            label={`Pictures of ${state.dataset}`}
            onSelect={(position) => send({ type: "select", position })}
            describe={describe}
            caption={(cell, chosen) => <CellCaption {...{ cell, chosen, labels: state.labels, send }} />}
            badge={(cell) => cell.changed && <span class="vt-badge">changed</span>}
          />
        </>
      }
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
  return (
    <>
      <BrowserBar browsing={state} by="page" format={(page) => `Page ${page + 1} of ${pageCount(state)}`} send={send} />
      <ZoomView store={store} row={row} description={describe(row)} control={control} />
      <LabelPalette state={state} row={row} send={send} />
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
    </>
  );
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

const describe = ({ name, labels, changed }: AnnotationRow): string =>
  `${name}, ${labels.join(" and ") || "no label"}${changed ? ", changed" : ""}`;

export const annotation = defineWidget<AnnotationState, AnnotationCommand, AnnotationEvent>(
  "Annotation",
  "Image annotation",
  ANNOTATION_DEFAULTS,
  Annotation,
);
