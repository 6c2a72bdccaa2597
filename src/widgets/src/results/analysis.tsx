/** The results as a whole: figures with their intervals, and a plot whose points list the pictures behind them. */
import type { FigurePanel, ResultsFigure } from "../../../kernel-lib/protocol/index.js";
import { Select } from "../base/controls.js";
import { Plot } from "../base/plot.js";

export interface AnalysisProps<Kind extends string> {
  figures: readonly ResultsFigure[];
  kind: Kind;
  /** What can be drawn, "none" among them, and how it is called. */
  kinds: { readonly [kind in Kind]: string };
  plot: FigurePanel | null;
  onKind: (kind: Kind) => void;
  onPick: (trace: number, index: number | readonly number[]) => void;
}

export function Analysis<Kind extends string>({ figures, kind, kinds, plot, onKind, onPick }: AnalysisProps<Kind>) {
  const options = Object.entries<string>(kinds).map(([value, title]) => ({ value, title }));
  return (
    <section class="vt-analysis" aria-label="All results">
      <div class="vt-analysis-head">
        {figures.map(({ name, value, low, high }) => (
          <span class="vt-figure-text" key={name}>
            {name} <strong>{say(value)}</strong>
            {/* Draws of a bootstrap that are all alike say nothing: none wrong of a few is no certainty. */}
            {low < high && <span class="vt-muted" title="95 % interval">{` ${say(low)} to ${say(high)}`}</span>}
          </span>
        ))}
        <Select label="Plot" value={kind} options={options} onChange={(chosen) => onKind(chosen as Kind)} />
      </div>
      {plot && (
        <div class="vt-plot-pick">
          {/* Another plot is drawn anew: it must not keep the axes of the one before. */}
          <Plot
            key={kind}
            {...plot}
            listens={CLICKS}
            onPoints={(_, [point]) => {
              if (point) onPick(point.trace, point.index);
            }}
          />
          <p class="vt-muted">A click on the plot lists the pictures behind it.</p>
        </div>
      )}
    </section>
  );
}

const CLICKS = ["click"] as const;
/** A figure that could not be computed travels as null. */
const say = (value: number | null): string => (value === null || !Number.isFinite(value) ? "–" : value.toFixed(3));
