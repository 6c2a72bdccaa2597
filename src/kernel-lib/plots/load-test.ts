/** A load test while it goes: answers in each second, and how long they took. */
import type { LatencyHistogram, LoadTestSecond } from "../structures/load-test.js";
import { LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

/** Good answers and errors in each second. */
export function loadThroughputSpec(timeline: readonly LoadTestSecond[], title: string): PlotSpec {
  const seconds = timeline.map(({ second }) => second + 1);
  const line = (name: string, y: readonly number[]) => ({
    type: "scatter",
    mode: timeline.length > 60 ? "lines" : "lines+markers",
    name,
    x: seconds,
    y,
    hovertemplate: "second %{x}<br>%{y}<extra>%{fullData.name}</extra>",
  });
  const good = line(
    "good answers",
    timeline.map((one) => one.good),
  );
  const errors = line(
    "errors",
    timeline.map((one) => one.errors),
  );
  return {
    data: [good, errors],
    layout: {
      title: { text: title },
      xaxis: { title: { text: "Second" }, zeroline: false },
      yaxis: { title: { text: "Answers in a second" }, rangemode: "tozero", zeroline: false },
      showlegend: true,
      legend: LEGEND_BELOW,
    },
  };
}

/** How many answers took how long. */
export function loadLatencySpec({ edges, counts }: LatencyHistogram, title: string): PlotSpec {
  const short = (value: number | undefined) => String(Number((value ?? 0).toPrecision(2)));
  return {
    data: [
      {
        type: "bar",
        name: "answers",
        x: counts.map((_, i) => `${short(edges[i])}–${short(edges[i + 1])}`),
        y: [...counts],
        hovertemplate: "%{x} ms<br>%{y} answers<extra></extra>",
      },
    ],
    layout: {
      title: { text: title },
      xaxis: { title: { text: "Latency (ms)" }, type: "category" },
      yaxis: { title: { text: "Answers" }, rangemode: "tozero" },
      showlegend: false,
    },
  };
}
