/** A training as those see it who watch: their stop reaches the worker, and no fault of theirs ends hours of work. */
import { effectiveSignal } from "../structures/interrupt.js";
import type { TrainingObserver, TrainingOutcome, TrainingPlan } from "../structures/training.js";

/** Who watches, and what they are told. */
export interface TrainingWatch<R> {
  observer: TrainingObserver | undefined;
  plan: TrainingPlan;
  /** The caller's own. */
  signal: AbortSignal | undefined;
  outcomeOf: (response: R) => TrainingOutcome;
  /** What went wrong in this thread, where the worker only knows that something did. */
  failure: () => Error | undefined;
}

/** The worker's answer, and whether the caller's signal or the cell's interrupt ended it. */
export type Watched<R> = R & { interrupted: boolean };

/** @param work ends early, with what it has, when its signal says so */
export async function watchTraining<R extends { reason: string }>(
  { observer, plan, signal: own, outcomeOf, failure }: TrainingWatch<R>,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<Watched<R>> {
  const interrupt = effectiveSignal(own);
  const stopper = new AbortController();
  const signal = interrupt ? AbortSignal.any([interrupt, stopper.signal]) : stopper.signal;
  try {
    await observer?.onStart?.(plan, () => stopper.abort());
    const response = await work(signal);
    harmless(() => observer?.onEnd?.(outcomeOf(response)));
    return { ...response, interrupted: interrupt?.aborted === true && response.reason === "stopped" };
  } catch (ended) {
    const error = failure() ?? ended;
    harmless(() => observer?.onEnd?.(failedOutcome(error)));
    throw error;
  }
}

export function failedOutcome(error: unknown): TrainingOutcome {
  return { reason: "failed", bestEpoch: 0, message: error instanceof Error ? error.message : String(error) };
}

/** An error of those who watch, or a full disk under the records, is a warning. */
export function harmless(action: () => unknown): void {
  try {
    const told = action();
    if (told instanceof Promise) told.catch(warn);
  } catch (error) {
    warn(error);
  }
}

export const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error));
