/**
 * A training while it goes: bar, losses, errors, curves, time left, and a Stop button that keeps the best epoch. It shows itself
 * under the cell that trains, and stays in the notebook as a table and a picture.
 */
import { Throttle } from "../comm/throttle.js";
import { Widget, type StaticView } from "../comm/widget.js";
import {
  hasEnded,
  TRAINING_DEFAULTS,
  type TrainingCommand,
  type TrainingRow,
  type TrainingState,
} from "../protocol/index.js";
import type {
  EpochReport,
  StepReport,
  TrainingObserver,
  TrainingOutcome,
  TrainingPlan,
} from "../structures/training.js";
import { spreadEpochs } from "./spread-epochs.js";
import { trainingAsHtml, trainingAsText } from "./training-summary.js";

/** Between two updates, in milliseconds: for as many epochs at the least. A long training would send a page its whole history ten times a second. */
const INTERVAL = 100;

/** A training while it goes, with a Stop button; what a notebook shows where no other observer is given. */
export class TrainingView extends Widget<TrainingState, TrainingCommand> implements TrainingObserver {
  private readonly updates = new Throttle<TrainingState>(
    (patch) => this.set(patch),
    () => Math.max(INTERVAL, this.state.history.length),
  );
  private stop: (() => void) | undefined;
  private startedAt = 0;
  private history: TrainingRow[] = [];

  constructor() {
    super("Training", TRAINING_DEFAULTS);
  }

  /** Shows the view. A second training begins with an empty one. */
  async onStart(plan: TrainingPlan, stop: () => void): Promise<void> {
    this.stop = stop;
    this.startedAt = performance.now();
    this.history = [];
    this.updates.flush();
    this.set({ ...TRAINING_DEFAULTS, ...plan });
    await this.show();
  }

  onStep(report: StepReport): void {
    const { phase, ...progress } = report;
    this.updates.add({
      ...progress,
      phase: this.phaseWhile(phase),
      seconds: this.elapsed(),
      remaining: this.remaining(report),
    });
  }

  onEpoch(report: EpochReport): void {
    const { evalLoss = null, evalError = null } = report;
    this.history.push({ ...report, evalLoss, evalError });
    this.updates.add({
      history: spreadEpochs(this.history),
      epoch: report.epoch,
      phase: this.phaseWhile("train"),
      imagesPerSecond: report.imagesPerSecond,
      seconds: report.seconds,
      remaining: this.remaining({ epoch: report.epoch + 1, done: 0, total: 1 }),
    });
  }

  onEnd({ reason, bestEpoch, message = "" }: TrainingOutcome): void {
    this.stop = undefined;
    const best = this.history.some(({ epoch }) => epoch === bestEpoch) ? bestEpoch : null;
    const history = spreadEpochs(this.history, bestEpoch);
    this.updates.add({ phase: reason, history, bestEpoch: best, message, seconds: this.elapsed(), remaining: 0 });
    this.updates.flush();
    // The notebook keeps what came of the training, not how it began. A picture that can't be made is no reason to fail it.
    this.refreshStatic().catch((error: unknown) => {
      process.stderr.write(`The picture of the training was not kept: ${String(error)}\n`);
    });
  }

  /** Ends the training after the running step; the best epoch is kept. As the Stop button does. */
  requestStop(): void {
    const { stop } = this;
    if (!stop || hasEnded(this.state.phase)) return;
    this.updates.flush();
    this.set({ phase: "stopping" });
    stop();
  }

  protected override onCommand(_stop: TrainingCommand): void {
    this.requestStop();
  }

  protected override staticView(): StaticView {
    return { html: trainingAsHtml(this.state), text: trainingAsText(this.state) };
  }

  /** Once Stop was pressed, steps that are still reported don't take it back. */
  private phaseWhile(phase: StepReport["phase"]): TrainingState["phase"] {
    return this.state.phase === "stopping" ? "stopping" : phase;
  }

  private elapsed(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** By the mean of the epochs so far, the running one by its part; null before anything of one is done. */
  private remaining({ epoch, done, total }: Pick<StepReport, "epoch" | "done" | "total">): number | null {
    const last = this.history.at(-1);
    if (!last) return null;
    const left = this.state.epochs - (epoch - 1) - done / Math.max(1, total);
    return Math.max(0, (left * last.seconds) / last.epoch);
  }
}
