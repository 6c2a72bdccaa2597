/**
 * Makes requests and measures them. In the open model a latency counts from when the request was due, not from when it was sent: a
 * service that stands still can't hold the clock with it (Tene's "coordinated omission").
 */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import { urlToHttpOptions } from "node:url";

import { Samples, type MeasuredLoad } from "./samples.js";
import { arrivals, scheduleSeconds, targetAt, type LoadSchedule } from "./schedule.js";

export interface LoadTarget {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Sent in turn. */
  bodies: readonly Uint8Array[];
  method: "GET" | "POST";
  ca: string | undefined;
  /** Milliseconds for a request. */
  timeout: number;
}

export interface LoadSettings {
  schedule: LoadSchedule;
  /** Seconds at the first load before anything is counted. */
  warmUp: number;
}

/** Milliseconds for what is under way when it is stopped; else its own time limit is its end. */
const GRACE = 5000;

export class LoadGenerator {
  private readonly target: LoadTarget;
  private readonly settings: LoadSettings;
  private readonly samples = new Samples();
  private readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;
  /** For each body, made once: at hundreds of requests a second an address that is read anew each time shows. */
  private readonly requests: readonly RequestOptions[];
  private readonly underWay = new Set<ClientRequest>();
  private count = 0;
  private stopped = false;
  /** When the measurement begins and ends, on `performance.now`'s clock. */
  private begin = 0;
  private end = Infinity;

  constructor(target: LoadTarget, settings: LoadSettings) {
    this.target = target;
    this.settings = settings;
    const secure = target.url.startsWith("https:");
    const options = { keepAlive: true, scheduling: "lifo" as const };
    this.agent = secure ? new HttpsAgent({ ...options, ca: target.ca }) : new HttpAgent(options);
    this.send = secure ? httpsRequest : httpRequest;
    this.requests = requestOptions(target, this.agent);
  }

  async run(): Promise<MeasuredLoad> {
    const { schedule, warmUp } = this.settings;
    this.begin = performance.now() + warmUp * 1000;
    this.end = this.begin + scheduleSeconds(schedule) * 1000;
    await (schedule.model === "open" ? this.runOpen() : this.runClosed());
    await this.finish();
    this.agent.destroy();
    return this.samples.measured(this.measuredSeconds(this.end));
  }

  /** So far. */
  get measured(): MeasuredLoad {
    return this.samples.measured(this.measuredSeconds(performance.now()));
  }

  /** Seconds since the measurement began; below 0 before. */
  get elapsed(): number {
    return (Math.min(performance.now(), this.end) - this.begin) / 1000;
  }

  stop(): void {
    this.stopped = true;
    this.end = Math.max(this.begin, Math.min(this.end, performance.now()));
  }

  private measuredSeconds(until: number): number {
    return Math.max(1e-3, (Math.min(until, this.end) - this.begin) / 1000);
  }

  private async runOpen(): Promise<void> {
    const { schedule, warmUp } = this.settings;
    const first = Math.max(targetAt(schedule, 0), targetAt(schedule, 1));
    const warm = { model: "open" as const, from: first, stages: [{ seconds: warmUp, target: first }] };
    if (warmUp > 0) await this.sendAll(arrivals(warm), this.begin - warmUp * 1000);
    await this.sendAll(arrivals(schedule), this.begin);
    await wait(Math.max(0, this.end - performance.now()));
  }

  /** @param from when the times begin */
  private async sendAll(times: Iterable<number>, from: number): Promise<void> {
    for (const time of times) {
      const due = from + time * 1000;
      // Whatever is due by now goes at once; a timer is not exacter than a millisecond.
      while (!this.stopped && due - performance.now() > 0.5) await wait(Math.min(100, due - performance.now()));
      if (this.stopped) return;
      void this.request(due);
    }
  }

  private async runClosed(): Promise<void> {
    const { schedule } = this.settings;
    const most = Math.ceil(Math.max(schedule.from, ...schedule.stages.map(({ target }) => target)));
    await Promise.all(Array.from({ length: most }, (_, index) => this.client(index)));
  }

  /** One of the clients: it works while so many are wanted. */
  private async client(index: number): Promise<void> {
    while (!this.stopped && performance.now() < this.end) {
      const time = Math.max(0, (performance.now() - this.begin) / 1000);
      if (index < targetAt(this.settings.schedule, time)) await this.request(performance.now());
      else await wait(20);
    }
  }

  private request(due: number): Promise<void> {
    const started = performance.now();
    const counts = due >= this.begin && due < this.end;
    if (counts) this.samples.addRequest(started - due);
    const { bodies, timeout } = this.target;
    const turn = this.count++ % this.requests.length;
    const body = bodies[turn];
    return new Promise((resolve) => {
      let settled = false;
      const settle = (kind: string | undefined) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        this.underWay.delete(sent);
        if (counts) this.record(due, kind);
        else if (kind === undefined && this.elapsed >= 0 && performance.now() <= this.end) this.samples.addEarlier();
        resolve();
      };
      const sent = this.send(this.requests[turn] ?? {}, (response) => this.receive(response, settle));
      const timer = setTimeout(() => {
        settle("timeout");
        sent.destroy();
      }, timeout);
      this.underWay.add(sent);
      sent.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
      sent.once("close", () => settle("closed"));
      sent.end(body);
    });
  }

  private receive(response: IncomingMessage, settle: (kind: string | undefined) => void): void {
    response.resume();
    response.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    response.once("end", () => {
      const status = response.statusCode ?? 0;
      settle(status === 200 ? undefined : String(status));
    });
  }

  private record(due: number, kind: string | undefined): void {
    const now = performance.now();
    const at = (now - this.begin) / 1000;
    if (kind === undefined) this.samples.addGood(at, now - due, now <= this.end);
    else this.samples.addError(at, kind);
  }

  /** What is under way may end; what does not is an error. */
  private async finish(): Promise<void> {
    const from = performance.now();
    while (this.underWay.size > 0 && !(this.stopped && performance.now() - from > GRACE)) await wait(10);
    for (const sent of [...this.underWay]) sent.destroy(Object.assign(new Error("unfinished"), { code: "unfinished" }));
    while (this.underWay.size > 0) await wait(1);
  }
}

/** One for each body, or one without. */
function requestOptions({ url, headers, bodies, method }: LoadTarget, agent: HttpAgent): RequestOptions[] {
  const address = urlToHttpOptions(new URL(url));
  const lengths = bodies.length > 0 ? bodies.map((body) => ({ "content-length": String(body.length) })) : [{}];
  return lengths.map((length) => ({ ...address, agent, method, headers: { ...headers, ...length } }));
}
