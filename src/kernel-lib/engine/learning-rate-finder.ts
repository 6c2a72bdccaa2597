/**
 * A search for a learning rate (Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017): the rate rises
 * exponentially, step by step, until the loss runs away. Weights that learnt so are thrown away.
 */
import { SeededRandom } from "../structures/random.js";
import type { LearningRateCurve } from "../structures/training.js";
import { batches } from "./batches.js";
import type { Learner } from "./learner.js";
import type { RateSearch, TrainRequest } from "./messages.js";
import type { OperationContext } from "./operation-context.js";

/** How much the smoothed loss keeps of itself in a step, as fastai has it. */
const SMOOTHING = 0.98;
/** So many times the least loss is running away. */
const AWAY = 4;

export async function findLearningRate(
  learner: Learner,
  request: TrainRequest,
  { from, to, steps }: RateSearch,
  { control }: OperationContext,
): Promise<LearningRateCurve> {
  const curve = { rates: [] as number[], losses: [] as number[], smoothed: [] as number[] };
  const all = endless(request);
  let mean = 0;
  for (let step = 0; step < steps; step++) {
    control.check();
    const { loss } = await learner.learn(all.next().value);
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
    const smooth = mean / (1 - SMOOTHING ** (step + 1));
    if (!Number.isFinite(smooth) || smooth > AWAY * Math.min(...curve.smoothed, smooth)) break;
    const rate = from * (to / from) ** (step / Math.max(steps - 1, 1));
    curve.rates.push(rate);
    curve.losses.push(loss);
    curve.smoothed.push(smooth);
    learner.apply(rate);
  }
  return { ...curve, suggestion: suggestedRate(curve.rates, curve.smoothed) };
}

/** Where the smoothed loss falls fastest by the rate's logarithm, before its minimum; undefined where it never falls. Pure. */
export function suggestedRate(rates: readonly number[], losses: readonly number[]): number | undefined {
  const minimum = losses.indexOf(Math.min(...losses));
  let best: { slope: number; rate: number } | undefined;
  for (let i = 1; i < minimum; i++) {
    const [before, here, after] = [i - 1, i, i + 1].map((at) => [Math.log(rates[at] ?? 1), losses[at] ?? 0] as const);
    if (!before || !here || !after) continue;
    const slope = (after[1] - before[1]) / (after[0] - before[0]);
    if (slope < (best?.slope ?? 0)) best = { slope, rate: rates[i] ?? 0 };
  }
  return best?.rate;
}

/** Epoch after epoch, in a random order each. */
function* endless({ seed, train, batchSize, freeze, batchNorm }: TrainRequest): Generator<number[], never> {
  const random = new SeededRandom(seed).fork("order");
  const indices = train.pictures.map((_, index) => index);
  for (;;) yield* batches(random.shuffle(indices), batchSize, freeze || batchNorm === "frozen");
}
