/** imgaug's module `parameters`, whole. Each keeps how it was made, so that augmenters with it can go to other threads. */
import * as distributions from "./distributions.js";
import * as lowerResolution from "./from-lower-resolution.js";
import * as noise from "./noise-parameters.js";
import * as arithmetic from "./parameter-arithmetic.js";
import * as basic from "./parameters.js";
import { givenOption, integerOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { recorded } from "./recipe.js";
import { sizeWithin } from "./size-limit.js";

export type { FromLowerResolutionOptions } from "./from-lower-resolution.js";
export type {
  Aggregation,
  FrequencyNoiseOptions,
  IterativeNoiseAggregatorOptions,
  NoiseOptions,
} from "./noise-parameters.js";
export type { SigmoidOptions, SignOptions } from "./parameter-arithmetic.js";
export type { ChoiceOptions, FieldShape, NumberParameter, StochasticParameter } from "./parameters.js";

/** A field of values: `height * width * channels` of them. @throws `InvalidOption` */
export function drawField(
  parameter: basic.StochasticParameter,
  random: SeededRandom,
  shape: basic.FieldShape,
): Float64Array {
  const checked = basic.numberParameter("parameter", parameter);
  givenOption("random", random, ["next", "uniform", "fillUint32"], "random numbers, as `Lambda`'s functions get them,");
  givenOption("shape", shape, ["height", "width", "channels"], "{ height, width, channels }");
  for (const side of ["height", "width", "channels"] as const) integerOption(`shape.${side}`, shape[side], 1);
  sizeWithin("the field", { width: shape.width * shape.channels, height: shape.height });
  return basic.drawField(checked, random, shape);
}

export const Binomial: typeof distributions.Binomial = recorded("parameters.Binomial", distributions.Binomial);
export const Poisson: typeof distributions.Poisson = recorded("parameters.Poisson", distributions.Poisson);
export const Normal: typeof distributions.Normal = recorded("parameters.Normal", distributions.Normal);
export const TruncatedNormal: typeof distributions.TruncatedNormal = recorded(
  "parameters.TruncatedNormal",
  distributions.TruncatedNormal,
);
export const Laplace: typeof distributions.Laplace = recorded("parameters.Laplace", distributions.Laplace);
export const ChiSquare: typeof distributions.ChiSquare = recorded("parameters.ChiSquare", distributions.ChiSquare);
export const Weibull: typeof distributions.Weibull = recorded("parameters.Weibull", distributions.Weibull);
export const Beta: typeof distributions.Beta = recorded("parameters.Beta", distributions.Beta);
export const FromLowerResolution: typeof lowerResolution.FromLowerResolution = recorded(
  "parameters.FromLowerResolution",
  lowerResolution.FromLowerResolution,
);
export const SimplexNoise: typeof noise.SimplexNoise = recorded("parameters.SimplexNoise", noise.SimplexNoise);
export const FrequencyNoise: typeof noise.FrequencyNoise = recorded("parameters.FrequencyNoise", noise.FrequencyNoise);
export const IterativeNoiseAggregator: typeof noise.IterativeNoiseAggregator = recorded(
  "parameters.IterativeNoiseAggregator",
  noise.IterativeNoiseAggregator,
);
export const Add: typeof arithmetic.Add = recorded("parameters.Add", arithmetic.Add);
export const Subtract: typeof arithmetic.Subtract = recorded("parameters.Subtract", arithmetic.Subtract);
export const Multiply: typeof arithmetic.Multiply = recorded("parameters.Multiply", arithmetic.Multiply);
export const Divide: typeof arithmetic.Divide = recorded("parameters.Divide", arithmetic.Divide);
export const Power: typeof arithmetic.Power = recorded("parameters.Power", arithmetic.Power);
export const Clip: typeof arithmetic.Clip = recorded("parameters.Clip", arithmetic.Clip);
export const Discretize: typeof arithmetic.Discretize = recorded("parameters.Discretize", arithmetic.Discretize);
export const Absolute: typeof arithmetic.Absolute = recorded("parameters.Absolute", arithmetic.Absolute);
export const RandomSign: typeof arithmetic.RandomSign = recorded("parameters.RandomSign", arithmetic.RandomSign);
export const ForceSign: typeof arithmetic.ForceSign = recorded("parameters.ForceSign", arithmetic.ForceSign);
export const Positive: typeof arithmetic.Positive = recorded("parameters.Positive", arithmetic.Positive);
export const Negative: typeof arithmetic.Negative = recorded("parameters.Negative", arithmetic.Negative);
export const Sigmoid: typeof arithmetic.Sigmoid = recorded("parameters.Sigmoid", arithmetic.Sigmoid);
export const Choice: typeof basic.Choice = recorded("parameters.Choice", basic.Choice);
export const Deterministic: typeof basic.Deterministic = recorded("parameters.Deterministic", basic.Deterministic);
export const DeterministicList: typeof basic.DeterministicList = recorded(
  "parameters.DeterministicList",
  basic.DeterministicList,
);
export const DiscreteUniform: typeof basic.DiscreteUniform = recorded(
  "parameters.DiscreteUniform",
  basic.DiscreteUniform,
);
export const Uniform: typeof basic.Uniform = recorded("parameters.Uniform", basic.Uniform);
