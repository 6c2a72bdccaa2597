/** imgaug's module `parameters`, whole. */
export * from "./distributions.js";
export * from "./from-lower-resolution.js";
export * from "./noise-parameters.js";
export * from "./parameter-arithmetic.js";
export {
  Choice,
  type ChoiceOptions,
  Deterministic,
  DeterministicList,
  DiscreteUniform,
  drawField,
  type FieldShape,
  type NumberParameter,
  type StochasticParameter,
  Uniform,
} from "./parameters.js";
