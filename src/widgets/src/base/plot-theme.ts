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

/** The same within the lightness on which a cell's text has contrast. */
const LIGHT_SCALE_UNDER_TEXT: [number, string][] = [
  [0, "rgb(243,247,251)"],
  [1, "rgb(130,184,222)"],
];
const DARK_SCALE_UNDER_TEXT: [number, string][] = [
  [0, "rgb(24,36,48)"],
  [1, "rgb(35,88,138)"],
];

/** @param cellText whether the figure writes into cells */
export function plotTemplate(theme: Theme, cellText: boolean): Plotly.Template {
  const { dark, text, page, muted, grid, font } = theme;
  const axis = {
    gridcolor: grid,
    linecolor: grid,
    zerolinecolor: grid,
    tickcolor: grid,
    tickfont: { color: muted },
    automargin: true,
  };
  const shades = dark ? DARK_SCALE : LIGHT_SCALE;
  const paleShades = dark ? DARK_SCALE_UNDER_TEXT : LIGHT_SCALE_UNDER_TEXT;
  const colorscale = cellText ? paleShades : shades;
  return {
    layout: {
      font: { color: text, family: font, size: 12 },
      // On the left: the buttons appear on the right.
      title: { font: { size: 14 }, x: 0, xref: "paper", xanchor: "left" },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: [...(dark ? DARK_COLOURS : LIGHT_COLOURS)],
      colorscale: { sequential: colorscale },
      xaxis: axis,
      yaxis: axis,
      legend: { bgcolor: "rgba(0,0,0,0)" },
      hoverlabel: { bgcolor: page, bordercolor: muted, font: { family: font, color: text } },
      margin: { l: 56, r: 16, t: 40, b: 48 },
      // In a narrow figure the buttons lie over the title while they are there.
      modebar: { bgcolor: page, color: muted, activecolor: text },
    },
    data: { heatmap: [{ colorscale, colorbar: { outlinewidth: 0, tickfont: { color: muted } } }] },
  };
}
