/** imgaug's `FromLowerResolution`: few values, drawn for a coarse grid and enlarged. */
import { quote, VitrineError } from "../structures/errors.js";
import { integerOption, knownOptions } from "../structures/options.js";
import {
  drawField,
  numberParameter,
  stochastic,
  textParameter,
  type FieldShape,
  type NumberParameter,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import { enlargeField } from "./enlarge-field.js";
import { sizeWithin } from "./size-limit.js";

export interface FromLowerResolutionOptions {
  /** The grid's height and width as shares of the field's, drawn for each. Either this or `sizePx`. */
  sizePercent?: NumberParameter;
  /** The grid's height and width, drawn for each. */
  sizePx?: NumberParameter;
  /** How the values between are made; "nearest" by default. */
  method?: TextParameter<"nearest" | "linear">;
  /** The grid's least height and width; 1 by default. */
  minSize?: number;
}

/** For fields of values: the other parameter's, at a lower resolution. */
export function FromLowerResolution(other: NumberParameter, options: FromLowerResolutionOptions): StochasticParameter {
  knownOptions("FromLowerResolution", options, ["sizePercent", "sizePx", "method", "minSize"]);
  const parameter = numberParameter("other", other);
  const gridOf = gridSize(options);
  const method = textParameter("method", options.method ?? "nearest", ["nearest", "linear"]);
  const { low = -Infinity, high = Infinity } = parameter;
  const source: NonNullable<StochasticParameter["source"]> = (random, shape) => {
    const grid = gridOf(random, shape);
    const values = enlargeField(drawField(parameter, random, grid), grid, shape, method.sample(random));
    let at = 0;
    return () => values[at++ % values.length] ?? 0;
  };
  const fill: NonNullable<StochasticParameter["fill"]> = (random, shape, values) => {
    const grid = gridOf(random, shape);
    values.set(enlargeField(drawField(parameter, random, grid), grid, shape, method.sample(random)));
  };
  return { ...stochastic(source, { low, high }), fill };
}

type GridSize = (random: Parameters<StochasticParameter["sample"]>[0], shape: FieldShape) => FieldShape;

function gridSize({ sizePercent, sizePx, minSize = 1 }: FromLowerResolutionOptions): GridSize {
  if ((sizePercent === undefined) === (sizePx === undefined)) {
    const received = quote({ sizePercent, sizePx });
    const expected = "either sizePercent or sizePx";
    throw new VitrineError("InvalidOption", { option: "FromLowerResolution", expected, received });
  }
  const least = integerOption("minSize", minSize, 1);
  const size = numberParameter(
    sizePx === undefined ? "sizePercent" : "sizePx",
    sizePx ?? sizePercent,
    sizePx === undefined ? { min: 0 } : { min: 1, integer: true },
  );
  const length = (drawn: number, whole: number) =>
    Math.max(least, sizePx === undefined ? Math.trunc(drawn * whole) : drawn);
  return (random, { height, width, channels }) => {
    const [high, wide] = [length(size.sample(random), height), length(size.sample(random), width)];
    return { ...sizeWithin("the grid of FromLowerResolution", { height: high, width: wide }), channels };
  };
}
