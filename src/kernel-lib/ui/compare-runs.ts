/** Trainings beside each other, from the folders that they were written down in, or as they are in memory. */
import { readRun, type RecordedRun } from "../data/run-history.js";
import { runComparisonSpec, type ComparedCurve, type RunMeasure } from "../plots/index.js";
import { quote, VitrineError } from "../structures/errors.js";
import { choiceOption, knownOptions } from "../structures/options.js";
import type { EpochReport } from "../structures/training.js";
import { Figure } from "./figure.js";

/** A run's folder; or a model or a training's result, which have a history; with a name of its own for the legend. */
export type ComparedRun = string | { readonly name?: string; readonly history: readonly EpochReport[] };

export interface CompareRunsOptions {
  /** "accuracy" by default. */
  measure?: RunMeasure;
  /** "evaluation" (the default), and of a run without evaluation pictures "training" all the same; or "training" for all. */
  pictures?: "evaluation" | "training";
}

/**
 * A line for each run against its epochs.
 * @throws InvalidOption, MissingFile where a folder has no run, InvalidFile
 */
export function compareRuns(runs: readonly ComparedRun[], options: CompareRunsOptions = {}): Figure {
  knownOptions("compareRuns", options, ["measure", "pictures"]);
  const measure = choiceOption("measure", options.measure ?? "accuracy", ["accuracy", "loss", "learningRate"]);
  const pictures = choiceOption("pictures", options.pictures ?? "evaluation", ["evaluation", "training"]);
  const read = runList(runs).map((run, index) => recorded(run, index));
  const curves = read.map((run) => curveOf(run, measure, pictures));
  const height = Math.min(900, 350 + 20 * Math.ceil(curves.length / 2));
  return new Figure(runComparisonSpec(curves, measure, pictures), { height });
}

function runList(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  // Callers in plain JavaScript pass anything.
  const given: unknown = runs;
  if (Array.isArray(given) && given.length > 0) return runs;
  const expected = "a list of runs' folders, models or results";
  throw new VitrineError("InvalidOption", { option: "runs", expected, received: quote(runs) });
}

function recorded(run: ComparedRun, index: number): RecordedRun {
  if (typeof run === "string") return readRun(run);
  const history: unknown = (run as { history?: unknown } | null)?.history;
  if (Array.isArray(history)) return { name: run.name ?? `run ${index + 1}`, history: run.history };
  const expected = "a run's folder, or what has a history";
  throw new VitrineError("InvalidOption", { option: `runs[${index}]`, expected, received: quote(run) });
}

function curveOf(
  { name, history }: RecordedRun,
  measure: RunMeasure,
  pictures: "evaluation" | "training",
): ComparedCurve {
  const measured = history.some(({ evalError }) => evalError !== undefined);
  const evaluation = pictures === "evaluation" && measured;
  const value = ({ trainError, evalError, loss, evalLoss, learningRate }: EpochReport): number => {
    if (measure === "learningRate") return learningRate;
    if (measure === "loss") return (evaluation ? evalLoss : loss) ?? NaN;
    return 1 - ((evaluation ? evalError : trainError) ?? NaN);
  };
  const other = pictures === "evaluation" && !measured && measure !== "learningRate";
  return {
    name: other ? `${name} (training)` : name,
    epochs: history.map(({ epoch }) => epoch),
    values: history.map(value),
  };
}
