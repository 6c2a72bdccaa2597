/** A detector's errors by kind: how many, and what the mean average precision would gain without them. */
import { LEGEND_BELOW, type PlotSpec } from "./plot-spec.js";

export interface PlottedErrors {
  name: string;
  /** By kind. */
  counts: Readonly<Record<string, number>>;
  /** By kind, in 0..1. */
  dAP: Readonly<Record<string, number>>;
}

/** @param by "counts": how many; "dAP": what they cost */
export function errorCountsSpec(models: readonly PlottedErrors[], by: "counts" | "dAP"): PlotSpec {
  const counting = by === "counts";
  return {
    data: models.map(({ name, counts, dAP }) => {
      const kinds = Object.keys(counts);
      return {
        type: "bar",
        name,
        x: kinds,
        y: kinds.map((kind) => (counting ? counts[kind] : dAP[kind]) ?? 0),
        customdata: kinds.map((kind) =>
          counting ? `would gain ${(dAP[kind] ?? 0).toFixed(3)} AP without` : `${counts[kind] ?? 0} errors`,
        ),
        hovertemplate: `%{x}: %{y${counting ? "" : ":.3f"}}<br>%{customdata}<extra>%{fullData.name}</extra>`,
      };
    }),
    layout: {
      title: { text: counting ? "Errors by kind" : "Average precision that errors cost" },
      barmode: "group",
      xaxis: { title: { text: "Kind" }, type: "category" },
      yaxis: { title: { text: counting ? "Errors" : "Gain in AP without them" }, rangemode: "tozero" },
      showlegend: models.length > 1,
      legend: LEGEND_BELOW,
    },
  };
}
