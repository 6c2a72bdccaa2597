/** What a load test tells those who watch it, and what it finds. The service's side calls, a notebook's view listens; neither imports the other. */

/** Of answers with scores, in milliseconds. */
export interface LatencySummary {
  min: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
}

/** Counts of latencies between edges, which rise by a fixed factor. */
export interface LatencyHistogram {
  /** In milliseconds; one more than there are counts. */
  edges: readonly number[];
  counts: readonly number[];
}

/** One second of a load test. */
export interface LoadTestSecond {
  /** Since the measurement began, from 0. */
  second: number;
  /** Answers with scores. */
  good: number;
  errors: number;
  /** Milliseconds, of the good ones; 0 where there was none. */
  p50: number;
  p99: number;
}

export interface LoadTestPlan {
  /** "20 requests a second for 10 s", say. */
  title: string;
  /** The measurement's length. */
  seconds: number;
}

export interface LoadTestProgress {
  /** Since the measurement began; below 0 while it warms up. */
  elapsed: number;
  seconds: number;
  requests: number;
  good: number;
  errors: number;
  timeline: readonly LoadTestSecond[];
  latency: LatencySummary;
  histogram: LatencyHistogram;
}

/** Somebody who watches a load test. `stop` ends it; what was measured so far is reported. */
export interface LoadTestObserver {
  onStart?(plan: LoadTestPlan, stop: () => void): void | Promise<void>;
  onProgress?(progress: LoadTestProgress): void;
  /** The test waits for it. */
  onEnd?(progress: LoadTestProgress, sentence: string): void | Promise<void>;
}
