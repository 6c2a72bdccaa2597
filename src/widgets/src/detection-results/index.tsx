/** `DetectionResultsUI`, the browser's side: the picture with true and detected boxes, the thresholds, what is wrong, the pictures below. */
import { useSignal, type Signal } from "@preact/signals";
import { useCallback, useLayoutEffect, useMemo, useRef } from "preact/hooks";

import {
  DETECTION_RESULTS_DEFAULTS,
  type DetectionPlot,
  type DetectionResultsCommand,
  type DetectionResultsEvent,
  type DetectionResultsRow,
  type DetectionResultsState,
  EVERY_DETECTION,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Select, Slider, Toolbar } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { BoxCanvas, type CanvasControl } from "../boxes/box-canvas.js";
import { BOX_NOTES, editingKeys } from "../boxes/box-keys.js";
import { useBoxStyles } from "../boxes/styles.js";
import { BrowserBar } from "../picture/browser-bar.js";
import { browsingKeys, historyKeys, zoomKeys } from "../picture/browsing-keys.js";
import { chosenRow } from "../picture/chosen-row.js";
import { GalleryFrame } from "../picture/gallery-frame.js";
import { PictureGrid } from "../picture/picture-grid.js";
import { PictureStore } from "../picture/picture-store.js";
import { useGalleryStyles } from "../picture/styles.js";
import { useMessages } from "../picture/use-messages.js";
import { ZoomView } from "../picture/zoom-view.js";
import { Analysis } from "../results/analysis.js";
import { useResultsStyles } from "../results/styles.js";
import { type ChosenBox, FoundList, TruthList } from "./box-lists.js";
import { DetectionFilterBar } from "./filter-bar.js";
import { detectionKeys } from "./keys.js";
import { predictDetectionResults } from "./predict-results.js";
import { type Editing, useEditor } from "./use-editor.js";
import { CellVerdicts, foundBoxes, truthLook, VerdictBoxes, VerdictLegend } from "./verdict-boxes.js";

type Props = WidgetProps<DetectionResultsState, DetectionResultsCommand, DetectionResultsEvent>;

const NOTES = [
  "Solid boxes are the data set's, dashed ones were detected. Blue: both agree. Orange: detected, and wrong. Yellow: missed.",
];

const PLOT_TITLES: { readonly [kind in DetectionPlot]: string } = {
  none: "none",
  matrix: "confusion matrix",
  curve: "precision and recall",
  errors: "kinds of errors",
  scores: "scores",
};

function DetectionResults({ port }: Props) {
  useGalleryStyles();
  useResultsStyles();
  useBoxStyles();
  const state = port.state.value;
  const store = useMemo(() => new PictureStore(port), [port]);
  const message = useMessages(port);
  const control = useRef<CanvasControl>(undefined);
  const chosen = useSignal<ChosenBox | undefined>(undefined);
  const send = (command: DetectionResultsCommand) => port.send(command);
  const row = chosenRow(state);
  const { editor, on } = useEditor(port, chosen);
  const letGo = useCallback(() => {
    // What the editor has chosen, it follows itself.
    if (!on.peek() || editor.chosen.peek() < 0) chosen.value = undefined;
  }, [chosen, on, editor]);
  useLayoutEffect(letGo, [letGo, row?.id]);
  useLayoutEffect(() => {
    // Where a box is gone or has come, places are other boxes'. A detection keeps its own.
    if (chosen.peek()?.of === "truth") letGo();
  }, [chosen, letGo, row?.truth.length]);
  const edit = () => {
    editor.reset();
    on.value = !on.value;
  };
  return (
    // A row of presses of an arrow key is one change, which is made when the key comes up.
    <div class="vt-boxes" onKeyUp={() => !editor.cursor.peek() && editor.commit()} onFocusOut={() => editor.leave()}>
      <GalleryFrame
        layout="picture"
        title={state.dataset}
        subtitle={summary(state)}
        bindings={[
          ...(on.value ? editingKeys({ labels: state.labels, editor, control }) : detectionKeys(send)),
          { keys: ["e"], shown: "E", help: "Draw and fix true boxes, or not", run: edit },
          ...historyKeys(send),
          ...browsingKeys(state, send),
          ...zoomKeys(control),
        ]}
        notes={on.value ? [...NOTES, ...BOX_NOTES] : NOTES}
        history={state}
        send={send}
        message={message.value}
        left={
          row ? (
            <Picture {...{ state, row, store, control, chosen, send, editor, on, edit }} />
          ) : (
            <Nothing state={state} send={send} />
          )
        }
        right={row && <Boxes {...{ state, row, chosen, send }} />}
        below={
          <>
            <DetectionFilterBar state={state} send={send} />
            <PictureGrid
              store={store}
              browsing={state}
              page={state.page}
              label={`Results of ${state.dataset}`}
              onSelect={(position) => send({ type: "select", position })}
              describe={describe}
              caption={(cell) => <Caption cell={cell} />}
              badge={(cell) => <CellVerdicts row={cell} />}
            />
            <Analysis
              figures={state.figures}
              kind={state.plotKind}
              kinds={PLOT_TITLES}
              plot={state.plot}
              onKind={(kind) => send({ type: "plot", kind })}
              onPick={(trace, index) => send({ type: "pick", trace, index })}
            />
          </>
        }
      />
    </div>
  );
}

interface ChosenProps {
  state: DetectionResultsState;
  row: DetectionResultsRow;
  chosen: Signal<ChosenBox | undefined>;
  send: (command: DetectionResultsCommand) => void;
}

interface PictureProps extends ChosenProps, Editing {
  store: PictureStore;
  control: { current: CanvasControl | undefined };
  edit: () => void;
}

function Picture({ state, row, store, control, chosen, send, editor, on, edit }: PictureProps) {
  const canvas = useRef<HTMLDivElement>(null);
  return (
    <>
      <BrowserBar browsing={state} by="picture" format={(place) => `${place + 1} of ${state.matching}`} send={send} />
      <div class="vt-thresholds">
        <Slider
          label="Score from"
          value={state.score}
          min={0}
          max={1}
          step={0.01}
          format={(value) => value.toFixed(2)}
          onInput={(score) => send({ type: "thresholds", score })}
        />
        <Slider
          label="Overlap from"
          value={state.iou}
          min={0.05}
          max={0.95}
          step={0.05}
          format={(value) => value.toFixed(2)}
          onInput={(iou) => send({ type: "thresholds", iou })}
        />
      </div>
      <Toolbar label="Boxes">
        <Button label="Draw and fix" shortcut="E" pressed={on.value} onPress={edit} />
        {on.value && (
          <Select
            label={editor.chosenBox ? "The chosen box is" : "New boxes are"}
            value={editor.chosenBox?.label ?? editor.nextLabel ?? ""}
            options={state.labels}
            onChange={(label) => editor.relabel(label)}
          />
        )}
      </Toolbar>
      {on.value ? (
        <BoxCanvas
          {...{ store, editor, control, labels: state.labels, element: canvas }}
          row={{ ...row, boxes: row.truth }}
          beneath={foundBoxes(row, chosen.value)}
          lookOf={(index) => row.truth[index] && truthLook(row.truth[index])}
        />
      ) : (
        <ZoomView
          store={store}
          row={row}
          description={describe(row)}
          control={control}
          overlay={(view) => <VerdictBoxes row={row} view={view} chosen={chosen.value} />}
        />
      )}
      <VerdictLegend />
    </>
  );
}

function Boxes({ state, row, chosen, send }: ChosenProps) {
  return (
    <>
      <FoundList row={row} chosen={chosen} send={send} />
      <TruthList row={row} labels={state.labels} chosen={chosen} send={send} />
      <div class="vt-marking" role="group" aria-label="Marks">
        <Button
          label="Unsure"
          shortcut="U"
          pressed={row.flag === "unsure"}
          onPress={() => send({ type: "flag", flag: "unsure" })}
        />
        <Button
          label="Skip"
          shortcut="X"
          pressed={row.flag === "skip"}
          onPress={() => send({ type: "flag", flag: "skip" })}
        />
      </div>
    </>
  );
}

function Nothing({ state, send }: Pick<ChosenProps, "state" | "send">) {
  return (
    <div class="vt-empty">
      <p>No picture passes these filters.</p>
      <Button label={`Show all ${state.total}`} onPress={() => send({ type: "filter", filter: EVERY_DETECTION })} />
    </div>
  );
}

function Caption({ cell }: { cell: DetectionResultsRow }) {
  return (
    <span class="vt-cell-name" title={cell.name} aria-hidden="true">
      {cell.mistakes === 0 ? "no mistake" : mistakes(cell.mistakes)}
    </span>
  );
}

const mistakes = (count: number): string => (count === 1 ? "1 mistake" : `${count} mistakes`);

function summary({ total, right, wrong, missed }: DetectionResultsState): string {
  const pictures = total === 1 ? "1 picture" : `${total} pictures`;
  return `${pictures}: ${right} right, ${wrong} wrong, ${missed} missed`;
}

function describe({ name, truth, found, mistakes: count, flag }: DetectionResultsRow): string {
  const missed = truth.filter(({ verdict }) => verdict === "missed").length;
  const right = found.filter(({ verdict }) => verdict === "right").length;
  const wrong = found.filter(({ verdict }) => verdict === "spurious" || verdict === "mislabelled").length;
  const said = count === 0 ? "no mistake" : `${wrong} wrong, ${missed} missed`;
  return `${name}, ${right} right, ${said}${flag === null ? "" : `, ${flag}`}`;
}

export const detectionResults = defineWidget<DetectionResultsState, DetectionResultsCommand, DetectionResultsEvent>(
  "DetectionResults",
  "Detection results",
  DETECTION_RESULTS_DEFAULTS,
  DetectionResults,
  predictDetectionResults,
);
