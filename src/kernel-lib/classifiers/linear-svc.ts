/**
 * A linear support vector machine, as scikit-learn's `LinearSVC`: with C classes, C machines each against the rest; with two
 * classes, one machine for the higher against the lower.
 *
 * n samples, d features; features n × d.
 */
import type { Matrix } from "../structures/matrix.js";
import { SeededRandom } from "../structures/random.js";
import { checkFeatures } from "./check-features.js";
import { solveSvm, type SvmProblem, type SvmSolution } from "./dual-coordinate-descent.js";
import { squaredNorm } from "./dot.js";
import { featureRows } from "./feature-rows.js";
import { classWeights, distinctClasses, LinearClassifier, type LinearFit } from "./linear-classifier.js";
import { type LinearClassifierJson, readLinearClassifier, writeLinearFit } from "./linear-classifier-json.js";
import { checkOptions, type LinearSVCOptions, type LinearSVCSettings } from "./linear-svc-options.js";

export type { LinearSVCOptions } from "./linear-svc-options.js";

/** A linear support vector machine, as scikit-learn's `LinearSVC`. `fit`, `decisionFunction`, `predict`; features n × d. */
export class LinearSVC extends LinearClassifier {
  readonly options: Readonly<LinearSVCSettings>;
  protected readonly title = "LinearSVC";

  constructor(options: LinearSVCOptions = {}) {
    super();
    this.options = checkOptions(options);
  }

  /** A sentence that says what to do where the solver ran out of passes. */
  get warning(): string | undefined {
    if (this.converged) return undefined;
    return (
      `LinearSVC did not converge in ${this.iterations} passes: scale the features (StandardScaler), ` +
      "raise maxIterations, or lower C"
    );
  }

  /** Everything that `fromJSON` needs; doubles survive JSON exactly. */
  toJSON(): LinearClassifierJson<"vitrine.LinearSVC", LinearSVCSettings> {
    const fit = writeLinearFit(this.need("toJSON"));
    return { format: "vitrine.LinearSVC", version: 1, options: { ...this.options }, fit };
  }

  /** @throws InvalidFile where `json` is not what `toJSON` makes */
  static fromJSON(json: unknown): LinearSVC {
    const { options, fit } = readLinearClassifier("LinearSVC", json);
    const svc = new LinearSVC(options);
    svc.fitted = fit;
    return svc;
  }

  protected *fitSteps(
    features: Matrix,
    classes: readonly number[],
    names?: readonly string[],
  ): Generator<undefined, LinearFit> {
    checkFeatures(features);
    const distinct = distinctClasses(features, classes);
    const weightOf = classWeights(this.options.classWeight, classes, distinct, names);
    const binary = distinct.length === 2;
    const rows = featureRows(features, 1);
    const { columns, data } = features;
    const norms = Float64Array.from(classes, (_, i) => squaredNorm(data, i * columns, columns));
    const solutions: SvmSolution[] = [];
    for (const positive of binary ? distinct.slice(1) : distinct) {
      // As liblinear: against the rest, only the class in question has its weight.
      const negative = binary ? weightOf(distinct[0] ?? 0) : 1;
      const costs = { positive: this.options.C * weightOf(positive), negative: this.options.C * negative };
      const signs = Int8Array.from(classes, (c) => (c === positive ? 1 : -1));
      solutions.push(yield* solveSvm({ ...this.settings(), features: rows, norms, signs, costs }));
    }
    return this.result(columns, distinct, solutions);
  }

  private settings(): Pick<SvmProblem, "loss" | "bias" | "tolerance" | "maxIterations" | "random"> {
    const { loss, tolerance, maxIterations, seed } = this.options;
    const bias = this.options.fitIntercept ? this.options.interceptScaling : 0;
    const random = new SeededRandom(seed);
    return { loss, bias, tolerance, maxIterations, random };
  }

  private result(columns: number, classes: readonly number[], solutions: readonly SvmSolution[]): LinearFit {
    const scaling = this.options.fitIntercept ? this.options.interceptScaling : 0;
    return {
      classes,
      columns,
      weights: solutions.map((solution) => solution.weights),
      intercepts: solutions.map((solution) => solution.bias * scaling),
      converged: solutions.every((solution) => solution.converged),
      iterations: Math.max(...solutions.map((solution) => solution.iterations)),
    };
  }
}
