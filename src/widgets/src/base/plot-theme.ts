/** The page's theme as a plotly template: whatever a figure sets by itself wins over it. */
import { DARK_COLOURS, LIGHT_COLOURS } from "../../../kernel-lib/protocol/index.js";
import type { Plotly } from "./plotly.js";
import type { Theme } from "./theme.js";

/** Blue by lightness alone, away from the page's colour: more is further from the page in both themes. */
const LIGHT_SCALE: [number, string][] = [
  [0, "rgb(240,246,251)"],
  [0.5, "rgb(107,174,214)"],
  [1, "rgb(8,69,138)"],
];
const DARK_SCALE: [number, string][] = [
  [0, "rgb(24,36,48)"],
  [0.5, "rgb(45,110,165)"],
  [1, "rgb(158,212,255)"],
];

export function plotTemplate(theme: Theme): Plotly.Template {
  const { dark, text, muted, grid, font } = theme;
  const axis = {
    gridcolor: grid,
    linecolor: grid,
    zerolinecolor: grid,
    tickcolor: grid,
    tickfont: { color: muted },
    automargin: true,
  };
  const colorscale = dark ? DARK_SCALE : LIGHT_SCALE;
  return {
    layout: {
      font: { color: text, family: font, size: 12 },
      title: { font: { size: 14 }, x: 0.5, xanchor: "center" },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: [...(dark ? DARK_COLOURS : LIGHT_COLOURS)],
      colorscale: { sequential: colorscale },
      xaxis: axis,
      yaxis: axis,
      legend: { bgcolor: "rgba(0,0,0,0)" },
      hoverlabel: { font: { family: font } },
      margin: { l: 56, r: 16, t: 40, b: 48 },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: muted, activecolor: text },
    },
    data: { heatmap: [{ colorscale, colorbar: { outlinewidth: 0, tickfont: { color: muted } } }] },
  };
}
