/** `vitrine load-test URL`: what a service can do, and what it does under load. */
import { constants } from "node:fs";
import { access, mkdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { runLoadTest } from "../serving/load-test/load-test.js";
import type { LoadTestOptions } from "../serving/load-test/load-test-options.js";
import { writeFileAtomic } from "../structures/atomic-file.js";
import { VitrineError } from "../structures/errors.js";
import { LoadTestLines } from "../ui/load-test-view.js";
import { interruptSignal } from "./interrupt-signal.js";

/** Exit status where a threshold is missed. */
const MISSED = 3;

interface Options {
  rate?: number;
  concurrency?: number;
  seconds: number;
  warmUp: number;
  timeout: number;
  image?: string[];
  key?: string;
  ca?: string;
  threshold?: [string, number][];
  allowRemote?: true;
  json?: string;
  html?: string;
}

export function loadTestCommand(): Command {
  return new Command("load-test")
    .description("measure a service: requests a second, latencies, errors")
    .argument("<url>", "where pictures are sent: http://127.0.0.1:PORT/score")
    .option("--rate <number>", "requests a second, whatever becomes of them", numeric)
    .option("--concurrency <number>", "clients that wait for their answers (default: 8)", numeric)
    .option("--seconds <number>", "length of the measurement", numeric, 10)
    .option("--warm-up <number>", "seconds before anything is counted", numeric, 1)
    .option("--timeout <ms>", "for a request", numeric, 30_000)
    .option("--image <path...>", "pictures, sent in turn (default: a drawn one)")
    .option("--key <key>", "the service's key (default: $VITRINE_KEY)")
    .option("--ca <path>", "certificate to trust, PEM")
    .option(
      "--threshold <name=limit>",
      "p50, p90, p95, p99, max (ms), errorRate (0 to 1), throughput; repeatable",
      threshold,
    )
    .option("--allow-remote", "measure a service on another machine, whose owner knows of it")
    .option("--json <path>", "write the report as JSON; - for standard output")
    .option("--html <path>", "write the report as a page")
    .action(run);
}

async function run(url: string, options: Options): Promise<void> {
  const { seconds, warmUp, timeout, rate, concurrency, image, allowRemote = false } = options;
  const load = { ...(rate !== undefined && { rate }), ...(concurrency !== undefined && { concurrency }) };
  const test: LoadTestOptions = { ...load, seconds, warmUp, timeout, allowRemote, observer: new LoadTestLines() };
  const more = {
    ...(image && { images: image }),
    ...(options.threshold && { thresholds: Object.fromEntries(options.threshold) }),
  };
  const key = (options.key ?? process.env["VITRINE_KEY"])?.trim();
  const ca = options.ca === undefined ? undefined : await readCertificate(options.ca);
  const kept = { json: options.json === "-" ? undefined : options.json, html: options.html };
  for (const path of [kept.json, kept.html]) if (path !== undefined) await prepare(resolve(path));
  const report = await runLoadTest({ url, key, ca }, { ...test, ...more, signal: interruptSignal() });
  const json = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(options.json === "-" ? json : `${String(report)}\n`);
  if (kept.json !== undefined) await writeFileAtomic(resolve(kept.json), json, "the report");
  if (kept.html !== undefined) await writeFileAtomic(resolve(kept.html), report.toHTML(), "the report");
  if (!report.passed) process.exitCode ??= MISSED;
}

async function readCertificate(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(cause);
    throw new VitrineError("MissingFile", { path: resolve(path), what: "a certificate, PEM", reason }, { cause });
  });
}

/** A report that could not be kept is told before the measurement, not after it. */
async function prepare(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new VitrineError(
      "CannotWrite",
      { path, what: "the report", reason: (cause as NodeJS.ErrnoException).code ?? String(cause) },
      { cause },
    );
  }
}

function numeric(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}

function threshold(text: string, before: [string, number][] = []): [string, number][] {
  const [name = "", limit = ""] = text.split("=");
  return [...before, [name, numeric(limit)]];
}
