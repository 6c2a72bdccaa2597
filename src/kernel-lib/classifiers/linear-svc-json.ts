/** What a fitted LinearSVC is on disk, and the check of what is read back. */
import { quote, VitrineError } from "../structures/errors.js";
import type { LinearSVCFit, LinearSVCSettings } from "./linear-svc-options.js";

export interface LinearSvcJson {
  format: "vitrine.LinearSVC";
  version: 1;
  options: LinearSVCSettings;
  fit: Omit<LinearSVCFit, "weights"> & { weights: number[][] };
}

type Json = Record<string, unknown>;

const reject = (where: string, expected: string, received: unknown): never => {
  throw new VitrineError("InvalidFile", { path: "LinearSVC", where, expected, received: quote(received) });
};

/** @throws InvalidFile that names the field that is wrong */
export function readLinearSvc(json: unknown): LinearSvcJson {
  const root = record("the whole", json);
  if (root["format"] !== "vitrine.LinearSVC") reject("format", '"vitrine.LinearSVC"', root["format"]);
  if (root["version"] !== 1) reject("version", "1", root["version"]);
  const fit = record("fit", root["fit"]);
  const classes = numbers("fit.classes", fit["classes"]);
  const machines = classes.length === 2 ? 1 : classes.length;
  if (machines === 0) reject("fit.classes", "at least two classes", classes);
  const columns = whole("fit.columns", fit["columns"]);
  const rows = Array.isArray(fit["weights"]) ? (fit["weights"] as unknown[]) : [];
  if (rows.length !== machines) reject("fit.weights", `${machines} rows`, rows.length);
  return {
    format: "vitrine.LinearSVC",
    version: 1,
    // The constructor checks each of them.
    options: record("options", root["options"]) as unknown as LinearSVCSettings,
    fit: {
      classes,
      columns,
      weights: rows.map((row, i) => numbers(`fit.weights[${i}]`, row, columns)),
      intercepts: numbers("fit.intercepts", fit["intercepts"], machines),
      converged: fit["converged"] === true,
      iterations: whole("fit.iterations", fit["iterations"]),
    },
  };
}

function record(where: string, value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return reject(where, "an object", value);
  return value as Json;
}

function whole(where: string, value: unknown): number {
  return Number.isInteger(value) && (value as number) > 0
    ? (value as number)
    : reject(where, "a whole number above 0", value);
}

/** Finite numbers, `length` of them where that is given. */
export function numbers(where: string, value: unknown, length?: number): number[] {
  const list = Array.isArray(value) ? (value as unknown[]) : reject(where, "a list of numbers", value);
  if (length !== undefined && list.length !== length) reject(where, `${length} numbers`, list.length);
  const odd = list.findIndex((item) => !Number.isFinite(item));
  if (odd >= 0) reject(`${where}[${odd}]`, "a finite number", list[odd]);
  return list as number[];
}
