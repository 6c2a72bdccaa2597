/** What a caller says of a load test, checked once. */
import { quote, VitrineError } from "../../structures/errors.js";
import type { LoadTestObserver } from "../../structures/load-test.js";
import { booleanOption, integerOption, knownOptions, numberOption } from "../../structures/options.js";
import type { PictureSource } from "../client/picture-source.js";
import type { ScoreImageParameters } from "../client/scoring-client.js";
import { isLoopback } from "../deployment-options.js";
import { constantLoad, scheduleSeconds, type LoadSchedule } from "./schedule.js";

/** One of the two. */
export interface LoadTestStage {
  seconds: number;
  /** Requests a second at the stage's end. */
  rate?: number;
  /** Clients at once at the stage's end. */
  concurrency?: number;
}

/** Limits; a report says of each whether it holds. Latencies in milliseconds, of answers with scores. */
export interface LoadTestThresholds {
  p50?: number;
  p90?: number;
  p95?: number;
  p99?: number;
  max?: number;
  /** Share of requests without scores, 0 to 1. */
  errorRate?: number;
  /** Answers with scores a second, at least. */
  throughput?: number;
}

/** One of `rate`, `concurrency` and `stages`; without any, `concurrency: 8`. */
export interface LoadTestOptions {
  /** Requests a second, begun when they are due, whatever became of those before: as many users behave. */
  rate?: number;
  /** So many clients, each of which waits for its answer: for what the service can do at most. */
  concurrency?: number;
  /** Load that rises or falls in a line from the stage before; from 0 to the first. */
  stages?: readonly LoadTestStage[];
  /** Length of the measurement; 10 by default. Stages have their own. */
  seconds?: number;
  /** Seconds of the first load before anything is counted; 1 by default. */
  warmUp?: number;
  /** Sent in turn; a drawn one by default. */
  images?: readonly PictureSource[];
  /** For an entry script, in place of pictures, in turn: text as it is, all else as JSON. */
  inputs?: readonly unknown[];
  parameters?: ScoreImageParameters;
  thresholds?: LoadTestThresholds;
  /** Milliseconds for a request; 30,000 by default. */
  timeout?: number;
  /** Measure a service that is not on this machine: only one of yours, whose owner knows of it. */
  allowRemote?: boolean;
  /** Watches; a view in a notebook and lines elsewhere by default, null for nobody. */
  observer?: LoadTestObserver | null | undefined;
  signal?: AbortSignal | undefined;
}

const NAMES = [
  "rate",
  "concurrency",
  "stages",
  "seconds",
  "warmUp",
  "images",
  "inputs",
  "parameters",
  "thresholds",
  "timeout",
  "allowRemote",
  "observer",
  "signal",
];
const THRESHOLDS = ["p50", "p90", "p95", "p99", "max", "errorRate", "throughput"];

const MAX_RATE = 100_000;
const MAX_CLIENTS = 4096;

export interface CheckedLoadTest {
  schedule: LoadSchedule;
  title: string;
  warmUp: number;
  timeout: number;
  thresholds: LoadTestThresholds;
}

/** @throws InvalidOption */
export function checkLoadTestOptions(url: string, options: LoadTestOptions): CheckedLoadTest {
  knownOptions("loadTest", options, NAMES);
  checkHost(url, booleanOption("allowRemote", options.allowRemote ?? false));
  const thresholds = options.thresholds ?? {};
  knownOptions("thresholds", thresholds, THRESHOLDS);
  for (const [name, value] of Object.entries(thresholds)) numberOption(`thresholds.${name}`, value, 0);
  const schedule = checkSchedule(options);
  return {
    schedule,
    title: titleOf(schedule),
    warmUp: numberOption("warmUp", options.warmUp ?? 1, 0, 3600),
    timeout: integerOption("timeout", options.timeout ?? 30_000, 1, 3_600_000),
    thresholds,
  };
}

function checkHost(url: string, allowRemote: boolean): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new VitrineError("InvalidOption", {
      option: "url",
      expected: "an http or https address",
      received: quote(url),
    });
  }
  if (allowRemote || isLoopback(parsed.hostname)) return;
  const expected = "a loopback address, or allowRemote: true,";
  throw new VitrineError("InvalidOption", { option: "url", expected, received: quote(parsed.host) });
}

function checkSchedule({ rate, concurrency, stages, seconds }: LoadTestOptions): LoadSchedule {
  const given = [rate, concurrency, stages].filter((one) => one !== undefined).length;
  if (given > 1) throw oneOf("rate, concurrency and stages", "several of them");
  if (stages) {
    if (seconds !== undefined) throw oneOf("stages and seconds", "both");
    return checkStages(stages);
  }
  const length = numberOption("seconds", seconds ?? 10, 0.1, 86_400);
  if (rate !== undefined) return constantLoad("open", numberOption("rate", rate, 0.01, MAX_RATE), length);
  return constantLoad("closed", integerOption("concurrency", concurrency ?? 8, 1, MAX_CLIENTS), length);
}

function checkStages(stages: readonly LoadTestStage[]): LoadSchedule {
  if (!Array.isArray(stages) || stages.length === 0) {
    throw new VitrineError("InvalidOption", {
      option: "stages",
      expected: "a list of at least one",
      received: quote(stages),
    });
  }
  const list = stages as readonly LoadTestStage[];
  const open = list.every(({ rate, concurrency }) => rate !== undefined && concurrency === undefined);
  const closed = list.every(({ rate, concurrency }) => rate === undefined && concurrency !== undefined);
  if (!open && !closed) throw oneOf("a rate in every stage and a concurrency in every stage", "a mixture");
  const checked = list.map((stage, index) => {
    knownOptions(`stages[${index}]`, stage, ["seconds", "rate", "concurrency"]);
    const most = open ? MAX_RATE : MAX_CLIENTS;
    const target = numberOption(
      `stages[${index}].${open ? "rate" : "concurrency"}`,
      stage.rate ?? stage.concurrency,
      0,
      most,
    );
    return { seconds: numberOption(`stages[${index}].seconds`, stage.seconds, 0.1, 86_400), target };
  });
  return { model: open ? "open" : "closed", stages: checked, from: 0 };
}

const oneOf = (names: string, received: string) =>
  new VitrineError("InvalidOption", { option: "the load", expected: `one of ${names}`, received });

function titleOf(schedule: LoadSchedule): string {
  const { model, stages } = schedule;
  const unit = model === "open" ? "requests a second" : "clients";
  const targets = stages.map(({ target }) => target).join(", then ");
  return `${targets} ${unit} for ${scheduleSeconds(schedule)} s`;
}
