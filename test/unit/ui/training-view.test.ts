import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { MOST_EPOCHS } from "../../../src/kernel-lib/protocol/index.js";
import type { EpochReport } from "../../../src/kernel-lib/structures/training.js";
import { TrainingLines } from "../../../src/kernel-lib/ui/training-lines.js";
import { defaultTrainingObserver } from "../../../src/kernel-lib/ui/training-observer.js";
import { TrainingView } from "../../../src/kernel-lib/ui/training-view.js";
import { RecordingKernel } from "../comm/recording-kernel.js";

const PLAN = { title: "a head", epochs: 4, images: 40, batchSize: 8 };
const report = (epoch: number, evalError?: number): EpochReport => ({
  epoch,
  learningRate: 0.05,
  loss: 1 / epoch,
  trainError: 0.5 / epoch,
  ...(evalError !== undefined && { evalLoss: 1, evalError }),
  imagesPerSecond: 100,
  seconds: epoch,
});

let kernel: RecordingKernel;

beforeEach(() => {
  kernel = new RecordingKernel();
});

afterEach(() => {
  vi.useRealTimers();
  installKernelPort(undefined);
});

const state = () => Object.assign({}, ...kernel.sent.map(({ data }) => data["state"])) as { [trait: string]: unknown };

describe("TrainingView", () => {
  it("shows itself at the start, under an id that the end can update", async () => {
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    expect(kernel.displays).toHaveLength(1);
    expect(kernel.opened[0]?.data).toMatchObject({ state: { title: "a head", phase: "waiting", epochs: 4 } });
    view.onEpoch(report(1, 0.2));
    view.onEnd({ reason: "finished", bestEpoch: 1 });
    await vi.waitFor(() => expect(kernel.displays).toHaveLength(2), 30_000);
    expect(kernel.displays[1]?.options).toEqual({ displayId: view.id, update: true });
    const html = String(kernel.displays[1]?.bundle["text/html"]);
    expect(html).toContain("1 (kept)");
    expect(html).toContain("20.0 %");
    expect(html).toMatch(/<img alt="[^"]+" src="data:image\/svg/);
  });

  it("works out the time left from the epochs so far", async () => {
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    view.onStep({ phase: "train", epoch: 1, done: 20, total: 40, imagesPerSecond: 90 });
    expect(state()["remaining"]).toBeNull();
    view.onEpoch(report(1));
    view.onEpoch(report(2));
    view.onEnd({ reason: "stopped", bestEpoch: 2 });
    const remaining = kernel.sent.flatMap(({ data }) => {
      const patch = data["state"] as { remaining?: number | null };
      return patch.remaining === undefined ? [] : [patch.remaining];
    });
    expect(remaining[0]).toBeNull();
    expect(state()).toMatchObject({ phase: "stopped", bestEpoch: 2, remaining: 0 });
  });

  it("sends at most about ten updates a second and no more epochs than can be seen, the last one among them", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const view = new TrainingView();
    await view.onStart({ ...PLAN, epochs: 1000 }, () => undefined);
    for (let epoch = 1; epoch <= 1000; epoch++) {
      view.onEpoch(report(epoch));
      vi.advanceTimersByTime(1);
    }
    view.onEnd({ reason: "finished", bestEpoch: 1000 });
    const updates = kernel.sent.filter(({ data }) => data["method"] === "update");
    expect(updates.length).toBeLessThanOrEqual(13);
    const history = state()["history"] as { epoch: number }[];
    expect(history.length).toBeLessThanOrEqual(MOST_EPOCHS);
    expect(history.at(-1)?.epoch).toBe(1000);
  });

  it("sends the longer a training, the fewer updates: each has the whole history", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const view = new TrainingView();
    await view.onStart({ ...PLAN, epochs: 3000 }, () => undefined);
    for (let epoch = 1; epoch <= 3000; epoch++) {
      view.onEpoch(report(epoch));
      vi.advanceTimersByTime(1);
    }
    const rows = kernel.sent.map(({ data }) => (data["state"] as { history?: unknown[] }).history?.length ?? 0);
    // Three seconds, in each at most a thousand rows.
    expect(rows.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(4000);
    view.onEnd({ reason: "finished", bestEpoch: 2999 });
    expect((state()["history"] as { epoch: number }[]).slice(-2).map(({ epoch }) => epoch)).toEqual([2999, 3000]);
  });

  it("stops once, whatever is still reported, and not after the end", async () => {
    const view = new TrainingView();
    const stop = vi.fn();
    await view.onStart(PLAN, stop);
    const press = () => kernel.receive(view.id, { method: "custom", content: { type: "stop" } });
    await press();
    view.onStep({ phase: "train", epoch: 2, done: 8, total: 40, imagesPerSecond: 90 });
    view.onEpoch(report(1));
    expect(state()["phase"]).toBe("stopping");
    view.onEnd({ reason: "stopped", bestEpoch: 1 });
    await press();
    expect(stop).toHaveBeenCalledOnce();
    expect(state()["phase"]).toBe("stopped");
  });

  it("says why a training failed, and names no epoch that was never finished", async () => {
    const view = new TrainingView();
    await view.onStart(PLAN, () => undefined);
    view.onEnd({ reason: "failed", bestEpoch: 0, message: "the loss of epoch 1 is NaN" });
    expect(state()).toMatchObject({ phase: "failed", bestEpoch: null, message: "the loss of epoch 1 is NaN" });
  });
});

describe("TrainingLines", () => {
  it("writes a line to begin with, one an epoch, one at the end", () => {
    const lines: string[] = [];
    const observer = new TrainingLines((line) => void lines.push(line));
    observer.onStart(PLAN);
    observer.onEpoch(report(1, 0.25));
    observer.onEpoch(report(2));
    observer.onEnd({ reason: "finished", bestEpoch: 1 });
    expect(lines).toEqual([
      "a head: 4 epochs, 40 images, 8 a batch",
      "epoch 1/4  loss 1.0000  training error 50.0 %  evaluation loss 1.0000  evaluation error 25.0 %  100 images/s  1.0 s",
      "epoch 2/4  loss 0.5000  training error 25.0 %  100 images/s  2.0 s",
      "finished; the weights of epoch 1 are kept",
    ]);
  });

  it("watches where there is no kernel, the view where there is one", () => {
    expect(defaultTrainingObserver()).toBeInstanceOf(TrainingView);
    installKernelPort(undefined);
    expect(defaultTrainingObserver()).toBeInstanceOf(TrainingLines);
  });
});

describe("a detector's training", () => {
  const losses = { objectness: 0.1, proposalBox: 0.2, classes: 0.3, box: 0.4 };
  const detector = { ...PLAN, title: "a detector", epochs: 350, unit: "step" } as const;
  const step: EpochReport = { ...report(7), loss: 1, losses, evalLoss: 1.5, evalMeanAp: 0.625 };

  it("is shown by steps, with the four losses and the precision", async () => {
    const view = new TrainingView();
    await view.onStart(detector, () => undefined);
    view.onEpoch(step);
    view.onEnd({ reason: "finished", bestEpoch: 7 });
    await vi.waitFor(() => expect(kernel.displays).toHaveLength(2), 30_000);
    const html = String(kernel.displays[1]?.bundle["text/html"]);
    for (const text of ["Step", "mAP", "0.625", "Region error", "The weights of step 7 were kept"]) {
      expect(html).toContain(text);
    }
    const drawing = Buffer.from(/svg\+xml;base64,([^"]+)/.exec(html)?.[1] ?? "", "base64").toString();
    expect(drawing).toContain("where exactly?");
    expect(drawing).toContain("Mean average precision by step");
    expect(kernel.opened[0]?.data).toMatchObject({ state: { unit: "step", epochs: 350 } });
  });

  it("is told in lines", () => {
    const lines: string[] = [];
    const watcher = new TrainingLines((line) => lines.push(line));
    watcher.onStart(detector);
    watcher.onEpoch(step);
    expect(lines[0]).toBe("a detector: 350 steps, 40 images, 8 a batch");
    expect(lines[1]).toMatch(
      /^step {3}7\/350 {2}loss 1\.0000 \(objectness 0\.100, proposal box 0\.200, class 0\.300, box 0\.400\)/,
    );
    expect(lines[1]).toContain("mAP 0.625");
  });
});
