/** What a load test found: as an object, as JSON, as text, as a page; and in a sentence. */
import type { LatencyHistogram, LatencySummary, LoadTestSecond } from "../../structures/load-test.js";
import type { LoadReportData, ProcessLoad, ThresholdResult } from "./report-data.js";
import { reportAsHtml } from "./report-html.js";
import { readReport } from "./report-reading.js";
import { reportRows } from "./report-rows.js";

/** What a load test found: requests a second, latencies, errors, thresholds; as a cell's value a table. */
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
    const style =
      ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{padding:.1rem .7rem;text-align:right}td:first-child,th:first-child{text-align:left}";
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style><h1>${title}</h1>${reportAsHtml(this, { plots: true })}</html>\n`;
  }

  toString(): string {
    return [this.sentence, "", ...reportRows(this).map(([name, value]) => `${name.padEnd(24)}${value}`)].join("\n");
  }

  /** Without the plots, which the live view above it has. */
  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/html": string } {
    return { "text/plain": this.toString(), "text/html": reportAsHtml(this, { plots: false }) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
