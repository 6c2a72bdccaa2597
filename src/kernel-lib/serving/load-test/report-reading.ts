/** Reads a load test's figures, as somebody would who has seen many. */
import type { LoadReportData } from "./report-data.js";

/** Milliseconds of sending too late from which the machine that asked was part of what was measured. */
const LATE = 20;

export function readReport(report: LoadReportData): string {
  const parts = [verdict(report), whatHappened(report), tail(report), limit(report)];
  return parts.filter((part) => part !== "").join(" ");
}

function verdict({ thresholds }: LoadReportData): string {
  if (thresholds.length === 0) return "";
  const missed = thresholds.filter(({ passed }) => !passed).map(({ name }) => name);
  if (missed.length === 0) return "Every threshold holds.";
  return `Not good enough: ${missed.join(" and ")} ${missed.length === 1 ? "misses its limit" : "miss their limits"}.`;
}

function whatHappened({ requests, good, errors, throughput, latency, seconds }: LoadReportData): string {
  if (requests === 0) return "No request was sent.";
  if (good === 0) return `None of ${requests} requests was answered with scores (${kinds(errors)}).`;
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  const share = (100 * failed) / requests;
  const trouble =
    failed === 0 ? "no errors" : `${share < 0.1 ? "under 0.1" : share.toFixed(1)} % errors (${kinds(errors)})`;
  const speed = `${throughput.toFixed(1)} good answers a second over ${seconds.toFixed(0)} s with ${trouble}`;
  return `${speed}; half of them came within ${time(latency.p50)}, 99 of 100 within ${time(latency.p99)}.`;
}

function tail({ latency, good }: LoadReportData): string {
  if (good < 100 || latency.p99 < 5 * latency.p50) return "";
  return `The slowest hundredth takes ${(latency.p99 / latency.p50).toFixed(0)} times as long as the middle: requests wait for each other.`;
}

function limit({ model, errors, requests, throughput, lag, seconds }: LoadReportData): string {
  if (lag > LATE)
    return `Requests were sent up to ${time(lag)} late: the machine that asks was itself too busy for this load.`;
  const refused = (errors["503"] ?? 0) / Math.max(1, requests);
  const offered = requests / seconds;
  if (refused > 0.01) {
    const than = model === "open" ? `${offered.toFixed(1)} requests a second are` : "This is";
    return `${than} more than it can take; it answers about ${throughput.toFixed(0)} a second and refuses the rest at once.`;
  }
  if (model === "open" && throughput < 0.95 * offered) return "It falls behind: answers come later and later.";
  return "";
}

const kinds = (errors: Readonly<Record<string, number>>) =>
  Object.entries(errors)
    .map(([kind, count]) => `${count} × ${kind}`)
    .join(", ");

const time = (milliseconds: number) =>
  milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Number(milliseconds.toPrecision(2))} ms`;
