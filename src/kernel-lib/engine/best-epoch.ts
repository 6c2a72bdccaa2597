/** Which epoch was the best so far, and whether waiting for a better one has lasted too long. Pure. */
import type { EpochReport } from "../structures/training.js";

/** Numbers of an epoch, all the better the lower. */
export type Monitor = "loss" | "trainError" | "evalLoss" | "evalError";

export interface EarlyStoppingSettings {
  /** Epochs without a better one, after which the training ends. */
  patience: number;
  /** By how much an epoch has to be better to count as such. */
  minDelta: number;
  monitor: Monitor;
}

/** What a checkpoint keeps of it. */
export interface BestSoFar {
  /** From 1; 0: none yet. */
  epoch: number;
  /** Compared one after another. */
  measure: readonly number[];
}

export class BestEpoch {
  private best: BestSoFar = { epoch: 0, measure: [] };
  private readonly stopping: EarlyStoppingSettings | undefined;

  constructor(stopping: EarlyStoppingSettings | undefined) {
    this.stopping = stopping;
  }

  get state(): BestSoFar {
    return this.best;
  }

  set state(state: BestSoFar) {
    this.best = state;
  }

  /** Whether this epoch is the best one, which it is from then on. */
  take(report: EpochReport): boolean {
    const measure = this.measure(report);
    const better = this.best.epoch === 0 || this.isBetter(measure);
    if (better) this.best = { epoch: report.epoch, measure };
    return better;
  }

  /** Whether it's time to give up after so many epochs. */
  givesUp(epochs: number): boolean {
    return this.stopping !== undefined && epochs - this.best.epoch >= this.stopping.patience;
  }

  private measure({ loss, trainError, evalLoss, evalError, ...rest }: EpochReport): number[] {
    if (!this.stopping) return [evalError ?? trainError, evalLoss ?? loss];
    const numbers = { ...rest, loss, trainError, evalLoss, evalError };
    return [numbers[this.stopping.monitor] ?? Infinity];
  }

  private isBetter([first = NaN, second = NaN]: readonly number[]): boolean {
    const [bestFirst = NaN, bestSecond = NaN] = this.best.measure;
    if (this.stopping) return first < bestFirst - this.stopping.minDelta;
    return first < bestFirst || (first === bestFirst && second <= bestSecond);
  }
}
