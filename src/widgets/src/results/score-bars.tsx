/** The scores of all labels as bars from zero; each has its number, so nothing is told by length alone. */
import type { ResultsRow, ResultsState } from "../../../kernel-lib/protocol/index.js";
import { formatScore } from "./format-score.js";

export interface ScoreBarsProps {
  state: ResultsState;
  row: ResultsRow;
}

/** Few labels keep their order, so that the eye finds them; of many the highest scores come first. */
const IN_ORDER = 10;

export function ScoreBars({ state, row }: ScoreBarsProps) {
  const { labels, scores, scoreRange } = state;
  const bars = labels.map((label, i) => ({ label, score: scores[i] ?? 0 }));
  if (labels.length > IN_ORDER) bars.sort((a, b) => b.score - a.score);
  return (
    <ul class="vt-scores" aria-label="Scores of all labels">
      {bars.map(({ label, score }) => (
        <li key={label} class={label === row.prediction ? "vt-score vt-score-top" : "vt-score"}>
          <span class="vt-score-label" title={label}>
            {label}
            {row.truth.includes(label) && <span class="vt-tag">label</span>}
          </span>
          <span class="vt-score-track" aria-hidden="true">
            <span class="vt-score-bar" style={extent(score, scoreRange)} />
          </span>
          <span class="vt-score-value">{formatScore(score)}</span>
        </li>
      ))}
    </ul>
  );
}

/** From zero to the score, as a part of the range. */
function extent(score: number, [low, high]: readonly [number, number]): { left: string; width: string } {
  const place = (value: number) => ((value - low) / Math.max(high - low, Number.MIN_VALUE)) * 100;
  const from = place(Math.min(0, score));
  return { left: `${from}%`, width: `${place(Math.max(0, score)) - from}%` };
}
