/** The legend of a static plot: below it, where it hides nothing. */
import type { Paint } from "./paint.js";
import type { Series } from "./svg-marks.js";
import { element, roughWidth, shorten, text, type Box } from "./svg.js";

/** In pixels. */
const LEGEND_WIDTH = 330;

export interface LegendEntry {
  name: string;
  colour: string;
  width: number;
}

/** Rows of entries that fit beside each other; none where one trace needs no name. */
export function legendOf(series: readonly Series[], showlegend: unknown): LegendEntry[][] {
  const named = series.filter(({ trace }) => trace.name !== undefined && trace["showlegend"] !== false);
  if (showlegend === false || (named.length < 2 && showlegend !== true)) return [];
  const entries = named.map(({ trace, colour }) => {
    const name = shorten(trace.name ?? "", 240);
    return { name, colour, width: 34 + roughWidth(name) };
  });
  const rows: LegendEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const row = rows.at(-1);
    if (row && entry.width <= room) row.push(entry);
    else rows.push([entry]);
    room = (row && entry.width <= room ? room : LEGEND_WIDTH) - entry.width;
  }
  return rows;
}

/** Below the plot, each row centred. */
export function drawLegend(rows: readonly LegendEntry[][], box: Box, { ink }: Paint): string {
  const top = box.y + box.height - 18 * rows.length;
  return rows
    .flatMap((row, index) => {
      let x = box.x + (box.width - row.reduce((sum, { width }) => sum + width, 0)) / 2;
      const y = top + 18 * index + 8;
      return row.map(({ name, colour, width }) => {
        const left = x;
        x += width;
        const swatch = element("rect", { x: left.toFixed(1), y: y - 2, width: 16, height: 3, fill: colour });
        return swatch + text(name, left + 21, y + 3.5, { fill: ink });
      });
    })
    .join("");
}
