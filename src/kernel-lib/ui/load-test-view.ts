/** A load test while it goes: answers a second and latencies, live in a notebook, as lines elsewhere. */
import { kernelPort } from "../comm/port.js";
import { loadLatencySpec, loadThroughputSpec, type PlotSpec, type StaticPanel } from "../plots/index.js";
import type { FigureEventName } from "../protocol/index.js";
import type { LoadTestObserver, LoadTestPlan, LoadTestProgress } from "../structures/load-test.js";
import { describePlot } from "./describe-plot.js";
import { PlotWidget } from "./plot-widget.js";

const EMPTY = { edges: [], counts: [] };
const HEIGHT = 360;

export class LoadTestView extends PlotWidget implements LoadTestObserver {
  private specs: readonly PlotSpec[] = [loadThroughputSpec([], "Answers"), loadLatencySpec(EMPTY, "Latency")];

  constructor() {
    super();
    this.redraw();
  }

  async onStart({ title }: LoadTestPlan): Promise<void> {
    this.specs = [loadThroughputSpec([], title), loadLatencySpec(EMPTY, "Latency")];
    this.redraw();
    await this.show();
  }

  onProgress(progress: LoadTestProgress): void {
    const { elapsed, seconds, good } = progress;
    const done = `${Math.min(elapsed, seconds).toFixed(0)} of ${seconds} s: ${good} good answers`;
    this.draw(progress, elapsed < 0 ? "Warming up" : done);
  }

  async onEnd(progress: LoadTestProgress): Promise<void> {
    this.draw(progress, `${progress.good} good answers in ${progress.seconds} s`);
    // What the notebook keeps has to be there when the cell ends; a picture that can't be made is no reason to fail it.
    await this.refreshStatic().catch((error: unknown) => {
      process.stderr.write(`The picture of the load test was not kept: ${String(error)}\n`);
    });
  }

  protected override panels(): readonly StaticPanel[] {
    return this.specs.map((spec) => ({ spec, description: describePlot(spec), height: HEIGHT }));
  }

  protected override listens(): readonly FigureEventName[] {
    return [];
  }

  private draw({ timeline, histogram, latency, seconds }: LoadTestProgress, title: string): void {
    const { p50, p99 } = latency;
    // What is answered after the end belongs to no whole second: it would look like a collapse.
    const within = timeline.filter(({ second }) => second < seconds);
    const times = `Latency: half within ${time(p50)}, 99 % within ${time(p99)}`;
    this.specs = [loadThroughputSpec(within, title), loadLatencySpec(histogram, times)];
    this.redraw();
  }
}

/** A line now and then. */
export class LoadTestLines implements LoadTestObserver {
  private readonly write: (line: string) => void;
  private last = 0;

  constructor(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)) {
    this.write = write;
  }

  onStart({ title }: LoadTestPlan): void {
    this.write(title);
  }

  onProgress({ elapsed, seconds, good, errors, latency }: LoadTestProgress): void {
    if (elapsed < 0 || elapsed - this.last < 2) return;
    this.last = elapsed;
    this.write(
      `${elapsed.toFixed(0)} of ${seconds} s: ${good} good, ${errors} errors, p99 ${latency.p99.toFixed(0)} ms`,
    );
  }
}

export const loadTestObserver = (): LoadTestObserver => (kernelPort() ? new LoadTestView() : new LoadTestLines());

const time = (milliseconds: number) => `${Number(milliseconds.toPrecision(3))} ms`;
