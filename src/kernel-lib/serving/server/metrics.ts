/** What Prometheus reads. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

import type { ScoredPicture } from "../supervisor/dispatcher.js";
import type { Service } from "./service.js";

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class ServiceMetrics {
  readonly registry = new Registry();
  private readonly requests: Counter<"route" | "status">;
  private readonly duration: Histogram<"route">;
  private readonly stage: Histogram<"stage">;
  private readonly pictures: Counter;
  private readonly batch: Histogram;
  /** A route's, since somebody last read. */
  private readonly refusals = new Map<string, number>();

  constructor(service: Service) {
    const registers = [this.registry];
    this.registry.setDefaultLabels({ service: service.name });
    this.requests = new Counter({
      name: "vitrine_requests_total",
      help: "Requests answered",
      labelNames: ["route", "status"],
      registers,
      collect: () => this.countRefusals(),
    });
    this.duration = new Histogram({
      name: "vitrine_request_seconds",
      help: "From a request's head to its answer's end, but for those refused for want of room",
      labelNames: ["route"],
      buckets: SECONDS,
      registers,
    });
    this.stage = new Histogram({
      name: "vitrine_picture_stage_seconds",
      help: "Where a picture spent its time",
      labelNames: ["stage"],
      buckets: SECONDS,
      registers,
    });
    this.pictures = new Counter({ name: "vitrine_pictures_total", help: "Pictures scored", registers });
    this.batch = new Histogram({
      name: "vitrine_batch_pictures",
      help: "Pictures that were computed together",
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    });
    const gauge = (name: string, help: string, value: () => number) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    gauge("vitrine_queue_pictures", "Pictures that wait", () => service.dispatcher.waiting);
    gauge("vitrine_computing_pictures", "Pictures that replicas have", () => service.dispatcher.computing);
    gauge("vitrine_queue_capacity_pictures", "Pictures that may wait", () => service.dispatcher.capacity);
    gauge("vitrine_replicas_ready", "Replicas that can score", () => service.replicas().ready);
    gauge("vitrine_replicas_wanted", "Replicas that are wanted", () => service.replicas().wanted);
    gauge("vitrine_replica_restarts_total", "Replicas that ended without being told to", () => service.restarts);
    gauge("vitrine_model_version", "Version of the model", () => service.version);
    gauge("process_resident_memory_bytes", "Of the service's own process", () => process.memoryUsage.rss());
    gauge("process_cpu_seconds_total", "Of the service's own process", cpuSeconds);
  }

  answered(route: string, status: number, milliseconds: number): void {
    this.requests.inc({ route, status: String(status) });
    this.duration.observe({ route }, milliseconds / 1000);
  }

  /** For want of room, with 503. */
  refused(route: string): void {
    this.refusals.set(route, (this.refusals.get(route) ?? 0) + 1);
  }

  scored({ queued, times }: ScoredPicture): void {
    this.pictures.inc();
    this.batch.observe(times.batch);
    const stages = { queue: queued, decode: times.decode, batch: times.wait, model: times.model };
    for (const [stage, milliseconds] of Object.entries(stages)) this.stage.observe({ stage }, milliseconds / 1000);
  }

  private countRefusals(): void {
    for (const [route, count] of this.refusals) this.requests.inc({ route, status: "503" }, count);
    this.refusals.clear();
  }
}

export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
