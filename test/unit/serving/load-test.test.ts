/** Load tests against servers of our own, whose behaviour is known. */
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";

import { LoadGenerator } from "../../../src/kernel-lib/serving/load-test/generator.js";
import { LoadReport } from "../../../src/kernel-lib/serving/load-test/load-report.js";
import {
  checkLoadTestOptions,
  type LoadTestOptions,
} from "../../../src/kernel-lib/serving/load-test/load-test-options.js";
import type { LoadReportData } from "../../../src/kernel-lib/serving/load-test/report-data.js";
import { histogramOf, Samples, summarise } from "../../../src/kernel-lib/serving/load-test/samples.js";
import {
  arrivals,
  constantLoad,
  targetAt,
  type LoadSchedule,
} from "../../../src/kernel-lib/serving/load-test/schedule.js";

const URL = "http://127.0.0.1:1/score";

describe("arrivals", () => {
  it("come evenly at a constant rate", () => {
    expect([...arrivals(constantLoad("open", 4, 1))]).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it("are as many as the load sums up to, in rising order, within the stages", () => {
    const stage = fc.record({
      seconds: fc.double({ min: 0.1, max: 5, noNaN: true }),
      target: fc.double({ min: 1, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 4 }), (stages) => {
        const schedule: LoadSchedule = { model: "open", stages, from: 0 };
        const times = [...arrivals(schedule)];
        const areas = stages.map(({ seconds, target }, i) => (((stages[i - 1]?.target ?? 0) + target) / 2) * seconds);
        const total = areas.reduce((sum, area) => sum + area, 0);
        const length = stages.reduce((sum, { seconds }) => sum + seconds, 0);
        expect(Math.abs(times.length - total)).toBeLessThanOrEqual(1.001);
        times.forEach((time, i) => expect(time).toBeGreaterThanOrEqual(times[i - 1] ?? 0));
        expect(times.at(-1) ?? 0).toBeLessThanOrEqual(length + 1e-6);
      }),
    );
  });

  it("follow a line between stages", () => {
    const schedule: LoadSchedule = {
      model: "closed",
      from: 0,
      stages: [
        { seconds: 10, target: 20 },
        { seconds: 5, target: 20 },
      ],
    };
    expect([0, 5, 10, 12, 99].map((time) => targetAt(schedule, time))).toEqual([0, 10, 20, 20, 20]);
  });
});

describe("summaries", () => {
  it("have the percentiles of numpy 2.4: quantile(arange(1, 1001), q)", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i + 1);
    const expected = {
      min: 1,
      p50: 500.5,
      p90: 900.1,
      p95: 950.05,
      p99: 990.01,
      p999: 999.001,
      max: 1000,
      mean: 500.5,
    };
    for (const [name, value] of Object.entries(summarise(values))) {
      expect(value).toBeCloseTo(expected[name as keyof typeof expected], 9);
    }
  });

  it("count every latency in the histogram once, between its edges", () => {
    const latencies = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(latencies, (values) => {
        const { edges, counts } = histogramOf(Float64Array.from(values).sort());
        expect(edges).toHaveLength(counts.length + 1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        expect(edges[0] ?? NaN).toBeLessThanOrEqual(Math.min(...values) * 1.0001);
        expect(edges.at(-1) ?? NaN).toBeGreaterThanOrEqual(Math.max(...values) * 0.9999);
      }),
    );
  });

  it("count what was done of the warm-up's requests in the measurement's time, and nothing else of them", () => {
    const samples = new Samples();
    samples.addRequest(0);
    samples.addEarlier();
    samples.addGood(0.5, 10, true);
    samples.addGood(2.5, 30, false);
    const { requests, good, answered, latency } = samples.measured(2);
    expect([requests, good, answered, latency.min]).toEqual([1, 1, 2, 10]);
  });

  it("tell good answers from errors, second by second, and leave late ones out of the throughput", () => {
    const samples = new Samples();
    for (let i = 0; i < 4; i++) samples.addRequest(0);
    samples.addGood(0.5, 10, true);
    samples.addGood(2.5, 30, false);
    samples.addError(1.1, "503");
    samples.addError(1.2, "503");
    const { good, errors, timeline } = samples.measured(2);
    expect(good).toBe(1);
    expect(errors).toEqual({ "503": 2 });
    expect(timeline.map((second) => [second.good, second.errors])).toEqual([[1, 0], [0, 2], [1, 0]]); // prettier-ignore
  });
});

describe("LoadGenerator", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function generator(
    listener: RequestListener,
    schedule: LoadSchedule,
    timeout = 5000,
    warmUp = 0,
  ): Promise<LoadGenerator> {
    const made = createServer(listener);
    server = made;
    await new Promise<void>((resolve) => void made.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
    const bodies = [Buffer.from("a"), Buffer.from("b")];
    return new LoadGenerator(
      { url, headers: {}, bodies, method: "POST", ca: undefined, timeout },
      { schedule, warmUp },
    );
  }

  /** Answers nobody for half a second, from the 20th request on; `waiting` are those that came meanwhile. */
  const standstill = () => {
    const waiting: ServerResponse[] = [];
    let [count, over] = [0, false];
    const listener: RequestListener = (request, response) => {
      request.resume();
      if (++count < 20 || over) {
        response.end();
        return;
      }
      waiting.push(response);
      if (waiting.length > 1) return;
      setTimeout(() => {
        over = true;
        for (const one of waiting) one.end();
      }, 500);
    };
    return { listener, waiting };
  };

  it("sees in the open model what waits while a service stands still", async () => {
    const { listener, waiting } = standstill();
    const load = await generator(listener, constantLoad("open", 100, 1));
    const { latency, requests, errors } = await load.run();
    expect([requests, errors]).toEqual([100, {}]);
    // Half of all requests were due in the half second without answers, and waited a quarter of a second on average.
    expect(waiting.length).toBeGreaterThan(2);
    expect(latency.p90).toBeGreaterThan(250);
    expect(latency.mean).toBeGreaterThan(80);
  });

  it("counts for the throughput what waited since the warm-up", async () => {
    const late: RequestListener = (request, response) => {
      request.resume();
      setTimeout(() => response.end(), 400);
    };
    const load = await generator(late, constantLoad("open", 50, 1), 5000, 0.6);
    const { requests, good, answered } = await load.run();
    expect(requests).toBe(50);
    expect(answered).toBeGreaterThan(good);
  });

  it("does not in the closed model: only those that were under way waited", async () => {
    const { listener, waiting } = standstill();
    const load = await generator(listener, constantLoad("closed", 2, 60));
    const running = load.run();
    // Some after it, too.
    await expect.poll(() => waiting.every(({ writableEnded }) => writableEnded) && load.measured.good > 30).toBe(true);
    load.stop();
    const { latency } = await running;
    expect(waiting).toHaveLength(2);
    expect(latency.max).toBeGreaterThan(300);
  });

  it("keeps as many requests under way as there are clients, sends the bodies in turn, and counts errors by kind", async () => {
    let [now, most, count] = [0, 0, 0];
    const bodies: string[] = [];
    let allThere: () => void = () => undefined;
    const three = new Promise<void>((resolve) => (allThere = resolve));
    const load = await generator(
      (request, response) => {
        most = Math.max(most, ++now);
        if (most === 3) allThere();
        request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
        const answer = async () => {
          await three;
          await wait(5);
          now--;
          const turn = count++ % 4;
          if (turn === 3) request.socket.destroy();
          else response.writeHead([200, 503, 200][turn] ?? 200).end();
        };
        request.on("end", () => void answer());
      },
      constantLoad("closed", 3, 60),
    );
    const running = load.run();
    await expect.poll(() => count).toBeGreaterThan(40);
    load.stop();
    const { requests, errors, latency } = await running;
    expect(most).toBe(3);
    expect(new Set(bodies)).toEqual(new Set(["a", "b"]));
    expect(Object.keys(errors).sort()).toEqual(["503", "ECONNRESET"]);
    const failed = Object.values(errors).reduce((sum, value) => sum + value, 0);
    expect(failed / requests).toBeGreaterThan(0.4);
    expect(latency.min).toBeGreaterThan(4);
  });

  it("waits at the end for what is under way, as long as its own time is", async () => {
    const slow: RequestListener = (_request, response) => void setTimeout(() => response.end(), 5500);
    const load = await generator(slow, constantLoad("closed", 2, 0.05), 100_000);
    const { requests, errors, latency } = await load.run();
    expect([requests, errors]).toEqual([2, {}]);
    expect(latency.min).toBeGreaterThan(5400);
  });

  it("gives up on a request after its time", async () => {
    const load = await generator(() => undefined, constantLoad("open", 10, 0.3), 50);
    const { errors, good } = await load.run();
    expect([errors, good]).toEqual([{ timeout: 3 }, 0]);
  });

  it("stops when it is told", async () => {
    const load = await generator((_request, response) => void response.end(), constantLoad("closed", 2, 60));
    const running = load.run();
    await expect.poll(() => load.measured.good).toBeGreaterThan(0);
    load.stop();
    const { seconds, good } = await running;
    expect(seconds).toBeLessThan(60);
    expect(good).toBeGreaterThan(0);
  });
});

describe("options", () => {
  it.each([
    [{ rate: 5, concurrency: 2 }, /one of rate, concurrency and stages/],
    [{ rate: -1 }, /rate/],
    [{ concurrency: 1.5 }, /an integer between 1 and 4096 for concurrency/],
    [{ stages: [] }, /at least one/],
    [
      {
        stages: [
          { seconds: 1, rate: 1 },
          { seconds: 1, concurrency: 1 },
        ],
      },
      /a rate in every stage/,
    ],
    [{ stages: [{ seconds: 1, rate: 1 }], seconds: 5 }, /stages and seconds/],
    [{ thresholds: { p98: 5 } }, /p98/],
    [{ users: 5 }, /users/],
  ])("refuses %j", (options, message) => {
    expect(() => checkLoadTestOptions(URL, options as LoadTestOptions)).toThrow(message);
  });

  it("measures only this machine, unless it may measure others", () => {
    for (const url of ["https://example.org/score", "http://192.168.0.1/", "http://127.0.0.1.example.org/"]) {
      expect(() => checkLoadTestOptions(url, {})).toThrow(/a loopback address, or allowRemote: true/);
      expect(checkLoadTestOptions(url, { allowRemote: true }).title).toBe("8 clients for 10 s");
    }
    expect(() => checkLoadTestOptions("ftp://127.0.0.1/", {})).toThrow(/http/);
    expect(checkLoadTestOptions("http://[::1]:8080/", {}).title).toBe("8 clients for 10 s");
  });
});

describe("LoadReport", () => {
  const data = (changes: Partial<LoadReportData> = {}): LoadReportData => ({
    url: `http://127.0.0.1/<script>`,
    title: "8 clients for 10 s",
    model: "closed",
    startedAt: "2026-11-21T00:00:00.000Z",
    seconds: 10,
    requests: 1000,
    good: 1000,
    errors: {},
    throughput: 100,
    latency: { min: 1, mean: 11, p50: 10, p90: 20, p95: 25, p99: 30, p999: 40, max: 50 },
    histogram: { edges: [1, 10, 100], counts: [500, 500] },
    timeline: [{ second: 0, good: 100, errors: 0, p50: 10, p99: 30 }],
    processes: [{ role: "replica", pid: 7, cores: 0.5, memoryBytes: 1e8, peakMemoryBytes: 2e8 }],
    thresholds: [],
    lag: 0,
    ...changes,
  });
  const sentence = (changes: Partial<LoadReportData>) => new LoadReport(data(changes)).sentence;

  it.each<[Partial<LoadReportData>, RegExp]>([
    [
      {},
      /^100\.0 good answers a second over 10 s with no errors; half of them came within 10 ms, 99 of 100 within 30 ms\.$/,
    ],
    [
      { thresholds: [{ name: "p99", limit: 20, value: 30, passed: false }] },
      /^Not good enough: p99 misses its limit\./,
    ],
    [{ thresholds: [{ name: "p99", limit: 40, value: 30, passed: true }] }, /^Every threshold holds\./],
    [
      { errors: { "503": 100 }, model: "open", requests: 2000 },
      /5\.0 % errors \(100 × 503\).*200\.0 requests a second are more than it can take/,
    ],
    [
      { good: 0, errors: { ECONNREFUSED: 1000 } },
      /None of 1000 requests was answered with scores \(1000 × ECONNREFUSED\)/,
    ],
    [{ latency: { ...data().latency, p99: 500 } }, /slowest hundredth takes 50 times/],
    [{ lag: 50 }, /the machine that asks was itself too busy/],
    [{ model: "open", throughput: 50 }, /falls behind/],
  ])("reads %j", (changes, message) => expect(sentence(changes)).toMatch(message));

  it("is JSON, text and a page in which nothing of a name is code", () => {
    const report = new LoadReport(data());
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      throughput: 100,
      passed: true,
      sentence: report.sentence,
    });
    expect(String(report)).toMatch(/latency 50, 90, 95 % +10\.0 ms, 20\.0 ms, 25\.0 ms/);
    const page = report.toHTML();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toContain("<script");
    expect(page.match(/<rect /g)).toHaveLength(3);
  });
});
