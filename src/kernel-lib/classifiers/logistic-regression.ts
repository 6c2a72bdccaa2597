/**
 * Logistic regression, as scikit-learn's `LogisticRegression` with its defaults: multinomial, with an L2 penalty that leaves the
 * intercepts alone, solved by L-BFGS. Unlike the support vector machine's, its scores are probabilities.
 *
 * n samples, d features, K classes; features n × d.
 */
import type { Matrix } from "../structures/matrix.js";
import { booleanOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import { checkFeatures } from "./check-features.js";
import { minimise } from "./lbfgs.js";
import {
  checkClassWeight,
  type ClassWeight,
  classWeights,
  distinctClasses,
  LinearClassifier,
  type LinearFit,
} from "./linear-classifier.js";
import { type LinearClassifierJson, readLinearClassifier, writeLinearFit } from "./linear-classifier-json.js";
import { logisticLoss, planesOf, sigmoid, toSoftmax } from "./logistic-loss.js";

export interface LogisticRegressionOptions {
  /** The inverse of the penalty's strength; the smaller, the more regular. Default 1. */
  C?: number;
  /** Weights on samples by class. Default: each counts 1. */
  classWeight?: ClassWeight;
  /** Whether there are intercepts. Default true. */
  fitIntercept?: boolean;
  /** The largest part of the gradient at which the solver is done. Default 1e-4. */
  tolerance?: number;
  /** Steps of the solver. Default 100. */
  maxIterations?: number;
}

type Settings = Required<Omit<LogisticRegressionOptions, "classWeight">> &
  Pick<LogisticRegressionOptions, "classWeight">;

const OPTIONS = ["C", "classWeight", "fitIntercept", "tolerance", "maxIterations"];

/** Multinomial logistic regression, as scikit-learn's. `fit`, `predictProbabilities`, `predict`; features n × d. */
export class LogisticRegression extends LinearClassifier {
  readonly options: Readonly<Settings>;
  protected readonly title = "LogisticRegression";

  /** @throws InvalidOption where one is out of its range */
  constructor(options: LogisticRegressionOptions = {}) {
    super();
    knownOptions("LogisticRegression", options, OPTIONS);
    this.options = {
      C: numberOption("C", options.C ?? 1, Number.MIN_VALUE),
      fitIntercept: booleanOption("fitIntercept", options.fitIntercept ?? true),
      tolerance: numberOption("tolerance", options.tolerance ?? 1e-4, 0),
      maxIterations: integerOption("maxIterations", options.maxIterations ?? 100, 1),
      ...(options.classWeight === undefined ? {} : { classWeight: checkClassWeight(options.classWeight) }),
    };
  }

  /** A sentence that says what to do where the solver ran out of steps. */
  get warning(): string | undefined {
    if (this.converged) return undefined;
    return (
      `LogisticRegression did not converge in ${this.iterations} steps: scale the features (StandardScaler), ` +
      "raise maxIterations, or lower C"
    );
  }

  /** n × K: how likely each class is, in the order of `classes`; a row adds up to 1. */
  predictProbabilities(features: Matrix): Matrix {
    const decision = this.decisionFunction(features);
    const columns = this.classes.length;
    const data = new Float32Array(decision.rows * columns);
    for (let row = 0; row < decision.rows; row++) {
      const scores = Float64Array.from(decision.data.subarray(row * decision.columns, (row + 1) * decision.columns));
      data.set(probabilities(scores), row * columns);
    }
    return { rows: decision.rows, columns, data };
  }

  /** Everything that `fromJSON` needs; doubles survive JSON exactly. */
  toJSON(): LinearClassifierJson<"vitrine.LogisticRegression", Settings> {
    const fit = writeLinearFit(this.need("toJSON"));
    return { format: "vitrine.LogisticRegression", version: 1, options: { ...this.options }, fit };
  }

  /** @throws InvalidFile where `json` is not what `toJSON` makes */
  static fromJSON(json: unknown): LogisticRegression {
    const { options, fit } = readLinearClassifier("LogisticRegression", json);
    const regression = new LogisticRegression(options);
    regression.fitted = fit;
    return regression;
  }

  protected *fitSteps(
    features: Matrix,
    classes: readonly number[],
    names?: readonly string[],
  ): Generator<undefined, LinearFit> {
    checkFeatures(features);
    const distinct = distinctClasses(features, classes);
    const weightOf = classWeights(this.options.classWeight, classes, distinct, names);
    const { C, fitIntercept } = this.options;
    const loss = logisticLoss({
      features,
      targets: Int32Array.from(classes, (value) => distinct.indexOf(value)),
      classes: distinct.length,
      sampleWeights: Float64Array.from(classes, weightOf),
      C,
      fitIntercept,
    });
    const width = features.columns + 1;
    const planes = planesOf(distinct.length);
    const { x, converged, iterations } = yield* minimise(loss, new Float64Array(planes * width), this.options);
    const rows = Array.from({ length: planes }, (_, k) => x.subarray(k * width, (k + 1) * width));
    return {
      classes: distinct,
      columns: features.columns,
      weights: rows.map((row) => row.slice(0, features.columns)),
      intercepts: rows.map((row) => row[features.columns] ?? 0),
      converged,
      iterations: Math.max(1, iterations),
    };
  }
}

function probabilities(scores: Float64Array): Float64Array {
  if (scores.length > 1) {
    toSoftmax(scores);
    return scores;
  }
  const p = sigmoid(scores[0] ?? 0);
  return Float64Array.of(1 - p, p);
}
