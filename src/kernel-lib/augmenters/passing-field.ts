/**
 * Fields of values that are done with at once, drawn in memory that the next one gets: new memory would have to be had from the system page by
 * page, which takes longer than most draws.
 */
import type { SeededRandom } from "../structures/random.js";
import { fillField, type FieldShape, type StochasticParameter } from "./parameters.js";

/** Larger memory is not kept. */
const MOST_VALUES = 2 ** 22;

let spare: Float64Array | undefined;

/** What `use` makes of a field, which it does not keep. */
export function passingField<T>(
  parameter: StochasticParameter,
  random: SeededRandom,
  shape: FieldShape,
  use: (field: Float64Array) => T,
): T {
  const length = shape.height * shape.width * shape.channels;
  const memory = spare && spare.length >= length ? spare : new Float64Array(length);
  // Whoever is called from here has memory of its own.
  spare = undefined;
  const field = memory.subarray(0, length);
  fillField(parameter, random, shape, field);
  const result = use(field);
  if (memory.length <= MOST_VALUES) spare = memory;
  return result;
}
