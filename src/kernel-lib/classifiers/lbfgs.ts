/**
 * Minimises a smooth function by L-BFGS: a quasi-Newton method that remembers the last few steps instead of a matrix.
 *
 * Nocedal, Wright: "Numerical Optimization", 2nd edition: algorithm 7.4 for the direction, 3.5 and 3.6 for a step that meets the
 * strong Wolfe conditions.
 */
import { innerProduct } from "./dot.js";

/** A function of n numbers: returns its value at x, and writes its gradient at x. */
export type SmoothFunction = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimiseOptions {
  /** The largest part of the gradient at which it is done. */
  tolerance: number;
  maxIterations: number;
}

export interface Minimum {
  x: Float64Array;
  converged: boolean;
  iterations: number;
}

/** How many steps are remembered. */
const MEMORY = 10;
/** Sufficient decrease and curvature, of the Wolfe conditions. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_TRIALS = 40;

/** A place on the way: its value and its gradient. */
interface Place {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
}

/** One remembered step s, the change y of the gradient over it, and 1 / sᵀy. */
interface Step {
  s: Float64Array;
  y: Float64Array;
  rho: number;
}

/** Walks from `start` to a minimum; yields after each evaluation, so that a caller can let others have their turn. */
export function* minimise(
  f: SmoothFunction,
  start: Float64Array,
  { tolerance, maxIterations }: MinimiseOptions,
): Generator<undefined, Minimum> {
  let place = evaluate(f, start);
  const memory: Step[] = [];
  for (let iterations = 0; ; iterations++) {
    const converged = largest(place.gradient) <= tolerance;
    if (converged || iterations === maxIterations) return { x: place.x, converged, iterations };
    yield;
    const next = yield* search(f, place, directionAt(place, memory), memory.length === 0);
    // No step lowers the value any more: rounding is all that is left.
    if (!next) return { x: place.x, converged, iterations };
    remember(memory, place, next);
    place = next;
  }
}

function evaluate(f: SmoothFunction, x: Float64Array): Place {
  const gradient = new Float64Array(x.length);
  return { x, value: f(x, gradient), gradient };
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function remember(memory: Step[], from: Place, to: Place): void {
  const s = to.x.map((value, i) => value - (from.x[i] ?? 0));
  const y = to.gradient.map((value, i) => value - (from.gradient[i] ?? 0));
  const curvature = innerProduct(s, y);
  if (curvature <= Number.EPSILON * innerProduct(y, y)) return;
  memory.push({ s, y, rho: 1 / curvature });
  if (memory.length > MEMORY) memory.shift();
}

/** -H · gradient by the two-loop recursion. */
function directionAt({ gradient }: Place, memory: readonly Step[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const alphas = [...memory].reverse().map(({ s, y, rho }) => {
    const alpha = rho * innerProduct(s, direction);
    y.forEach((value, i) => (direction[i] = (direction[i] ?? 0) - alpha * value));
    return alpha;
  });
  const last = memory.at(-1);
  const scale = last ? 1 / (last.rho * innerProduct(last.y, last.y)) : 1;
  direction.forEach((value, i) => (direction[i] = value * scale));
  memory.forEach(({ s, y, rho }, k) => {
    const change = (alphas[memory.length - 1 - k] ?? 0) - rho * innerProduct(y, direction);
    s.forEach((value, i) => (direction[i] = (direction[i] ?? 0) + change * value));
  });
  return direction;
}

/** A trial on the line: its distance, its value, and its slope along the line. */
interface Trial {
  at: number;
  place: Place;
  slope: number;
}

/** A step along `direction` that meets the strong Wolfe conditions; undefined where rounding allows none. */
function* search(
  f: SmoothFunction,
  from: Place,
  direction: Float64Array,
  first: boolean,
): Generator<undefined, Place | undefined> {
  const trialAt = (at: number): Trial => {
    const place = evaluate(
      f,
      from.x.map((value, i) => value + at * (direction[i] ?? 0)),
    );
    return { at, place, slope: innerProduct(place.gradient, direction) };
  };
  // Near the minimum, values differ by less than their rounding, and slopes alone tell the way (Hager, Zhang 2005).
  const slack = 4 * Number.EPSILON * Math.max(1, Math.abs(from.value));
  const origin: Trial = { at: 0, place: from, slope: innerProduct(from.gradient, direction) };
  let low = origin;
  let high: Trial | undefined;
  let at = first ? 1 / Math.sqrt(innerProduct(from.gradient, from.gradient)) : 1;
  for (let count = 0; count < MAX_TRIALS; count++) {
    const trial = trialAt(at);
    const { value } = trial.place;
    // `!(a <= b)` takes NaN for too far.
    if (!(value <= from.value + DECREASE * at * origin.slope + slack) || value > low.place.value + slack) {
      high = trial;
    } else if (Math.abs(trial.slope) <= -CURVATURE * origin.slope) {
      return trial.place;
    } else {
      const turns = trial.slope * (high ? high.at - low.at : 1) >= 0;
      if (turns) high = low;
      low = trial;
    }
    at = high ? between(low, high) : 2 * at;
    yield;
  }
  return low.place.value < from.value ? low.place : undefined;
}

/** Where the parabola through both values and the first slope is lowest, kept away from both ends. */
function between(low: Trial, high: Trial): number {
  const width = high.at - low.at;
  const rise = high.place.value - low.place.value - low.slope * width;
  const share = (-low.slope * width) / (2 * rise);
  return low.at + width * (share >= 0.1 && share <= 0.9 ? share : 0.5);
}
