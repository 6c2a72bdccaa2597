/** Whether a schedule is one. */
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { Schedule } from "./schedule.js";

const KINDS = ["constant", "step", "exponential", "cosine", "oneCycle"] as const;
const COMMON = ["kind", "rate", "per", "warmUp"];

const NAMES: Record<Schedule["kind"], readonly string[]> = {
  constant: COMMON,
  step: [...COMMON, "stepSize", "gamma"],
  exponential: [...COMMON, "gamma"],
  cosine: [...COMMON, "minimum"],
  oneCycle: ["kind", "rate", "rise", "anneal", "initialDivisor", "finalDivisor"],
};

/** @throws InvalidOption that names the field */
export function checkSchedule(schedule: Schedule): Schedule {
  const given: unknown = schedule;
  if (typeof given !== "object" || given === null) {
    const expected = 'a schedule such as { kind: "cosine", rate: 0.05 }';
    throw new VitrineError("InvalidOption", { option: "schedule", expected, received: quote(given) });
  }
  const kind = choiceOption("schedule.kind", schedule.kind, KINDS);
  knownOptions(`schedule "${kind}"`, schedule, NAMES[kind]);
  numberOption("schedule.rate", schedule.rate, 0, 1e6);
  checkOwn(schedule);
  if (schedule.kind !== "oneCycle") checkCommon(schedule);
  return schedule;
}

function checkOwn(schedule: Schedule): void {
  if (schedule.kind === "step") {
    integerOption("schedule.stepSize", schedule.stepSize, 1);
    numberOption("schedule.gamma", schedule.gamma ?? 0.1, 0, 1);
  } else if (schedule.kind === "exponential") numberOption("schedule.gamma", schedule.gamma, 0, 1);
  else if (schedule.kind === "cosine") numberOption("schedule.minimum", schedule.minimum ?? 0, 0, schedule.rate);
  else if (schedule.kind === "oneCycle") {
    numberOption("schedule.rise", schedule.rise ?? 0.3, 0, 1);
    choiceOption("schedule.anneal", schedule.anneal ?? "cosine", ["cosine", "linear"]);
    numberOption("schedule.initialDivisor", schedule.initialDivisor ?? 25, 1, 1e9);
    numberOption("schedule.finalDivisor", schedule.finalDivisor ?? 10_000, 1, 1e9);
  }
}

function checkCommon({ per, warmUp }: Exclude<Schedule, { kind: "oneCycle" }>): void {
  choiceOption("schedule.per", per ?? "epoch", ["step", "epoch"]);
  if (warmUp === undefined) return;
  knownOptions("schedule.warmUp", warmUp, ["length", "from"]);
  integerOption("schedule.warmUp.length", warmUp.length, 1);
  numberOption("schedule.warmUp.from", warmUp.from ?? 1 / 3, 0, 1);
}
