/** What a load test has seen: every latency, so that percentiles are exact; errors by kind; and each second by itself. */
import { quantile } from "../../metrics/quantile.js";
import type { LatencyHistogram, LatencySummary, LoadTestSecond } from "../../structures/load-test.js";

/** Ten edges a factor of ten: 0.1 ms, 0.126 ms, … */
const EDGES_A_DECADE = 10;

interface Second {
  latencies: number[];
  errors: number;
}

/** What crosses from the thread that measures. */
export interface MeasuredLoad {
  requests: number;
  /** Good answers to these that came before the end. */
  good: number;
  /** All good answers that came between beginning and end, to requests of the warm-up too. */
  answered: number;
  /** By kind: an HTTP status, a network error's code, "timeout", "unfinished". */
  errors: Readonly<Record<string, number>>;
  latency: LatencySummary;
  histogram: LatencyHistogram;
  timeline: readonly LoadTestSecond[];
  /** Milliseconds by which requests were sent later than they were meant to: 99 of 100 by less. */
  lag: number;
  /** Of the measurement, as it was. */
  seconds: number;
}

export class Samples {
  private readonly seconds: Second[] = [];
  private readonly errors = new Map<string, number>();
  private readonly lags: number[] = [];
  private sent = 0;
  private goodInTime = 0;
  private answered = 0;

  /** @param lag milliseconds by which it was sent later than meant */
  addRequest(lag: number): void {
    this.sent++;
    this.lags.push(lag);
  }

  /** @param at seconds since the measurement began, when the answer came */
  addGood(at: number, latency: number, inTime: boolean): void {
    this.secondAt(at).latencies.push(latency);
    if (!inTime) return;
    this.goodInTime++;
    this.answered++;
  }

  /** A good answer in time to a request from before the measurement: work that was done in it, and a latency that was not. */
  addEarlier(): void {
    this.answered++;
  }

  addError(at: number, kind: string): void {
    this.secondAt(at).errors++;
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }

  /** @param elapsed seconds that were measured */
  measured(elapsed: number): MeasuredLoad {
    const latencies = Float64Array.from(this.seconds.flatMap((second) => second.latencies)).sort();
    return {
      requests: this.sent,
      good: this.goodInTime,
      answered: this.answered,
      errors: Object.fromEntries(this.errors),
      latency: summarise(latencies),
      histogram: histogramOf(latencies),
      timeline: this.seconds.map(summariseSecond),
      lag: quantile(Float64Array.from(this.lags).sort(), 0.99) || 0,
      seconds: elapsed,
    };
  }

  private secondAt(at: number): Second {
    const index = Math.max(0, Math.floor(at));
    while (this.seconds.length <= index) this.seconds.push({ latencies: [], errors: 0 });
    return this.seconds[index] ?? { latencies: [], errors: 0 };
  }
}

function summariseSecond({ latencies, errors }: Second, second: number): LoadTestSecond {
  const rising = Float64Array.from(latencies).sort();
  const [p50, p99] = rising.length === 0 ? [0, 0] : [quantile(rising, 0.5), quantile(rising, 0.99)];
  return { second, good: rising.length, errors, p50, p99 };
}

/** @param rising milliseconds */
export function summarise(rising: Float64Array): LatencySummary {
  if (rising.length === 0) return { min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 };
  const mean = rising.reduce((sum, value) => sum + value, 0) / rising.length;
  const at = (q: number) => quantile(rising, q);
  return { min: at(0), mean, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** @param rising milliseconds */
export function histogramOf(rising: Float64Array): LatencyHistogram {
  const [least = 0] = rising;
  const most = rising.at(-1);
  if (most === undefined) return { edges: [], counts: [] };
  const step = (value: number) => Math.log10(Math.max(value, 1e-3)) * EDGES_A_DECADE;
  const first = Math.floor(step(least));
  const last = Math.max(first + 1, Math.floor(step(most)) + 1);
  const edges = Array.from({ length: last - first + 1 }, (_, i) => 10 ** ((first + i) / EDGES_A_DECADE));
  const counts = new Array<number>(last - first).fill(0);
  for (const value of rising) {
    const bin = Math.min(last - first - 1, Math.max(0, Math.floor(step(value)) - first));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}
