/** What curves of thresholds share: a name, the points that a screen shows, and the threshold under the pointer. */
import type { PlotTrace } from "./plot-spec.js";

const DASHES = ["solid", "dash", "dot", "dashdot"];

/** A line's dash by its model, so that models are told apart without colour. */
export function dashOf(model: number | undefined): { dash?: string | undefined } {
  return model === undefined || model === 0 ? {} : { dash: DASHES[model % DASHES.length] };
}

/** @param shown the indices of the points to draw */
export function namedCurve(
  name: string,
  shown: readonly number[],
  x: readonly number[],
  y: readonly number[],
): PlotTrace {
  const take = (values: readonly number[]) => shown.map((i) => values[i] ?? null);
  return { type: "scatter", mode: "lines", name, x: take(x), y: take(y) };
}

/** Hover text, with the threshold where there are any. */
export function curveHover(text: string, shown: readonly number[], thresholds?: readonly number[]) {
  const extra = "<extra>%{fullData.name}</extra>";
  if (!thresholds) return { hovertemplate: text + extra };
  const said = (threshold: number | undefined) =>
    threshold === undefined || !Number.isFinite(threshold) ? "above all" : String(Number(threshold.toPrecision(4)));
  return {
    customdata: shown.map((i) => said(thresholds[i])),
    hovertemplate: `${text}<br>threshold %{customdata}${extra}`,
  };
}
