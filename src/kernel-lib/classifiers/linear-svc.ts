/**
 * A linear support vector machine, as scikit-learn's `LinearSVC`: with C classes, C machines each against the rest; with two
 * classes, one machine for the higher against the lower.
 *
 * n samples, d features; features n × d.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import type { Matrix } from "../structures/matrix.js";
import { integerOption } from "../structures/options.js";
import { SeededRandom } from "../structures/random.js";
import { checkFeatures } from "./check-features.js";
import { dot, solveSvm, type SvmProblem, type SvmSolution } from "./dual-coordinate-descent.js";
import { type LinearSvcJson, readLinearSvc } from "./linear-svc-json.js";
import {
  checkOptions,
  type LinearSVCFit,
  type LinearSVCOptions,
  type LinearSVCSettings,
} from "./linear-svc-options.js";

export type { LinearSVCOptions } from "./linear-svc-options.js";

export class LinearSVC {
  readonly options: Readonly<LinearSVCSettings>;
  private fitted: LinearSVCFit | undefined;

  constructor(options: LinearSVCOptions = {}) {
    this.options = checkOptions(options);
  }

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

  /** The same result as `fit`, giving way to other work every few milliseconds; a stop leaves the machine as it was. */
  async fitAsync(features: Matrix, classes: readonly number[], options: { signal?: AbortSignal } = {}): Promise<this> {
    const signal = effectiveSignal(options.signal);
    const steps = this.fitSteps(features, classes);
    let step = steps.next();
    while (step.done !== true) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal?.aborted === true) {
        throw new VitrineError("Stopped", { operation: "LinearSVC.fit", kept: "nothing new was learnt" });
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

  /** Whether each machine came within the tolerance. */
  get converged(): boolean {
    return this.need("converged").converged;
  }

  /** Passes over the samples, of the machine that took the most. */
  get iterations(): number {
    return this.need("iterations").iterations;
  }

  /** A sentence that says what to do where the solver ran out of passes. */
  get warning(): string | undefined {
    if (this.converged) return undefined;
    return (
      `LinearSVC did not converge in ${this.iterations} passes: scale the features (StandardScaler), ` +
      "raise maxIterations, or lower C"
    );
  }

  /** One row of d weights for each machine. */
  get weights(): readonly Float64Array[] {
    return this.need("weights").weights;
  }

  /** One for each machine. */
  get intercepts(): readonly number[] {
    return this.need("intercepts").intercepts;
  }

  /** Signed distances, in units of the margin: n × C; with two classes n × 1, positive for the higher one. */
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

  /** Everything that `fromJSON` needs; doubles survive JSON exactly. */
  toJSON(): LinearSvcJson {
    const { weights, intercepts, classes, ...rest } = this.need("toJSON");
    return {
      format: "vitrine.LinearSVC",
      version: 1,
      options: { ...this.options },
      fit: { ...rest, classes: [...classes], intercepts: [...intercepts], weights: weights.map((row) => [...row]) },
    };
  }

  /** @throws InvalidFile where `json` is not what `toJSON` makes */
  static fromJSON(json: unknown): LinearSVC {
    const { options, fit } = readLinearSvc(json);
    const svc = new LinearSVC(options);
    svc.fitted = { ...fit, weights: fit.weights.map((row) => Float64Array.from(row)) };
    return svc;
  }

  private need(operation: string): LinearSVCFit {
    if (this.fitted) return this.fitted;
    throw new VitrineError("NotReady", { operation: `LinearSVC.${operation}`, reason: "call fit first" });
  }

  private *fitSteps(features: Matrix, classes: readonly number[]): Generator<undefined, LinearSVCFit> {
    checkFeatures(features);
    const distinct = distinctClasses(features, classes);
    const weightOf = classWeights(this.options.classWeight, classes, distinct);
    const binary = distinct.length === 2;
    const solutions: SvmSolution[] = [];
    for (const positive of binary ? distinct.slice(1) : distinct) {
      // As liblinear: against the rest, only the class in question has its weight.
      const negative = binary ? weightOf(distinct[0] ?? 0) : 1;
      const costs = { positive: this.options.C * weightOf(positive), negative: this.options.C * negative };
      const signs = Int8Array.from(classes, (c) => (c === positive ? 1 : -1));
      solutions.push(yield* solveSvm(this.problem(features, signs, costs)));
    }
    return this.result(features.columns, distinct, solutions);
  }

  private problem(features: Matrix, signs: Int8Array, costs: SvmProblem["costs"]): SvmProblem {
    const { loss, tolerance, maxIterations, seed } = this.options;
    const bias = this.options.fitIntercept ? this.options.interceptScaling : 0;
    const random = new SeededRandom(seed);
    return { features, signs, costs, loss, bias, tolerance, maxIterations, random };
  }

  private result(columns: number, classes: readonly number[], solutions: readonly SvmSolution[]): LinearSVCFit {
    const scaling = this.options.fitIntercept ? this.options.interceptScaling : 0;
    return {
      classes,
      columns,
      weights: solutions.map((solution) => solution.weights.slice(0, columns)),
      intercepts: solutions.map((solution) => (solution.weights[columns] ?? 0) * scaling),
      converged: solutions.every((solution) => solution.converged),
      iterations: Math.max(...solutions.map((solution) => solution.iterations)),
    };
  }
}

function distinctClasses(features: Matrix, classes: readonly number[]): number[] {
  const reject = (expected: string, received: string) => {
    throw new VitrineError("InvalidOption", { option: "classes", expected, received });
  };
  if (classes.length !== features.rows) reject(`${features.rows} entries, one a row,`, String(classes.length));
  classes.forEach((value, i) => integerOption(`classes[${i}]`, value, Number.MIN_SAFE_INTEGER));
  const distinct = [...new Set(classes)].sort((a, b) => a - b);
  if (distinct.length < 2) reject("at least two different classes", quote(distinct));
  return distinct;
}

function classWeights(
  option: LinearSVCOptions["classWeight"],
  classes: readonly number[],
  distinct: readonly number[],
): (value: number) => number {
  if (option === undefined) return () => 1;
  if (option !== "balanced") return (value) => option[String(value)] ?? 1;
  const counts = new Map<number, number>();
  for (const value of classes) counts.set(value, (counts.get(value) ?? 0) + 1);
  return (value) => classes.length / (distinct.length * (counts.get(value) ?? 1));
}
