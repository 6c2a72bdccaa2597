/**
 * What logistic regression minimises, and its gradient: the mean cross-entropy over n samples of d features, and a penalty on the
 * weights but not on the intercepts.
 *
 *     1/s Σ sᵢ · -log softmax(W xᵢ + b)[yᵢ]  +  ‖W‖² / (2 C s),   s = Σ sᵢ
 *
 * With two classes there is one row of weights w, and the softmax is over (0, wᵀx + b).
 */
import type { Matrix } from "../structures/matrix.js";
import { featureRows } from "./feature-rows.js";
import type { SmoothFunction } from "./lbfgs.js";

export interface LogisticProblem {
  /** n × d. */
  features: Matrix;
  /** Each sample's class, 0..K-1. */
  targets: Int32Array;
  /** K. */
  classes: number;
  /** sᵢ: what each sample counts. */
  sampleWeights: Float64Array;
  C: number;
  fitIntercept: boolean;
}

/** The number of rows of weights. */
export function planesOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

/** The loss of parameters: for each row of weights d numbers and the intercept. */
export function logisticLoss(problem: LogisticProblem): SmoothFunction {
  const { features, targets, sampleWeights, C } = problem;
  const { rows, columns } = features;
  const planes = planesOf(problem.classes);
  // The weights, and after them the gradient: each plane's two without the intercept's number.
  const beside = featureRows(features, 2 * planes);
  const total = sampleWeights.reduce((sum, weight) => sum + weight, 0);
  const bias = Number(problem.fitIntercept);
  const scores = new Float64Array(planes);
  return (parameters, gradient) => {
    const weights = split(parameters, planes, columns);
    const slopes = split(gradient, planes, columns);
    let value = penalty(weights, slopes, columns, 1 / (C * total));
    [...weights, ...slopes].forEach((vector, k) => beside.vectors[k]?.set(vector.subarray(0, columns)));
    for (let i = 0; i < rows; i++) {
      weights.forEach((w, k) => (scores[k] = beside.dot(k, i) + bias * (w[columns] ?? 0)));
      const share = (sampleWeights[i] ?? 0) / total;
      value += share * crossEntropy(scores, targets[i] ?? 0);
      slopes.forEach((slope, k) => {
        const factor = share * (scores[k] ?? 0);
        beside.addScaled(planes + k, factor, i);
        slope[columns] = (slope[columns] ?? 0) + bias * factor;
      });
    }
    slopes.forEach((slope, k) => slope.set(beside.vectors[planes + k] ?? []));
    return value;
  };
}

function split(parameters: Float64Array, planes: number, columns: number): Float64Array[] {
  return Array.from({ length: planes }, (_, k) => parameters.subarray(k * (columns + 1), (k + 1) * (columns + 1)));
}

/** The penalty, where the gradient begins. */
function penalty(weights: Float64Array[], slopes: Float64Array[], columns: number, strength: number): number {
  let squares = 0;
  weights.forEach((w, k) => {
    for (let j = 0; j < columns; j++) {
      const value = w[j] ?? 0;
      squares += value * value;
      const slope = slopes[k];
      if (slope) slope[j] = strength * value;
    }
  });
  return (strength * squares) / 2;
}

/** -log of the target's probability; scores become the probabilities less 1 at the target, which is the gradient. */
function crossEntropy(scores: Float64Array, target: number): number {
  if (scores.length === 1) {
    const score = scores[0] ?? 0;
    const wrong = target === 1 ? -score : score;
    const loss = Math.max(wrong, 0) + Math.log1p(Math.exp(-Math.abs(wrong)));
    scores[0] = (target === 1 ? -1 : 1) * sigmoid(wrong);
    return loss;
  }
  const own = scores[target] ?? 0;
  const logSum = toSoftmax(scores);
  scores[target] = (scores[target] ?? 0) - 1;
  return logSum - own;
}

/** 1 / (1 + exp(-x)), without overflow. */
export function sigmoid(x: number): number {
  const power = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + power) : power / (1 + power);
}

/** Turns scores into probabilities in place; returns log Σ exp of the scores. */
export function toSoftmax(scores: Float64Array): number {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  scores.forEach((score, k) => (sum += scores[k] = Math.exp(score - largest)));
  scores.forEach((power, k) => (scores[k] = power / sum));
  return largest + Math.log(sum);
}
