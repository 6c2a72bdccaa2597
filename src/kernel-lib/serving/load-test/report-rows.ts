/** A load test's figures, each with its name. */
import type { LoadReportData } from "./report-data.js";

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ms`;

/** What was asked in time and answered well after the end is neither in the good answers nor an error. */
function lateText({ requests, good, errors }: LoadReportData): string {
  const late = requests - good - Object.values(errors).reduce((sum, count) => sum + count, 0);
  return late > 0 ? `; ${late} more after the end` : "";
}

/** Name and value of everything that is a number. */
export function reportRows(report: LoadReportData): [name: string, value: string][] {
  const { latency, errors, processes, thresholds } = report;
  return [
    ["load", report.title],
    ["requests", `${report.requests} in ${report.seconds.toFixed(1)} s`],
    ["good answers", `${report.good}, ${report.throughput.toFixed(1)} a second${lateText(report)}`],
    [
      "errors",
      Object.keys(errors).length === 0
        ? "none"
        : Object.entries(errors)
            .map(([kind, count]) => `${count} × ${kind}`)
            .join(", "),
    ],
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
