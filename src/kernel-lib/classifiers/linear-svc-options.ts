/** What a linear support vector machine is told. */
import { booleanOption, choiceOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import { checkClassWeight, type ClassWeight } from "./linear-classifier.js";

export interface LinearSVCOptions {
  /** The cost of a mistake; the smaller, the more regular. Default 1. */
  C?: number;
  /** Default "squaredHinge". */
  loss?: "squaredHinge" | "hinge";
  /** Weights on C by class: "balanced" gives a rare class as much say as a common one, n / (classes · its samples). */
  classWeight?: ClassWeight;
  /** Whether there is an intercept. Default true. */
  fitIntercept?: boolean;
  /** The intercept is a weight on a feature of this value, and is regularised like the others. Default 1. */
  interceptScaling?: number;
  /** The largest violation of optimality that is let stand. Default 1e-4. */
  tolerance?: number;
  /** Passes over the samples. Default 1000. */
  maxIterations?: number;
  /** Of the order in which samples are visited. Default 0. */
  seed?: number;
}

export type LinearSVCSettings = Required<Omit<LinearSVCOptions, "classWeight">> & Pick<LinearSVCOptions, "classWeight">;

const OPTIONS = ["C", "loss", "classWeight", "fitIntercept", "interceptScaling", "tolerance", "maxIterations", "seed"];

/** @throws InvalidOption where one is unknown or out of its range */
export function checkOptions(options: LinearSVCOptions): LinearSVCSettings {
  knownOptions("LinearSVC", options, OPTIONS);
  const settings = {
    C: numberOption("C", options.C ?? 1, Number.MIN_VALUE),
    loss: choiceOption("loss", options.loss ?? "squaredHinge", ["squaredHinge", "hinge"]),
    fitIntercept: booleanOption("fitIntercept", options.fitIntercept ?? true),
    interceptScaling: numberOption("interceptScaling", options.interceptScaling ?? 1, Number.MIN_VALUE),
    tolerance: numberOption("tolerance", options.tolerance ?? 1e-4, 0),
    maxIterations: integerOption("maxIterations", options.maxIterations ?? 1000, 1),
    seed: integerOption("seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER),
  };
  const { classWeight } = options;
  return classWeight === undefined ? settings : { ...settings, classWeight: checkClassWeight(classWeight) };
}
