/**
 * What all linear classifiers are once they are fitted: one hyperplane for each of C classes, or, with two classes, one between
 * them, positive on the side of the higher. n samples, d features; features n × d.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import type { Matrix } from "../structures/matrix.js";
import { integerOption, numberOption } from "../structures/options.js";
import { checkFeatures } from "./check-features.js";
import { dot } from "./dot.js";

/** What has been learnt: one row of d weights and one intercept for each hyperplane. */
export interface LinearFit {
  /** The classes' numbers, rising. */
  classes: readonly number[];
  columns: number;
  weights: readonly Float64Array[];
  intercepts: readonly number[];
  converged: boolean;
  /** Of the solver; where each hyperplane is solved for itself, of the one that took the most. */
  iterations: number;
}

export abstract class LinearClassifier {
  protected fitted: LinearFit | undefined;
  /** The class's own name, for sentences. */
  protected abstract readonly title: string;

  /** Solves, giving way every few milliseconds of work. */
  protected abstract fitSteps(
    features: Matrix,
    classes: readonly number[],
    names?: readonly string[],
  ): Generator<undefined, LinearFit>;

  /**
   * Learns from features and the number of each row's class.
   *
   * @throws InvalidOption where the lengths differ, a feature is not finite, or there are fewer than two classes
   */
  fit(features: Matrix, classes: readonly number[]): this {
    const steps = this.fitSteps(features, classes);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    this.fitted = step.value;
    return this;
  }

  /**
   * The same result as `fit`, giving way to other work every few milliseconds; a stop leaves the classifier as it was.
   * @param options.names what the classes 0, 1, 2 … are called, where `classWeight` has weights by name
   */
  async fitAsync(
    features: Matrix,
    classes: readonly number[],
    options: { signal?: AbortSignal; names?: readonly string[] } = {},
  ): Promise<this> {
    const signal = effectiveSignal(options.signal);
    const steps = this.fitSteps(features, classes, options.names);
    let step = steps.next();
    while (step.done !== true) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal?.aborted === true) {
        throw new VitrineError("Stopped", { operation: `${this.title}.fit`, kept: "nothing new was learnt" });
      }
      step = steps.next();
    }
    this.fitted = step.value;
    return this;
  }

  /** The classes' numbers, rising: column i of the decision function is class i, where there are more than two. */
  get classes(): readonly number[] {
    return this.need("classes").classes;
  }

  /** Whether the solver came within the tolerance. */
  get converged(): boolean {
    return this.need("converged").converged;
  }

  /** Of the solver; where each hyperplane is solved for itself, of the one that took the most. */
  get iterations(): number {
    return this.need("iterations").iterations;
  }

  /** One row of d weights for each hyperplane. */
  get weights(): readonly Float64Array[] {
    return this.need("weights").weights;
  }

  /** One for each hyperplane. */
  get intercepts(): readonly number[] {
    return this.need("intercepts").intercepts;
  }

  /** Signed distances from the hyperplanes, times the length of their weights: n × C; with two classes n × 1, positive for the higher one. */
  decisionFunction(features: Matrix): Matrix {
    const { weights, intercepts, columns } = this.need("decisionFunction");
    checkFeatures(features, columns);
    const data = new Float32Array(features.rows * weights.length);
    weights.forEach((row, machine) => {
      for (let i = 0; i < features.rows; i++) {
        data[i * weights.length + machine] = dot(row, features.data, i * columns, columns) + (intercepts[machine] ?? 0);
      }
    });
    return { rows: features.rows, columns: weights.length, data };
  }

  /** The number of each row's class. */
  predict(features: Matrix): number[] {
    const { classes } = this.need("predict");
    const { rows, columns, data } = this.decisionFunction(features);
    return Array.from({ length: rows }, (_, i) => {
      const row = data.subarray(i * columns, (i + 1) * columns);
      const best = columns === 1 ? Number((row[0] ?? 0) > 0) : row.indexOf(Math.max(...row));
      return classes[best] ?? 0;
    });
  }

  protected need(operation: string): LinearFit {
    if (this.fitted) return this.fitted;
    throw new VitrineError("NotReady", { operation: `${this.title}.${operation}`, reason: "call fit first" });
  }
}

/**
 * The classes that occur, rising.
 *
 * @throws InvalidOption where the lengths differ, a class is no whole number, or there are fewer than two
 */
export function distinctClasses(features: Matrix, classes: readonly number[]): number[] {
  const reject = (expected: string, received: string) => {
    throw new VitrineError("InvalidOption", { option: "classes", expected, received });
  };
  if (classes.length !== features.rows) reject(`${features.rows} entries, one a row,`, String(classes.length));
  classes.forEach((value, i) => integerOption(`classes[${i}]`, value, Number.MIN_SAFE_INTEGER));
  const distinct = [...new Set(classes)].sort((a, b) => a - b);
  if (distinct.length < 2) reject("at least two different classes", quote(distinct));
  return distinct;
}

/**
 * "balanced" gives a rare class as much say as a common one: n / (classes · its samples). Or by the class's number, and in a
 * `FeatureClassifier` by its label; classes that are not named count 1.
 */
export type ClassWeight = "balanced" | Readonly<Record<string, number>>;

/**
 * What a sample of a class counts.
 * @param names what the classes 0, 1, 2 … are called
 * @throws InvalidOption where a weight is of no class
 */
export function classWeights(
  option: ClassWeight | undefined,
  classes: readonly number[],
  distinct: readonly number[],
  names: readonly string[] = [],
): (value: number) => number {
  if (option === undefined) return () => 1;
  if (option !== "balanced") return weightsByName(option, names);
  const counts = new Map<number, number>();
  for (const value of classes) counts.set(value, (counts.get(value) ?? 0) + 1);
  return (value) => classes.length / (distinct.length * (counts.get(value) ?? 1));
}

/** A weight that nothing has must not pass in silence. */
function weightsByName(option: Readonly<Record<string, number>>, names: readonly string[]): (value: number) => number {
  const given = new Map(Object.entries(option));
  const unknown = [...given.keys()].find((name) => !names.includes(name) && !/^-?\d+$/.test(name));
  if (unknown !== undefined) {
    const expected = names.length > 0 ? `one of ${names.map(quote).join(", ")}` : "the number of a class";
    throw new VitrineError("InvalidOption", { option: "a name in classWeight", expected, received: quote(unknown) });
  }
  return (value) => given.get(names[value] ?? String(value)) ?? given.get(String(value)) ?? 1;
}

/** @throws InvalidOption where a weight is not a number above 0 */
export function checkClassWeight(given: ClassWeight): ClassWeight {
  if (given === "balanced") return given;
  for (const [name, weight] of Object.entries(given)) {
    numberOption(`classWeight[${quote(name)}]`, weight, Number.MIN_VALUE);
  }
  return { ...given };
}
