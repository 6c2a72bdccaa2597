/** `AnnotationUI` for object detection, the browser's side: the picture to draw on, its boxes beside it, the pictures below. */
import { useCallback, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import {
  BOXES_DEFAULTS,
  EVERY_BOX,
  type BoxesCommand,
  type BoxesEvent,
  type BoxesRow,
  type BoxesState,
  type SuggestedBox,
} from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { useAnnounce } from "../base/frame.js";
import { Notes } from "../annotation/notes.js";
import { useReturn } from "../annotation/use-return.js";
import type { OverlayBox } from "../picture/box-overlay.js";
import { BrowserBar } from "../picture/browser-bar.js";
import { chosenRow } from "../picture/chosen-row.js";
import { GalleryFrame } from "../picture/gallery-frame.js";
import { LabelChip, LabelField } from "../picture/label-chip.js";
import { labelColour } from "../picture/label-colours.js";
import { FlagBadge, Marks } from "../picture/marks.js";
import { PictureGrid } from "../picture/picture-grid.js";
import { PictureStore } from "../picture/picture-store.js";
import { useGalleryStyles } from "../picture/styles.js";
import { useMessages } from "../picture/use-messages.js";
import { BoxCanvas, countText, type CanvasControl } from "./box-canvas.js";
import { BoxDetails } from "./box-details.js";
import { BoxEditor } from "./box-editor.js";
import { boxKeys, BOX_NOTES } from "./box-keys.js";
import { BoxList } from "./box-list.js";
import { CellBoxes } from "./cell-boxes.js";
import { FilterBar } from "./filter-bar.js";
import { predictBoxes } from "./predict-boxes.js";
import { Suggestions } from "./suggestions.js";
import { useBoxStyles } from "./styles.js";
import { ToolBar } from "./tool-bar.js";

type Props = WidgetProps<BoxesState, BoxesCommand, BoxesEvent>;

function Boxes({ port }: Props) {
  useGalleryStyles();
  useBoxStyles();
  const state = port.state.value;
  const store = useMemo(() => new PictureStore(port), [port]);
  const message = useMessages(port);
  const announce = useAnnounce();
  const send = useCallback((command: BoxesCommand) => port.send(command), [port]);
  const editor = useMemo(
    () =>
      new BoxEditor({ row: () => chosenRow(port.state.value), labels: () => port.state.value.labels, send, announce }),
    [port, send, announce],
  );
  const control = useRef<CanvasControl>(undefined);
  const canvas = useRef<HTMLDivElement>(null);
  const row = chosenRow(state);
  // Before anything is painted: a key that comes right after must not meet the picture before.
  useLayoutEffect(() => editor.reset(), [editor, row?.id]);
  useLayoutEffect(() => editor.settle(), [editor, row?.boxes]);
  useReturn(useCallback(() => port.live.value && port.send({ type: "refresh" }), [port]));
  const act = (command: BoxesCommand) => {
    editor.commit();
    send(command);
  };
  return (
    // A row of presses of an arrow key is one change, which is made when the key comes up.
    <div class="vt-boxes" onKeyUp={() => !editor.cursor.peek() && editor.commit()} onFocusOut={() => editor.leave()}>
      <GalleryFrame
        layout="picture"
        title={state.dataset}
        subtitle={subtitle(state)}
        bindings={boxKeys({ state, editor, send: act, control })}
        notes={BOX_NOTES}
        keymap={{ keys: state.keys, onChange: (keys) => act({ type: "keys", keys }) }}
        history={state}
        send={act}
        message={message.value}
        left={
          row ? (
            <>
              <BrowserBar
                browsing={state}
                by="picture"
                format={(place) => `${place + 1} of ${state.matching}`}
                send={act}
              />
              <ToolBar {...{ state, row, editor, control, send: act }} />
              <BoxCanvas
                {...{ store, row, editor, control, labels: state.labels, element: canvas }}
                beneath={state.suggestions.map((suggestion) => suggested(state.labels, suggestion))}
              />
            </>
          ) : (
            <Nothing {...{ state, send: act }} />
          )
        }
        right={row && <Panel {...{ state, row, editor, send: act }} />}
        below={
          <>
            <FilterBar state={state} send={act} />
            <PictureGrid
              store={store}
              browsing={state}
              page={state.page}
              label={`Pictures of ${state.dataset}`}
              onSelect={(position) => act({ type: "select", position })}
              describe={describe}
              caption={(cell) => <Caption cell={cell} />}
              badge={(cell) => (
                <>
                  <CellBoxes row={cell} labels={state.labels} />
                  <FlagBadge row={cell} />
                </>
              )}
            />
          </>
        }
        foot={<Notes state={state} />}
      />
    </div>
  );
}

function suggested(labels: readonly string[], box: SuggestedBox): OverlayBox {
  const text = `${box.label} ${Math.round(box.score * 100)} %?`;
  return { ...box, text, colour: labelColour(labels, box.label), dashed: true };
}

interface PanelProps {
  state: BoxesState;
  row: BoxesRow;
  editor: BoxEditor;
  send: (command: BoxesCommand) => void;
}

function Panel({ state, row, editor, send }: PanelProps) {
  const now = editor.chosenBox?.label ?? editor.nextLabel;
  return (
    <>
      <div
        class="vt-palette-labels"
        role="group"
        aria-label={editor.chosenBox ? "Label of the box" : "Label of the next box"}
      >
        {state.labels.map((label, i) => (
          <LabelChip
            key={label}
            label={label}
            place={i}
            count={state.counts[i] ?? 0}
            unit="object"
            pressed={label === now}
            colour={labelColour(state.labels, label)}
            onPress={() => editor.relabel(label)}
          />
        ))}
      </div>
      <LabelField
        labels={state.labels}
        onLabel={(label, known) => {
          if (!known) send({ type: "addLabel", label });
          editor.relabel(label);
        }}
      />
      {state.model && <Suggestions {...{ state, row, send }} />}
      <BoxList state={state} editor={editor} name={row.name} />
      <BoxDetails state={state} editor={editor} />
      <Marks row={row} send={send} />
    </>
  );
}

function Nothing({ state, send }: Pick<PanelProps, "state" | "send">) {
  if (state.total === 0) return <p class="vt-empty">There are no pictures here.</p>;
  return (
    <div class="vt-empty">
      <p>No picture passes this filter.</p>
      <Button label={`Show all ${state.total}`} onPress={() => send({ type: "filter", filter: EVERY_BOX })} />
    </div>
  );
}

function Caption({ cell }: { cell: BoxesRow }) {
  return (
    <>
      <span class="vt-cell-name" title={cell.name} aria-hidden="true">
        {cell.name}
      </span>
      <span class="vt-cell-truth vt-muted" aria-hidden="true">
        {countText(cell.boxes.length)}
        {cell.suggested > 0 && `, ${cell.suggested} suggested`}
        {cell.changed && ", changed"}
      </span>
    </>
  );
}

function subtitle({ total, counts }: BoxesState): string {
  const objects = counts.reduce((sum, count) => sum + count, 0);
  return `${total === 1 ? "1 picture" : `${total} pictures`}, ${countText(objects)}`;
}

function describe({ name, boxes, changed, suggested, flag, note }: BoxesRow): string {
  const parts = [name, countText(boxes.length)];
  if (suggested > 0) parts.push(`${suggested} suggested`);
  if (changed) parts.push("changed");
  if (flag) parts.push(flag);
  if (note !== "") parts.push(`note: ${note}`);
  return parts.join(", ");
}

export const boxes = defineWidget<BoxesState, BoxesCommand, BoxesEvent>(
  "Boxes",
  "Box annotation",
  BOXES_DEFAULTS,
  Boxes,
  predictBoxes,
);
