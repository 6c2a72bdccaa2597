/** A load test's report as HTML: the sentence, two plots drawn as SVG, a table. */
import type { LoadReportData } from "./report-data.js";
import { readReport } from "./report-reading.js";
import { reportRows } from "./report-rows.js";

const WIDTH = 420;
const HEIGHT = 150;
const FOOT = 18;

interface Bar {
  /** 0 to 1, of the height. */
  height: number;
  title: string;
}

/** The sentence and the table; with plots, all of it. */
export function reportAsHtml(report: LoadReportData, { plots: drawn }: { plots: boolean }): string {
  const cell = (text: string) => `<td style="text-align:left">${escape(text)}</td>`;
  const rows = reportRows(report).map(([name, value]) => `<tr>${cell(name)}${cell(value)}</tr>`);
  const plots = `<div style="display:flex;flex-wrap:wrap;gap:1em">${latencyPlot(report)}${throughputPlot(report)}</div>`;
  return `<p>${escape(readReport(report))}</p>${drawn ? plots : ""}<table>${rows.join("")}</table>`;
}

function latencyPlot({ histogram: { edges, counts } }: LoadReportData): string {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => ({
    height: count / most,
    title: `${edge(edges[i])} to ${edge(edges[i + 1])} ms: ${count}`,
  }));
  return plot("Latency (ms, logarithmic)", bars, [edge(edges[0]), edge(edges.at(-1))]);
}

function throughputPlot({ timeline }: LoadReportData): string {
  const most = Math.max(1, ...timeline.map(({ good }) => good));
  const bars = timeline.map(({ second, good, errors }) => ({
    height: good / most,
    title: `second ${second}: ${good} good, ${errors} errors`,
  }));
  return plot(`Good answers in each second, at most ${most}`, bars, ["0 s", `${timeline.length} s`]);
}

function plot(title: string, bars: readonly Bar[], [from, to]: readonly [string, string]): string {
  const step = WIDTH / Math.max(1, bars.length);
  const marks = bars.map(({ height, title: text }, i) => {
    const tall = height * (HEIGHT - FOOT);
    const place = `x="${(i * step).toFixed(1)}" y="${(HEIGHT - FOOT - tall).toFixed(1)}" width="${Math.max(0.5, step - 1).toFixed(1)}" height="${tall.toFixed(1)}"`;
    return `<rect ${place} fill="#4878d0"><title>${escape(text)}</title></rect>`;
  });
  const ends = `<text x="0" y="${HEIGHT - 4}">${escape(from)}</text><text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">${escape(to)}</text>`;
  const svg = `<svg role="img" aria-label="${escape(title)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" style="max-width:100%" font-size="12" fill="currentColor">${marks.join("")}${ends}</svg>`;
  return `<figure style="margin:0"><figcaption>${escape(title)}</figcaption>${svg}</figure>`;
}

const edge = (value: number | undefined) => (value === undefined ? "" : String(Number(value.toPrecision(2))));

const escape = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
