/**
 * The curves of a training as a file that spreadsheets and pandas read: `history.csv` in a run's folder, a row an epoch. Numbers are
 * written so that they come back to the last bit.
 */
import { readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { quote, VitrineError } from "../structures/errors.js";
import type { EpochReport } from "../structures/training.js";

/** The file's name in a run's folder. */
export const HISTORY_FILE = "history.csv";

const COLUMNS = [
  "epoch",
  "learningRate",
  "loss",
  "trainError",
  "evalLoss",
  "evalError",
  "imagesPerSecond",
  "seconds",
] as const satisfies readonly (keyof EpochReport)[];

/** An empty field is a number that was not measured. */
export function historyCsv(history: readonly EpochReport[]): string {
  const rows = history.map((report) => COLUMNS.map((column) => report[column] ?? "").join(","));
  return `${[COLUMNS.join(","), ...rows].join("\n")}\n`;
}

/** @throws InvalidFile that names the line */
export function parseHistory(path: string, text: string): EpochReport[] {
  const [head = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = head.split(",");
  const missing = COLUMNS.find((column) => !columns.includes(column));
  if (missing !== undefined) throw invalid(path, 1, `a column ${missing}`, quote(head));
  return lines.map((line, index) => {
    const fields = line.split(",");
    const report = Object.fromEntries(
      COLUMNS.flatMap((column) => {
        const field = fields[columns.indexOf(column)] ?? "";
        if (field === "" && column.startsWith("eval")) return [];
        const value = field === "" ? NaN : Number(field);
        if (Number.isNaN(value)) throw invalid(path, index + 2, `a number for ${column}`, quote(field));
        return [[column, value] as const];
      }),
    );
    // All that it must have was found above.
    return report as unknown as EpochReport;
  });
}

/** A training that was written down. */
export interface RecordedRun {
  /** The folder's name. */
  name: string;
  history: readonly EpochReport[];
}

/** @throws MissingFile, InvalidFile */
export function readRun(folder: string): RecordedRun {
  const path = join(resolve(folder), HISTORY_FILE);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    const what = "the history of a run, as train(…, { runFolder }) writes it";
    throw new VitrineError("MissingFile", { path, what, reason: "there is none" });
  }
  return { name: basename(resolve(folder)), history: parseHistory(path, readFileSync(path, "utf8")) };
}

const invalid = (path: string, line: number, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where: `line ${line}`, expected, received });
