/** Plots as pictures that need no browser and no script: SVG, PNG, and words for a terminal. */
import sharp from "sharp";

import { PAINTS, type PlotTheme } from "./paint.js";
import type { PlotSpec } from "./plot-spec.js";
import { drawPanel } from "./svg-panel.js";
import { element, escapeXml } from "./svg.js";
import { traceAsText } from "./trace-text.js";

export interface StaticPanel {
  spec: PlotSpec;
  /** What a screen reader says for the plot. */
  description: string;
  /** In pixels. */
  height: number;
}

export interface StaticPlotOptions {
  /** Of the series, in turn. */
  colours: readonly string[];
  /** Of the card, its texts and lines; "light" by default. */
  theme?: PlotTheme;
  /** Of the whole picture, in pixels; 640 for one plot and 380 for each of several by default. */
  width?: number;
}

const MOST_COLUMNS = 3;

/** One plot, or several side by side, on a card of its own colour: a light one is read on a dark page too. */
export function plotsAsSvg(panels: readonly StaticPanel[], options: StaticPlotOptions): string {
  const paint = PAINTS[options.theme ?? "light"];
  const columns = Math.min(MOST_COLUMNS, Math.max(1, panels.length));
  const width = options.width ?? (columns === 1 ? 640 : 380 * columns);
  const rowHeights: number[] = [];
  panels.forEach(({ height }, index) => {
    const row = Math.floor(index / columns);
    rowHeights[row] = Math.max(rowHeights[row] ?? 0, height);
  });
  const drawn = panels.map((panel, index) => {
    const row = Math.floor(index / columns);
    const y = rowHeights.slice(0, row).reduce((sum, height) => sum + height, 0);
    const box = { x: (index % columns) * (width / columns), y, width: width / columns, height: rowHeights[row] ?? 0 };
    return drawPanel(panel.spec, { ...box, height: box.height - 8 }, options.colours, paint);
  });
  const height = rowHeights.reduce((sum, one) => sum + one, 0);
  const card = element("rect", { width, height, rx: 6, fill: paint.page });
  const title = element("title", {}, escapeXml(panels.map(({ description }) => description).join(". ")));
  const frame = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    "font-family": "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif",
    "font-size": 12,
    role: "img",
  };
  return element("svg", frame, title + card + drawn.join(""));
}

/** The same at twice the resolution, as a PNG. */
export async function plotsAsPng(panels: readonly StaticPanel[], options: StaticPlotOptions): Promise<Uint8Array> {
  const svg = Buffer.from(plotsAsSvg(panels, options));
  return sharp(svg, { density: 144 }).png({ compressionLevel: 6 }).toBuffer();
}

/** A line or a few for each plot. */
export function plotsAsText(panels: readonly StaticPanel[]): string {
  return panels
    .map(({ spec, description }) => [description, ...spec.data.flatMap(traceAsText)].join("\n"))
    .join("\n\n");
}
