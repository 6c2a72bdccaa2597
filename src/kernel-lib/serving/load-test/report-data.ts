/** What a load test found, as plain data. */
import type { LatencyHistogram, LatencySummary, LoadTestSecond } from "../../structures/load-test.js";

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
  /** Answers with scores to these that came in the measurement's time. */
  good: number;
  /** The others, by kind: an HTTP status, a network error's code, "timeout", "unfinished". */
  errors: Readonly<Record<string, number>>;
  /** Good answers a second in the measurement's time, also to what was sent in the warm-up: what waits long is work like any other. */
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
