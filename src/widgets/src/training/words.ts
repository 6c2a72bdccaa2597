/** A training in sentences: for the bar, the summary and screen readers. */
import { finishedEpochs, type TrainingState } from "../../../kernel-lib/protocol/index.js";

/** "4.2 s", "3 min 05 s", "1 h 02 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** How far the whole training is, in epochs; features come before the first and count for none. */
export function progressOf(state: TrainingState) {
  const { phase, epochs, epoch, done, total } = state;
  if (phase === "features") {
    return { value: done, max: total, text: `Features: ${done} of ${total} pictures` };
  }
  const finished = finishedEpochs(state);
  const within = total > 0 && epoch > finished ? done / total : 0;
  const reached = state.unit === "step" ? Math.max(finished, epoch) : finished + within;
  const value = phase === "finished" ? epochs : Math.min(reached, epochs);
  return { value, max: epochs, text: `${Math.floor((100 * value) / Math.max(1, epochs))} %` };
}

export function summaryOf(state: TrainingState): string {
  const { phase, message, bestEpoch, epochs, seconds, unit } = state;
  const finished = finishedEpochs(state);
  const kept = bestEpoch === null ? `No ${unit} was finished.` : `Kept the weights of ${unit} ${bestEpoch}.`;
  const time = formatSeconds(seconds);
  if (phase === "failed") return `Failed after ${finished} of ${epochs} ${unit}s: ${message || "no reason given"}`;
  const done = phase === "stopped" ? `Stopped after ${finished} of ${epochs} ${unit}s` : `Finished ${epochs} ${unit}s`;
  return `${done} in ${time}. ${kept}${message && ` ${message}`}`;
}

export function describeLosses(state: TrainingState): string {
  const last = state.history.at(-1);
  return `Loss by ${state.unit}, ${finishedEpochs(state)} ${state.unit}s, now ${last?.loss.toFixed(3) ?? "unknown"}`;
}

export function describeErrors({ history, unit }: TrainingState): string {
  const last = history.at(-1);
  const measured = history.findLast((row) => row.evalMeanAp !== undefined)?.evalMeanAp;
  if (measured !== undefined) return `Mean average precision by ${unit}, now ${measured.toFixed(3)}`;
  const evaluation =
    last === undefined || last.evalError === null
      ? ""
      : `, evaluation error ${(100 * last.evalError).toFixed(1)} percent`;
  return `Error by ${unit}, now training error ${(100 * (last?.trainError ?? 0)).toFixed(1)} percent${evaluation}`;
}
