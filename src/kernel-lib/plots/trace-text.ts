/** What a trace holds, in words or numbers, for terminals. */
import type { PlotTrace, PlotValue } from "./plot-spec.js";
import { xOf, yOf } from "./svg-marks.js";

const MOST_CELLS = 400;

export function traceAsText(trace: PlotTrace): string[] {
  if (trace.type === "heatmap") return matrixAsText(trace);
  const [xs, ys] = [xOf(trace), yOf(trace)];
  const name = trace.name ?? trace.type ?? "scatter";
  return [`  ${name}: ${ys.length} points, x ${span(xs)}, y ${span(ys)}`];
}

function span(values: readonly PlotValue[]): string {
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  if (numbers.length === 0) return values.length === 0 ? "none" : `${String(values[0])} … ${String(values.at(-1))}`;
  const [low, high] = [
    numbers.reduce((least, value) => Math.min(least, value)),
    numbers.reduce((most, value) => Math.max(most, value)),
  ];
  return `${short(low)} … ${short(high)}`;
}

const short = (value: number) => String(Number(value.toPrecision(4)));

function matrixAsText(trace: PlotTrace): string[] {
  const written = trace["text"] as readonly (readonly unknown[])[] | undefined;
  const cells = written ?? (trace.z ?? []).map((row) => Array.from<PlotValue>(row));
  const [columns, rows] = [xOf(trace).map(String), yOf(trace).map(String)];
  if (columns.length * rows.length > MOST_CELLS) return [`  ${rows.length} × ${columns.length} cells`];
  const lines = [["", ...columns], ...cells.map((row, i) => [rows[i] ?? "", ...row.map(String)])];
  const widths = lines.reduce<number[]>((most, line) => line.map((cell, i) => Math.max(cell.length, most[i] ?? 0)), []);
  return lines.map((line) => `  ${line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  ")}`);
}
