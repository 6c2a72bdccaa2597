/** Plotly, loaded from the extension's own folder when the first plot shows: it is 100 times the size of everything else. */
import type * as Plotly from "plotly.js-dist-min";

/** The file's URL; the build puts it in, and knows where the bundle was loaded from. */
declare const VITRINE_PLOTLY_URL: string;

export type { Plotly };
export type PlotlyModule = typeof Plotly;

let loading: Promise<PlotlyModule> | undefined;

export function loadPlotly(): Promise<PlotlyModule> {
  loading ??= import(VITRINE_PLOTLY_URL).then(
    (module: { default: PlotlyModule }) => module.default,
    (error: unknown) => {
      // The next plot tries again: the server may have been restarting.
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
