/**
 * The solver of the linear support vector machine: dual coordinate descent with shrinking.
 *
 * Hsieh, Chang, Lin, Keerthi, Sundararajan: "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008,
 * algorithm 3; names follow the paper. It minimises over α, 0 ≤ αᵢ ≤ U:
 *
 *     ½ αᵀ(Q + D)α − Σαᵢ,   Qᵢⱼ = yᵢyⱼ xᵢᵀxⱼ,   w = Σ αᵢ yᵢ xᵢ
 *
 * hinge loss: U = C, D = 0; squared hinge loss: U = ∞, Dᵢᵢ = 1 / 2C.
 * n samples, d features; a bias is one more feature of the same value in every sample.
 */
import type { SeededRandom } from "../structures/random.js";
import type { FeatureRows } from "./feature-rows.js";

export interface SvmProblem {
  /** n × d; the first vector beside them is used for w. */
  features: FeatureRows;
  /** n samples' squared norms. */
  norms: Float64Array;
  /** n numbers, 1 or -1. */
  signs: Int8Array;
  /** The cost of a mistake on a positive and on a negative sample. */
  costs: { positive: number; negative: number };
  loss: "hinge" | "squaredHinge";
  /** The value of the extra feature; 0 for no bias. */
  bias: number;
  /** The largest violation of optimality that is let stand. */
  tolerance: number;
  maxIterations: number;
  random: SeededRandom;
}

export interface SvmSolution {
  /** d. */
  weights: Float64Array;
  /** The weight of the extra feature. */
  bias: number;
  converged: boolean;
  /** Passes over the samples. */
  iterations: number;
}

/** How many multiplications are done between two yields: a few milliseconds of work. */
const SLICE = 2_000_000;

/** Solves the problem; yields every few milliseconds, so that a caller can let others have their turn. */
export function* solveSvm(problem: SvmProblem): Generator<undefined, SvmSolution> {
  const state = new CoordinateDescent(problem);
  let sinceYield = 0;
  for (let iteration = 1; iteration <= problem.maxIterations; iteration++) {
    state.beginPass();
    while (state.step()) {
      sinceYield += 2 * problem.features.columns;
      if (sinceYield < SLICE) continue;
      sinceYield = 0;
      yield;
    }
    if (state.endPass()) return { ...state.solution(), converged: true, iterations: iteration };
  }
  return { ...state.solution(), converged: false, iterations: problem.maxIterations };
}

class CoordinateDescent {
  private readonly problem: SvmProblem;
  private readonly weights: Float64Array;
  private bias = 0;
  private readonly alpha: Float64Array;
  /** The samples still active come first. */
  private readonly order: Int32Array;
  /** Qᵢᵢ without D. */
  private readonly squares: Float64Array;
  private active: number;
  private position = 0;
  // Projected gradients of the last pass, between which shrinking leaves a sample alone, and of this one.
  private upper = Infinity;
  private lower = -Infinity;
  private highest = -Infinity;
  private lowest = Infinity;

  constructor(problem: SvmProblem) {
    const { rows, vectors } = problem.features;
    this.problem = problem;
    this.weights = (vectors[0] ?? new Float64Array()).fill(0);
    this.alpha = new Float64Array(rows);
    this.order = Int32Array.from({ length: rows }, (_, i) => i);
    this.active = rows;
    this.squares = problem.norms.map((norm) => norm + problem.bias ** 2);
  }

  solution(): Pick<SvmSolution, "weights" | "bias"> {
    return { weights: this.weights.slice(), bias: this.bias };
  }

  beginPass(): void {
    const { order, active } = this;
    for (let i = 0; i < active; i++) swap(order, i, i + this.problem.random.integer(active - i));
    this.position = 0;
    this.highest = -Infinity;
    this.lowest = Infinity;
  }

  /** Minimises over one αᵢ, or shrinks it away; false when the pass is over. */
  step(): boolean {
    if (this.position >= this.active) return false;
    const i = this.order[this.position] ?? 0;
    const [bound, ridge] = this.limits(i);
    const alpha = this.alpha[i] ?? 0;
    const gradient = this.gradient(i, alpha * ridge);
    if ((alpha === 0 && gradient > this.upper) || (alpha === bound && gradient < this.lower)) {
      this.active--;
      swap(this.order, this.position, this.active);
      return true;
    }
    this.position++;
    const projected = alpha === 0 ? Math.min(gradient, 0) : alpha === bound ? Math.max(gradient, 0) : gradient;
    this.highest = Math.max(this.highest, projected);
    this.lowest = Math.min(this.lowest, projected);
    if (Math.abs(projected) > 1e-12) this.move(i, alpha - gradient / ((this.squares[i] ?? 0) + ridge), bound);
    return true;
  }

  /** True when no sample violates optimality any more, those shrunk away included. */
  endPass(): boolean {
    if (this.highest - this.lowest <= this.problem.tolerance || this.active === 0) {
      if (this.active === this.order.length) return true;
      // Good among the active ones only: look at all of them once more.
      this.active = this.order.length;
      this.upper = Infinity;
      this.lower = -Infinity;
      return false;
    }
    this.upper = this.highest > 0 ? this.highest : Infinity;
    this.lower = this.lowest < 0 ? this.lowest : -Infinity;
    return false;
  }

  /** U and Dᵢᵢ. */
  private limits(i: number): [number, number] {
    const { costs, signs, loss } = this.problem;
    const cost = (signs[i] ?? 0) > 0 ? costs.positive : costs.negative;
    return loss === "hinge" ? [cost, 0] : [Infinity, 0.5 / cost];
  }

  private gradient(i: number, ridge: number): number {
    const { features, signs, bias } = this.problem;
    const score = features.dot(0, i) + this.bias * bias;
    return (signs[i] ?? 0) * score - 1 + ridge;
  }

  private move(i: number, wanted: number, bound: number): void {
    const { features, signs, bias } = this.problem;
    const alpha = Math.min(Math.max(wanted, 0), bound);
    const step = (alpha - (this.alpha[i] ?? 0)) * (signs[i] ?? 0);
    this.alpha[i] = alpha;
    features.addScaled(0, step, i);
    this.bias += step * bias;
  }
}

function swap(values: Int32Array, i: number, j: number): void {
  const kept = values[i] ?? 0;
  values[i] = values[j] ?? 0;
  values[j] = kept;
}
