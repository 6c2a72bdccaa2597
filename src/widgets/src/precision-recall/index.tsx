/** PrecisionRecallUI: the curve, a point picked on it by click, slider or arrow keys, and what holds there. */
import { useRef } from "preact/hooks";

import {
  f1Score,
  PRECISION_RECALL_DEFAULTS,
  type PrecisionRecallCommand,
  type PrecisionRecallState,
} from "../../../kernel-lib/protocol/index.js";
import { Button, ReadOut, Select, Slider } from "../base/controls.js";
import { defineWidget, type WidgetProps } from "../base/define-widget.js";
import { Plot } from "../base/plot.js";
import { curveSpec } from "./curve.js";
import { Wanted } from "./wanted.js";

type Props = WidgetProps<PrecisionRecallState, PrecisionRecallCommand>;

function PrecisionRecall({ port }: Props) {
  const state = port.state.value;
  const { labels, label, precision, index } = state;
  const last = precision.length - 1;
  const pick = (target: number) => port.set({ index: Math.min(Math.max(target, 0), last) });
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || !port.live.value) return;
    event.preventDefault();
    pick(index + step);
  };
  const point = pointAt(state);
  const place = useRef<HTMLDivElement>(null);
  return (
    <div class="vt-precision-recall">
      {labels.length > 1 && (
        <Select
          label="Class"
          value={label}
          options={[{ value: "", title: "all classes" }, ...labels]}
          onChange={(chosen) => port.send({ type: "choose", label: chosen })}
        />
      )}
      {/* A click on the curve brings the arrow keys with it; the slider is the stop for the Tab key. */}
      <div class="vt-pick" ref={place} tabIndex={-1} onKeyDown={onKey}>
        <Plot
          spec={curveSpec(state)}
          description={describe(state)}
          height={360}
          listens={CLICKS}
          onPoints={(_, [clicked]) => {
            if (clicked?.trace !== 0 || typeof clicked.index !== "number" || !port.live.value) return;
            pick(clicked.index);
            place.current?.focus({ preventScroll: true });
          }}
        />
      </div>
      <Wanted state={state} onPick={pick} />
      <Slider label="Point" value={index} min={0} max={last} onInput={pick} format={() => sayThreshold(point)} />
      <dl class="vt-readouts">
        <ReadOut
          label="Precision"
          value={point.precision.toFixed(3)}
          note={intervalText(state.intervals?.precision)}
          title="Of what is found, this part is right"
        />
        <ReadOut
          label="Recall"
          value={point.recall.toFixed(3)}
          note={intervalText(state.intervals?.recall)}
          title="Of what is there, this part is found"
        />
        <ReadOut
          label="Threshold"
          value={formatThreshold(point.threshold)}
          title="Scores from here on count as found"
        />
        <ReadOut label="F1" value={f1Score(point.precision, point.recall).toFixed(3)} title={F1_TITLE} />
      </dl>
      {state.awaited && (
        <Button
          kind="primary"
          label={`Use this threshold: ${formatThreshold(point.threshold)}`}
          onPress={() => port.send({ type: "use" })}
        />
      )}
    </div>
  );
}

/** While the kernel has not answered a pick, its intervals are those of the point before: it answers at once. */
function intervalText(interval: readonly [number, number] | null | undefined): string | undefined {
  return interval ? `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}` : undefined;
}

interface CurvePoint {
  precision: number;
  recall: number;
  threshold: number | null;
}

function pointAt({ precision, recall, thresholds, index }: PrecisionRecallState): CurvePoint {
  return { precision: precision[index] ?? 0, recall: recall[index] ?? 0, threshold: thresholds[index] ?? null };
}

function formatThreshold(threshold: number | null): string {
  return threshold === null ? "above all" : String(Number(threshold.toPrecision(4)));
}

function sayThreshold({ threshold }: CurvePoint): string {
  return `threshold ${formatThreshold(threshold)}`;
}

function describe(state: PrecisionRecallState): string {
  const { averagePrecision: area, label } = state;
  const { precision, recall, threshold } = pointAt(state);
  return (
    `Precision-recall curve${label && ` of ${label}`}${area === null ? "" : `, average precision ${area.toFixed(3)}`}. ` +
    `Picked: precision ${precision.toFixed(3)} at recall ${recall.toFixed(3)}, threshold ${formatThreshold(threshold)}.`
  );
}

const STEPS: { [key: string]: number | undefined } = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

const CLICKS = ["click"] as const;
const F1_TITLE = "The harmonic mean of precision and recall";

export const precisionRecall = defineWidget<PrecisionRecallState, PrecisionRecallCommand, never>(
  "PrecisionRecall",
  "Precision and recall",
  PRECISION_RECALL_DEFAULTS,
  PrecisionRecall,
);
