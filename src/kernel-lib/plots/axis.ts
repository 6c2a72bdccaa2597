/** An axis of a static plot: from values to pixels, and where its ticks are. */
import type { PlotValue } from "./plot-spec.js";

export interface AxisOptions {
  type?: unknown;
  range?: unknown;
  rangemode?: unknown;
  autorange?: unknown;
  dtick?: unknown;
}

export interface Tick {
  /** In pixels. */
  at: number;
  text: string;
}

export interface Axis {
  /** Where a value is, in pixels; undefined for a missing one, or one that the axis can't show. */
  place(value: PlotValue | undefined): number | undefined;
  /** The room of one category, or of nothing on an axis of numbers. */
  band: number;
  ticks: readonly Tick[];
}

/** From `start` to `end` in pixels; `end` may be less. Names make an axis of categories, numbers one of numbers. */
export function makeAxis(values: readonly PlotValue[], options: AxisOptions, start: number, end: number): Axis {
  const reversed = options.autorange === "reversed";
  const [from, to] = reversed ? [end, start] : [start, end];
  const named = options.type === "category" || values.some((value) => typeof value === "string");
  if (named) return categoryAxis(values, from, to);
  const numbers = values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  return options.type === "log" ? logAxis(numbers, options, from, to) : linearAxis(numbers, options, from, to);
}

function categoryAxis(values: readonly PlotValue[], from: number, to: number): Axis {
  const names = [...new Set(values.filter((value) => value !== null).map(String))];
  const band = (to - from) / Math.max(1, names.length);
  const positions = new Map(names.map((name, index) => [name, from + (index + 0.5) * band]));
  const ticks = names.map((text) => ({ at: positions.get(text) ?? from, text }));
  return { place: (value) => positions.get(String(value)), band: Math.abs(band), ticks };
}

function linearAxis(numbers: readonly number[], options: AxisOptions, from: number, to: number): Axis {
  const [low, high] = fixedRange(options.range) ?? paddedRange(numbers, options.rangemode === "tozero");
  const place = (value: number) => from + ((value - low) / (high - low)) * (to - from);
  const step = typeof options.dtick === "number" ? options.dtick : niceStep((high - low) / 6);
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + step * 1e-9 && ticks.length < 60; i++) {
    ticks.push({ at: place(i * step), text: formatTick(i * step, step) });
  }
  return { place: (value) => (isNumber(value) ? place(value) : undefined), band: 0, ticks };
}

function logAxis(numbers: readonly number[], options: AxisOptions, from: number, to: number): Axis {
  const exponents = numbers.filter((value) => value > 0).map(Math.log10);
  // Plotly gives the range of a log axis in exponents too.
  const [low, high] = fixedRange(options.range) ?? paddedRange(exponents, false);
  const place = (exponent: number) => from + ((exponent - low) / (high - low)) * (to - from);
  const step = Math.max(1, Math.ceil((high - low) / 8));
  const ticks: Tick[] = [];
  for (let exponent = Math.ceil(low); exponent <= high; exponent += step) {
    ticks.push({ at: place(exponent), text: String(Number(`1e${exponent}`)) });
  }
  return { place: (value) => (isNumber(value) && value > 0 ? place(Math.log10(value)) : undefined), band: 0, ticks };
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function fixedRange(range: unknown): [number, number] | undefined {
  if (!Array.isArray(range)) return undefined;
  const [low, high] = range as unknown[];
  return isNumber(low) && isNumber(high) && low !== high ? [low, high] : undefined;
}

function paddedRange(numbers: readonly number[], toZero: boolean): [number, number] {
  let low = toZero ? 0 : Infinity;
  let high = toZero ? 0 : -Infinity;
  for (const value of numbers) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  // A spread that arithmetic can't divide any more is none.
  if (high - low < 1e-290) return [low - 0.5, high + 0.5];
  const padding = 0.06 * (high - low);
  return [toZero && low === 0 ? 0 : low - padding, high + padding];
}

/** The next 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
}

function formatTick(value: number, step: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || step < 1e-5)) return value.toExponential(1);
  if (step < 1e-5) return "0";
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace(/^-(0(\.0*)?)$/, "$1");
}
