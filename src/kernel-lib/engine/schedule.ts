/**
 * Learning rates as functions of how far a training has got: torch.optim.lr_scheduler's schedules as plain objects, and what
 * each says at a step or an epoch. Pure.
 */

/** A straight rise to the schedule's first rate, before the schedule itself begins; as torch's LinearLR in a SequentialLR. */
export interface WarmUp {
  /** Steps, or epochs where the schedule goes by epochs. */
  length: number;
  /** The first rate in parts of what it rises to, 0 to 1; 1/3 by default. */
  from?: number;
}

/** What all of them have. */
export interface ScheduleBase {
  /** The rate to begin with; of "oneCycle" the highest. */
  rate: number;
  /** What counts: the optimiser's steps, or epochs (the default). "oneCycle" always goes by steps. */
  per?: "step" | "epoch";
  warmUp?: WarmUp;
}

/** The same rate throughout. */
export interface ConstantSchedule extends ScheduleBase {
  kind: "constant";
}

/** Times `gamma` after every `stepSize` steps or epochs; torch's StepLR. */
export interface StepSchedule extends ScheduleBase {
  kind: "step";
  stepSize: number;
  /** 0.1 by default. */
  gamma?: number;
}

/** Times `gamma` after every step or epoch; torch's ExponentialLR. */
export interface ExponentialSchedule extends ScheduleBase {
  kind: "exponential";
  gamma: number;
}

/** Down half a cosine to `minimum` at the training's end (Loshchilov and Hutter, 2017); torch's CosineAnnealingLR. */
export interface CosineSchedule extends ScheduleBase {
  kind: "cosine";
  /** 0 by default. */
  minimum?: number;
}

/** Up to the rate, then down to almost nothing (Smith and Topin, "Super-Convergence", 2018); torch's OneCycleLR. */
export interface OneCycleSchedule {
  kind: "oneCycle";
  /** The highest. */
  rate: number;
  /** The part of the steps that goes up, 0 to 1; 0.3 by default. */
  rise?: number;
  anneal?: "cosine" | "linear";
  /** The first rate is the highest by this; 25 by default. */
  initialDivisor?: number;
  /** The last rate is the first by this; 10,000 by default. */
  finalDivisor?: number;
}

export type Schedule = ConstantSchedule | StepSchedule | ExponentialSchedule | CosineSchedule | OneCycleSchedule;

/** A list has a rate for each epoch; its last one goes on. */
export type Rates = Schedule | readonly number[];

/** How long a training is, in the optimiser's steps. */
export interface TrainingLength {
  epochs: number;
  stepsPerEpoch: number;
}

/** The rate of a step, counted from 0 over the whole training. */
export function scheduledRate(schedule: Rates, step: number, { epochs, stepsPerEpoch }: TrainingLength): number {
  if (isList(schedule)) return schedule[Math.min(Math.floor(step / stepsPerEpoch), schedule.length - 1)] ?? 0;
  const bySteps = schedule.kind === "oneCycle" || schedule.per === "step";
  return bySteps
    ? rateAt(schedule, step, epochs * stepsPerEpoch)
    : rateAt(schedule, Math.floor(step / stepsPerEpoch), epochs);
}

const isList = (rates: Rates): rates is readonly number[] => Array.isArray(rates);

/** The rate at one of `total` steps or epochs, counted from 0. */
export function rateAt(schedule: Schedule, at: number, total: number): number {
  if (schedule.kind === "oneCycle") return oneCycle(schedule, at, total);
  const { length = 0, from = 1 / 3 } = schedule.warmUp ?? {};
  if (at < length) return schedule.rate * (from + ((1 - from) * at) / length);
  return decayed(schedule, at - length, Math.max(total - length, 1));
}

function decayed(schedule: Exclude<Schedule, OneCycleSchedule>, at: number, total: number): number {
  const { rate } = schedule;
  switch (schedule.kind) {
    case "constant":
      return rate;
    case "step":
      return rate * (schedule.gamma ?? 0.1) ** Math.floor(at / schedule.stepSize);
    case "exponential":
      return rate * schedule.gamma ** at;
    case "cosine":
      return between(rate, schedule.minimum ?? 0, at / total, "cosine");
  }
}

function oneCycle(schedule: OneCycleSchedule, at: number, total: number): number {
  const { rate, rise = 0.3, anneal = "cosine", initialDivisor = 25, finalDivisor = 10_000 } = schedule;
  const first = rate / initialDivisor;
  const top = rise * total - 1;
  if (top > 0 && at <= top) return between(first, rate, at / top, anneal);
  const begin = Math.max(top, 0);
  const length = total - 1 - begin;
  return between(rate, first / finalDivisor, length > 0 ? (at - begin) / length : 1, anneal);
}

/** From one number to another, `part` of the way. */
function between(from: number, to: number, part: number, anneal: "cosine" | "linear"): number {
  return anneal === "linear" ? from + (to - from) * part : to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part));
}
