/** Measures a service under load: the requests are made by a thread of their own, watched from here. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { packageFolder } from "../../engine/package-folder.js";
import { harmless } from "../../engine/training-watch.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { quote, VitrineError } from "../../structures/errors.js";
import type { LoadTestObserver, LoadTestProgress } from "../../structures/load-test.js";
import { pictureBytes } from "../client/picture-source.js";
import { checkKey, inputBody, type ServiceEndpoint } from "../client/scoring-client.js";
import { samplePicture } from "../replica/sample-picture.js";
import type { ServiceStatus } from "../service-status.js";
import type { LoadTarget } from "./generator.js";
import { LoadReport } from "./load-report.js";
import type { ThresholdResult } from "./report-data.js";
import { checkLoadTestOptions, type LoadTestOptions, type LoadTestThresholds } from "./load-test-options.js";
import type { FromGenerator, LoadOrder } from "./messages.js";
import { defaultLoadTestObserver } from "./observers.js";
import { ProcessWatch } from "./process-watch.js";
import type { MeasuredLoad } from "./samples.js";
import { scheduleSeconds } from "./schedule.js";

/**
 * @param endpoint where pictures are sent
 * @param readStatus of a service of this user's, for its processes
 * @throws InvalidOption, and what reading a picture does
 */
export async function runLoadTest(
  endpoint: ServiceEndpoint,
  options: LoadTestOptions = {},
  readStatus?: () => Promise<ServiceStatus>,
): Promise<LoadReport> {
  const { schedule, title, warmUp, timeout, thresholds } = checkLoadTestOptions(endpoint.url, options);
  const target = await loadTarget(endpoint, options, timeout);
  const observer = options.observer === undefined ? defaultLoadTestObserver() : (options.observer ?? undefined);
  const watch = readStatus && new ProcessWatch(readStatus);
  const startedAt = new Date().toISOString();
  const seconds = scheduleSeconds(schedule);
  const order: LoadOrder = { target, settings: { schedule, warmUp } };
  const watching = { observer, watch, title, seconds, signal: effectiveSignal(options.signal) };
  const { answered, ...measured } = await inThread(order, watching);
  const processes = (await watch?.stop()) ?? [];
  const throughput = answered / measured.seconds;
  const checked = checkThresholds(thresholds, measured, throughput);
  const facts = {
    url: endpoint.url,
    title,
    model: schedule.model,
    startedAt,
    throughput,
    processes,
    thresholds: checked,
  };
  const report = new LoadReport({ ...measured, ...facts });
  await observer?.onEnd?.(progressOf(measured.seconds, seconds, measured), report.sentence);
  return report;
}

async function loadTarget(endpoint: ServiceEndpoint, options: LoadTestOptions, timeout: number): Promise<LoadTarget> {
  const { inputs, parameters = {} } = options;
  const bodies = inputs ? inputBodies(inputs, options) : await pictureBodies(options);
  const url = new URL(endpoint.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  const { key, ca } = endpoint;
  const authorization = key === undefined ? {} : { authorization: `Bearer ${checkKey(key)}` };
  const headers = { "content-type": inputs ? "application/json" : "application/octet-stream", ...authorization };
  return { url: url.href, method: "POST", headers, bodies, ca, timeout };
}

async function pictureBodies({ images, signal }: LoadTestOptions): Promise<Uint8Array[]> {
  if (!images) return [await samplePicture()];
  checkSome("images", images, "at least one picture");
  return Promise.all(images.map((image) => pictureBytes(image, { signal })));
}

function inputBodies(inputs: readonly unknown[], { images }: LoadTestOptions): Uint8Array[] {
  checkSome("inputs", inputs, "at least one input");
  if (images) {
    const details = { option: "inputs", expected: "nothing beside images", received: `${inputs.length}` };
    throw new VitrineError("InvalidOption", details);
  }
  return inputs.map((input) => Buffer.from(inputBody(input)));
}

function checkSome(option: string, list: readonly unknown[], expected: string): void {
  // Callers in plain JavaScript pass a data set.
  if (!Array.isArray(list)) {
    const ofTheSet =
      typeof list === "object" && "images" in (list as object) ? "a data set; give its images" : quote(list);
    throw new VitrineError("InvalidOption", { option, expected: `a list of ${expected}`, received: ofTheSet });
  }
  if (list.length > 0) return;
  throw new VitrineError("InvalidOption", { option, expected, received: "an empty list" });
}

/** All but what the throughput is made of. */
type Measured = Omit<MeasuredLoad, "answered">;

interface Watching {
  observer: LoadTestObserver | undefined;
  watch: ProcessWatch | undefined;
  title: string;
  seconds: number;
  signal: AbortSignal | undefined;
}

async function inThread(
  order: LoadOrder,
  { observer, watch, title, seconds, signal }: Watching,
): Promise<MeasuredLoad> {
  const worker = new Worker(join(packageFolder(), "dist", "serving", "load-test", "worker.js"), { workerData: order });
  // It may have ended by itself meanwhile.
  const stop = () => worker.postMessage("stop");
  signal?.addEventListener("abort", stop, { once: true });
  await observer?.onStart?.({ title, seconds }, stop);
  let watching = false;
  try {
    return await new Promise<MeasuredLoad>((resolve, reject) => {
      worker.on("message", (message: FromGenerator) => {
        if (message.type === "done") {
          resolve(message.measured);
          return;
        }
        // What a warm-up costs is not the load's.
        if (message.elapsed >= 0 && !watching) {
          watching = true;
          watch?.start();
        }
        harmless(() => observer?.onProgress?.(progressOf(message.elapsed, seconds, message.measured)));
      });
      worker.once("error", reject);
    });
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function progressOf(elapsed: number, seconds: number, measured: Measured): LoadTestProgress {
  const { requests, good, timeline, latency, histogram } = measured;
  return { elapsed, seconds, requests, good, errors: failures(measured), timeline, latency, histogram };
}

const failures = ({ errors }: Measured) => Object.values(errors).reduce((sum, count) => sum + count, 0);

function checkThresholds(limits: LoadTestThresholds, measured: Measured, throughput: number): ThresholdResult[] {
  const values: Required<LoadTestThresholds> = {
    ...measured.latency,
    errorRate: failures(measured) / Math.max(1, measured.requests),
    throughput,
  };
  return Object.entries(limits).map(([name, limit]: [string, number]) => {
    const value = values[name as keyof LoadTestThresholds];
    // Where nothing was answered, no latency is good.
    const holds = measured.good > 0 || name === "errorRate" ? value <= limit : false;
    return { name, limit, value, passed: name === "throughput" ? value >= limit : holds };
  });
}
