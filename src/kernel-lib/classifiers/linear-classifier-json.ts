/** What a fitted linear classifier is on disk, and the check of what is read back. */
import { quote, VitrineError } from "../structures/errors.js";
import type { LinearFit } from "./linear-classifier.js";

/** A fit as JSON: doubles survive exactly. */
export type LinearFitJson = Omit<LinearFit, "weights" | "classes" | "intercepts"> & {
  classes: number[];
  intercepts: number[];
  weights: number[][];
};

export interface LinearClassifierJson<Format extends string, Options> {
  format: Format;
  version: 1;
  options: Options;
  fit: LinearFitJson;
}

export function writeLinearFit({ weights, intercepts, classes, ...rest }: LinearFit): LinearFitJson {
  return {
    ...rest,
    classes: [...classes],
    intercepts: [...intercepts],
    weights: weights.map((row) => [...row]),
  };
}

type Json = Record<string, unknown>;
type Reject = (where: string, expected: string, received: unknown) => never;

const rejectFor =
  (title: string): Reject =>
  (where, expected, received) => {
    throw new VitrineError("InvalidFile", { path: title, where, expected, received: quote(received) });
  };

/**
 * @param title the class's name, which the format ends in
 * @throws InvalidFile that names the field that is wrong
 */
export function readLinearClassifier(title: string, json: unknown): { options: object; fit: LinearFit } {
  const reject = rejectFor(title);
  const root = record("the whole", json, reject);
  if (root["format"] !== `vitrine.${title}`) reject("format", quote(`vitrine.${title}`), root["format"]);
  if (root["version"] !== 1) reject("version", "1", root["version"]);
  // The constructor checks each of the options.
  return {
    options: record("options", root["options"], reject),
    fit: readFit(title, record("fit", root["fit"], reject)),
  };
}

function readFit(title: string, fit: Json): LinearFit {
  const reject = rejectFor(title);
  const classes = numbers("fit.classes", fit["classes"], undefined, title);
  const planes = classes.length === 2 ? 1 : classes.length;
  if (planes === 0) reject("fit.classes", "at least two classes", classes);
  const columns = whole("fit.columns", fit["columns"], reject);
  const rows = Array.isArray(fit["weights"]) ? (fit["weights"] as unknown[]) : [];
  if (rows.length !== planes) reject("fit.weights", `${planes} rows`, rows.length);
  return {
    classes,
    columns,
    weights: rows.map((row, i) => Float64Array.from(numbers(`fit.weights[${i}]`, row, columns, title))),
    intercepts: numbers("fit.intercepts", fit["intercepts"], planes, title),
    converged: fit["converged"] === true,
    iterations: whole("fit.iterations", fit["iterations"], reject),
  };
}

function record(where: string, value: unknown, reject: Reject): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return reject(where, "an object", value);
  return value as Json;
}

function whole(where: string, value: unknown, reject: Reject): number {
  return Number.isInteger(value) && (value as number) > 0
    ? (value as number)
    : reject(where, "a whole number above 0", value);
}

/** Finite numbers, `length` of them where that is given; `title` says of what. */
export function numbers(where: string, value: unknown, length: number | undefined, title: string): number[] {
  const reject = rejectFor(title);
  const list = Array.isArray(value) ? (value as unknown[]) : reject(where, "a list of numbers", value);
  if (length !== undefined && list.length !== length) reject(where, `${length} numbers`, list.length);
  const odd = list.findIndex((item) => !Number.isFinite(item));
  if (odd >= 0) reject(`${where}[${odd}]`, "a finite number", list[odd]);
  return list as number[];
}
