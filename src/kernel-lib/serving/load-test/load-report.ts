/** What a load test found: as an object, as JSON, as text, as a page; and in a sentence. */
import type { LatencyHistogram, LatencySummary, LoadTestSecond } from "../../structures/load-test.js";
import { reportAsHtml } from "./report-html.js";
import { readReport } from "./report-reading.js";

export interface ThresholdResult {
  /** As in the options: "p99", say. */
  name: string;
  limit: number;
  value: number;
  passed: boolean;
}

/** One process of the service during the measurement. */
export interface ProcessLoad {
  role: string;
  pid: number;
  /** Cores that it kept busy, on average. */
  cores: number;
  /** At the beginning, and at most. */
  memoryBytes: number;
  peakMemoryBytes: number;
}

export interface LoadReportData {
  url: string;
  title: string;
  model: "open" | "closed";
  startedAt: string;
  /** Of the measurement, as it was. */
  seconds: number;
  requests: number;
  /** Answers with scores that came in the measurement's time. */
  good: number;
  /** The others, by kind: an HTTP status, a network error's code, "timeout", "unfinished". */
  errors: Readonly<Record<string, number>>;
  /** Good answers a second. */
  throughput: number;
  latency: LatencySummary;
  histogram: LatencyHistogram;
  timeline: readonly LoadTestSecond[];
  /** Of a service that this user has deployed. */
  processes: readonly ProcessLoad[];
  thresholds: readonly ThresholdResult[];
  /** Milliseconds by which requests were sent too late: 99 of 100 by less. Much of it says that this machine was the limit. */
  lag: number;
}

export class LoadReport implements LoadReportData {
  readonly url!: string;
  readonly title!: string;
  readonly model!: "open" | "closed";
  readonly startedAt!: string;
  readonly seconds!: number;
  readonly requests!: number;
  readonly good!: number;
  readonly errors!: Readonly<Record<string, number>>;
  readonly throughput!: number;
  readonly latency!: LatencySummary;
  readonly histogram!: LatencyHistogram;
  readonly timeline!: readonly LoadTestSecond[];
  readonly processes!: readonly ProcessLoad[];
  readonly thresholds!: readonly ThresholdResult[];
  readonly lag!: number;

  constructor(data: LoadReportData) {
    Object.assign(this, data);
  }

  /** Whether every threshold holds. */
  get passed(): boolean {
    return this.thresholds.every(({ passed }) => passed);
  }

  /** What it says, in a sentence or two. */
  get sentence(): string {
    return readReport(this);
  }

  toJSON(): LoadReportData & { passed: boolean; sentence: string } {
    const data: LoadReportData = Object.assign({}, this);
    return { ...data, passed: this.passed, sentence: this.sentence };
  }

  /** A whole page, with nothing from elsewhere. */
  toHTML(): string {
    const title = `Load test of ${this.url}`.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const style = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}td,th{padding:.1rem .7rem;text-align:right}td:first-child,th:first-child{text-align:left}"; // prettier-ignore
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style><h1>${title}</h1>${reportAsHtml(this)}</html>\n`; // prettier-ignore
  }

  toString(): string {
    return [this.sentence, "", ...reportRows(this).map(([name, value]) => `${name.padEnd(24)}${value}`)].join("\n");
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/html": string } {
    return { "text/plain": this.toString(), "text/html": reportAsHtml(this) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ms`;

/** Name and value of everything that is a number. */
export function reportRows(report: LoadReport): [name: string, value: string][] {
  const { latency, errors, processes, thresholds } = report;
  return [
    ["load", report.title],
    ["requests", `${report.requests} in ${report.seconds.toFixed(1)} s`],
    ["good answers", `${report.good}, ${report.throughput.toFixed(1)} a second`],
    ["errors", Object.keys(errors).length === 0 ? "none" : Object.entries(errors).map(([kind, count]) => `${count} × ${kind}`).join(", ")], // prettier-ignore
    ["latency min, mean", `${ms(latency.min)}, ${ms(latency.mean)}`],
    ["latency 50, 90, 95 %", `${ms(latency.p50)}, ${ms(latency.p90)}, ${ms(latency.p95)}`],
    ["latency 99, 99.9 %, max", `${ms(latency.p99)}, ${ms(latency.p999)}, ${ms(latency.max)}`],
    ...processes.map(({ role, pid, cores, memoryBytes, peakMemoryBytes }): [string, string] => [
      `${role} ${pid}`,
      `${cores.toFixed(2)} cores, ${(memoryBytes / 1e6).toFixed(0)} MB, at most ${(peakMemoryBytes / 1e6).toFixed(0)} MB`,
    ]),
    ...thresholds.map(({ name, limit, value, passed }): [string, string] => [
      `threshold ${name}`,
      `${passed ? "pass" : "FAIL"}: ${Number(value.toPrecision(3))}, limit ${limit}`,
    ]),
  ];
}
