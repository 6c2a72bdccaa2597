/** How scores are spread, of what is right and of what is wrong. */
import { LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

export interface PlottedScores {
  name: string;
  scores: readonly number[];
}

export interface HistogramOptions {
  /** How many bars. Default 20. */
  bins?: number;
  /** What the scores are of. */
  title?: string;
}

/** The least and the largest edge of the bins: 0 and 1 for scores within, else the scores' own. */
export function histogramRange(groups: readonly PlottedScores[]): [low: number, high: number] {
  let [low, high] = [0, 1];
  for (const { scores } of groups) {
    for (const score of scores) [low, high] = [Math.min(low, score), Math.max(high, score)];
  }
  return [low, high];
}

/** Bars side by side, one group a colour; a bin holds its lower edge, the last one both. */
export function scoreHistogramSpec(groups: readonly PlottedScores[], options: HistogramOptions = {}): PlotSpec {
  const bins = options.bins ?? 20;
  const [low, high] = histogramRange(groups);
  const width = (high - low) / bins;
  const edges = Array.from({ length: bins }, (_, i) => low + i * width);
  return {
    data: groups.map(({ name, scores }) => ({
      type: "bar",
      name: `${name} (${scores.length})`,
      x: edges.map((edge) => edge + width / 2),
      y: countIn(scores, low, width, bins),
      customdata: edges.map((edge) => `${short(edge)} to ${short(edge + width)}`),
      hovertemplate: "score %{customdata}<br>%{y} pictures<extra>%{fullData.name}</extra>",
    })),
    layout: {
      title: { text: options.title ?? "Scores" },
      barmode: "group",
      bargap: 0.1,
      xaxis: { title: { text: "Score" }, range: [low - width / 4, high + width / 4], zeroline: false },
      yaxis: { title: { text: "Pictures" }, rangemode: "tozero" },
      showlegend: true,
      legend: LEGEND_BELOW,
    },
  };
}

function countIn(scores: readonly number[], low: number, width: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const score of scores) {
    let bin = Math.min(bins - 1, Math.max(0, Math.floor((score - low) / width)));
    // 0.95 in 32 bits is a little less, and belongs to the bar from 0.95 all the same.
    if (bin < bins - 1 && score >= Math.fround(low + (bin + 1) * width)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

const short = (value: number): string => String(Number(value.toFixed(3)));
