/** TrainingView: how far a training is, how well it does, and the button that ends it early. */
import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import {
  finishedEpochs,
  hasEnded,
  TRAINING_DEFAULTS,
  type TrainingCommand,
  type TrainingState,
} from "../../../kernel-lib/protocol/index.js";
import { Button, Progress, ReadOut } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { useAnnounce } from "../base/frame.js";
import { Plot } from "../base/plot.js";
import { errorSpec, lossSpec } from "./curves.js";
import { EpochTable } from "./epoch-table.js";
import { describeErrors, describeLosses, formatSeconds, progressOf, summaryOf } from "./words.js";

type Props = WidgetProps<TrainingState, TrainingCommand>;

function Training({ port }: Props) {
  const state = port.state.value;
  const { phase, history } = state;
  const ended = hasEnded(phase);
  const asked = useMemo(() => signal(false), []);
  const stopping = !ended && (phase === "stopping" || asked.value);
  useSpokenEpochs(state);
  return (
    <div class="vt-training">
      <div class="vt-row">
        <div class="vt-heading vt-grow">{state.title}</div>
        <span class={`vt-phase vt-phase-${phase}`}>{stopping ? "stopping…" : PHASES[phase]}</span>
        {!ended && (
          <Button
            label={stopping ? "Stopping…" : "Stop"}
            icon="stop"
            kind="danger"
            disabled={stopping}
            onPress={() => {
              asked.value = true;
              port.send({ type: "stop" });
            }}
          />
        )}
      </div>
      <Progress label="Training progress" {...progressOf(state)} />
      {ended && <p class={`vt-summary vt-summary-${phase}`}>{summaryOf(state)}</p>}
      <ReadOuts state={state} ended={ended} />
      {history.length > 0 && (
        <>
          <Curves state={state} />
          <EpochTable history={history} bestEpoch={state.bestEpoch} unit={state.unit} ended={ended} />
        </>
      )}
    </div>
  );
}

/** Steps come far more often than epochs, and change nothing here. */
function Curves({ state }: { state: TrainingState }) {
  const { history, epochs, bestEpoch, unit } = state;
  const [losses, errors] = useMemo(() => [lossSpec(state), errorSpec(state)], [history, epochs, bestEpoch, unit]);
  const live = !hasEnded(state.phase);
  return (
    <div class="vt-figure-row">
      <Plot spec={losses} description={describeLosses(state)} height={260} live={live} />
      <Plot spec={errors} description={describeErrors(state)} height={260} live={live} />
    </div>
  );
}

function ReadOuts({ state, ended }: { state: TrainingState; ended: boolean }) {
  const last = ended ? state.history.find((row) => row.epoch === state.bestEpoch) : state.history.at(-1);
  const number = (value: number | null | undefined) => (value === null || value === undefined ? "–" : value.toFixed(3));
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : `${(100 * value).toFixed(1)} %`;
  const measured = state.history.some((row) => row.evalLoss !== null || row.evalError !== null);
  const isDetector = state.unit === "step";
  const precision = last?.evalMeanAp ?? state.history.findLast((row) => row.evalMeanAp !== undefined)?.evalMeanAp;
  return (
    <dl class="vt-readouts">
      {ended ? (
        <ReadOut
          label={state.unit === "step" ? "Step kept" : "Epoch kept"}
          value={state.bestEpoch === null ? "–" : `${state.bestEpoch}`}
        />
      ) : (
        <ReadOut label={isDetector ? "Step" : "Epoch"} value={`${state.epoch} of ${state.epochs}`} />
      )}
      <ReadOut
        label="Loss"
        value={number(last?.loss)}
        title={isDetector ? "The sum of the four losses" : "Mean cross-entropy over the training pictures"}
      />
      <ReadOut
        label={isDetector ? "Region error" : "Training error"}
        value={percent(last?.trainError)}
        title={isDetector ? "Regions taken for something else" : "Training pictures classified wrongly"}
      />
      {measured && <ReadOut label="Evaluation loss" value={number(last?.evalLoss)} />}
      {measured && !isDetector && <ReadOut label="Evaluation error" value={percent(last?.evalError)} />}
      {measured && isDetector && <ReadOut label="mAP" value={number(precision)} title="Mean average precision" />}
      <ReadOut label="Images a second" value={state.imagesPerSecond > 0 ? state.imagesPerSecond.toFixed(0) : "–"} />
      {ended ? (
        <ReadOut label="Time" value={formatSeconds(state.seconds)} />
      ) : (
        <ReadOut label="Time left" value={state.remaining === null ? "–" : formatSeconds(state.remaining)} />
      )}
    </dl>
  );
}

/** Screen readers hear each tenth of the training and its end, not every step. */
function useSpokenEpochs(state: TrainingState): void {
  const announce = useAnnounce();
  const spoken = useMemo(() => ({ tenth: 0, ended: hasEnded(state.phase) }), []);
  useEffect(() => {
    const tenth = Math.floor((10 * finishedEpochs(state)) / Math.max(1, state.epochs));
    if (hasEnded(state.phase) && !spoken.ended) announce(summaryOf(state));
    else if (tenth > spoken.tenth)
      announce(`${state.unit === "step" ? "Step" : "Epoch"} ${finishedEpochs(state)} of ${state.epochs}`);
    spoken.tenth = tenth;
    spoken.ended = hasEnded(state.phase);
  }, [finishedEpochs(state), state.phase]);
}

const PHASES = {
  waiting: "starting…",
  features: "computing features",
  train: "training",
  stopping: "stopping…",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
} as const;

export const training = defineWidget<TrainingState, TrainingCommand, never>(
  "Training",
  "Training",
  TRAINING_DEFAULTS,
  Training,
);
