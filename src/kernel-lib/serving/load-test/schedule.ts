/** How much load when: stages that rise or fall in a line from the one before. */

export interface LoadStage {
  seconds: number;
  /** At the stage's end: requests a second, or clients at once. */
  target: number;
}

export interface LoadSchedule {
  /** "open": requests begin when they are due, whatever became of those before. "closed": so many clients, each waits for its answer. */
  model: "open" | "closed";
  stages: readonly LoadStage[];
  /** Before the first stage. */
  from: number;
}

/** The same load for a time. */
export const constantLoad = (model: LoadSchedule["model"], target: number, seconds: number): LoadSchedule => ({
  model,
  stages: [{ seconds, target }],
  from: target,
});

export const scheduleSeconds = ({ stages }: LoadSchedule): number =>
  stages.reduce((sum, { seconds }) => sum + seconds, 0);

/** The load at a time in seconds; the last stage's after the end. */
export function targetAt({ stages, from }: LoadSchedule, time: number): number {
  let begin = 0;
  let before = from;
  for (const { seconds, target } of stages) {
    if (time < begin + seconds) return before + ((target - before) * (time - begin)) / seconds;
    begin += seconds;
    before = target;
  }
  return before;
}

/** When each request of an open load is due, in seconds: where the load, summed up from the beginning, passes the next whole number. */
export function* arrivals(schedule: LoadSchedule): Generator<number> {
  let begin = 0;
  let before = schedule.from;
  let sum = 0;
  let next = 0;
  for (const { seconds, target } of schedule.stages) {
    const slope = (target - before) / seconds;
    const total = ((before + target) / 2) * seconds;
    for (; next < sum + total - 1e-9; next++) yield begin + timeOf(next - sum, before, slope);
    sum += total;
    begin += seconds;
    before = target;
  }
}

/** The t with start · t + slope · t² / 2 = amount. */
function timeOf(amount: number, start: number, slope: number): number {
  // Not the usual formula: for a load that hardly changes its difference would be of nearly equal numbers.
  const root = Math.sqrt(Math.max(0, start * start + 2 * slope * amount));
  return amount === 0 ? 0 : (2 * amount) / (start + root);
}
