/** `ResultsUI`, the browser's side: left the chosen picture, right what is listed and what the model said. */
import { useMemo, useRef } from "preact/hooks";

import {
  EVERY_RESULT,
  RESULTS_DEFAULTS,
  type ResultsCommand,
  type ResultsEvent,
  type ResultsPlot,
  type ResultsRow,
  type ResultsState,
} from "../../../kernel-lib/protocol/index.js";
import { Button } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { Icon } from "../base/icons.js";
import { BrowserBar } from "../picture/browser-bar.js";
import { browsingKeys, historyKeys, zoomKeys } from "../picture/browsing-keys.js";
import { chosenRow } from "../picture/chosen-row.js";
import { Credit } from "../picture/credit.js";
import { GalleryFrame } from "../picture/gallery-frame.js";
import { PictureGrid } from "../picture/picture-grid.js";
import { PictureStore } from "../picture/picture-store.js";
import { Properties } from "../picture/properties.js";
import { useGalleryStyles } from "../picture/styles.js";
import { useMessages } from "../picture/use-messages.js";
import type { ZoomControl } from "../picture/use-zoom.js";
import { ZoomView } from "../picture/zoom-view.js";
import { Analysis } from "./analysis.js";
import { Explanations, Saliency } from "./explanations.js";
import { FilterBar } from "./filter-bar.js";
import { filterKeys } from "./filter-keys.js";
import { formatScore } from "./format-score.js";
import { useResultsStyles } from "./styles.js";
import { ScoreBars } from "./score-bars.js";
import { Verdict } from "./verdict.js";

type Props = WidgetProps<ResultsState, ResultsCommand, ResultsEvent>;

const PLOT_TITLES: { readonly [kind in ResultsPlot]: string } = {
  none: "none",
  matrix: "confusion matrix",
  curve: "precision and recall",
  scores: "scores",
  classes: "classes",
};

const MOUSE_NOTES = [
  "With the mouse: turn the wheel over the large picture to zoom, drag to move it, double-click to see all of it.",
];

function Results({ port }: Props) {
  useGalleryStyles();
  useResultsStyles();
  const state = port.state.value;
  const store = useMemo(() => new PictureStore(port), [port]);
  const message = useMessages(port);
  const control = useRef<ZoomControl>(undefined);
  const send = (command: ResultsCommand) => port.send(command);
  const row = chosenRow(state);
  return (
    <GalleryFrame
      title={state.dataset}
      subtitle={summary(state)}
      bindings={[...filterKeys(state, send), ...historyKeys(send), ...browsingKeys(state, send), ...zoomKeys(control)]}
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
            label={`Results of ${state.dataset}`}
            onSelect={(position) => send({ type: "select", position })}
            describe={describe}
            caption={(cell) => <Caption cell={cell} />}
            badge={(cell) => <Mark correct={cell.correct} />}
          />
          {row && <Verdict {...{ state, row, send }} />}
          {row && <ScoreBars state={state} row={row} />}
        </>
      }
      below={
        <Analysis
          figures={state.figures}
          kind={state.plotKind}
          kinds={PLOT_TITLES}
          plot={state.plot}
          onKind={(kind) => send({ type: "plot", kind })}
          onPick={(trace, index) => send({ type: "pick", trace, index })}
        />
      }
    />
  );
}

interface ChosenProps {
  state: ResultsState;
  row: ResultsRow;
  store: PictureStore;
  control: { current: ZoomControl | undefined };
  send: (command: ResultsCommand) => void;
}

function Chosen({ state, row, store, control, send }: ChosenProps) {
  return (
    <>
      <BrowserBar
        browsing={state}
        by="picture"
        format={(place) => `${place + 1} of ${state.matching}${kind(state)}`}
        send={send}
      />
      <ZoomView
        store={store}
        row={row}
        description={describe(row)}
        control={control}
        overlay={(view) => <Saliency state={state} view={view} />}
      />
      <Credit row={row} />
      <Explanations {...{ state, store, send }} />
      <Properties
        label="Properties"
        rows={[
          ["Name", row.name],
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
  if (state.total === 0) return <p class="vt-empty">There are no results here: the data set has no pictures.</p>;
  const { correct, incorrect, truth, prediction, range, mark, doubtful } = state.filter;
  const narrowed = truth !== null || prediction !== null || range !== null || mark !== null || doubtful;
  const praise = incorrect && !correct && !narrowed;
  return (
    <div class="vt-empty">
      <p>{praise ? "Not one is incorrect." : "No picture passes these filters."}</p>
      <Button label={`Show all ${state.total}`} onPress={() => send({ type: "filter", filter: EVERY_RESULT })} />
    </div>
  );
}

function Caption({ cell }: { cell: ResultsRow }) {
  return (
    <>
      <span class="vt-cell-name" title={cell.name} aria-hidden="true">
        {cell.prediction} <span class="vt-muted">{cell.score.toFixed(2)}</span>
      </span>
      <span class="vt-cell-truth vt-muted" aria-hidden="true">
        is {cell.truth.join(", ") || "without a label"}
      </span>
    </>
  );
}

function Mark({ correct }: { correct: boolean }) {
  return (
    <span class={correct ? "vt-mark vt-mark-good" : "vt-mark vt-mark-bad"}>
      <Icon name={correct ? "check" : "cross"} />
    </span>
  );
}

function summary({ total, incorrect }: ResultsState): string {
  const pictures = total === 1 ? "1 picture" : `${total} pictures`;
  return `${pictures}, ${incorrect === 0 ? "none" : incorrect} incorrect`;
}

/** What the filter leaves: "3 of 22, incorrect". */
function kind({ filter: { correct, incorrect } }: ResultsState): string {
  return correct === incorrect ? "" : correct ? ", correct" : ", incorrect";
}

function describe({ name, truth, prediction, score, correct, flag, suggested }: ResultsRow): string {
  const is = truth.join(" and ") || "without a label";
  const answer = correct ? `correct: ${prediction}` : `incorrect: ${prediction}, is ${is}`;
  const doubt = suggested === null ? "" : `, perhaps ${suggested}`;
  return `${name}, ${answer}, score ${formatScore(score)}${doubt}${flag === null ? "" : `, ${flag}`}`;
}

export const results = defineWidget<ResultsState, ResultsCommand, ResultsEvent>(
  "Results",
  "Results viewer",
  RESULTS_DEFAULTS,
  Results,
);
