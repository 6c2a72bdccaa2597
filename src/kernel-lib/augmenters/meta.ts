/** imgaug's module `meta`: augmenters made of others. */
import { quote, VitrineError } from "../structures/errors.js";
import { Augmenter, chance, knownOptions, type AugmenterOptions } from "./augmenter.js";

export interface SequentialOptions extends AugmenterOptions {
  /** Apply the children in another order for each picture; false by default. */
  randomOrder?: boolean;
}

/** Applies its children one after another. */
export function Sequential(
  children: Augmenter | readonly Augmenter[] = [],
  options: SequentialOptions = {},
): Augmenter {
  const list = augmenterList("children", children);
  const { randomOrder = false } = knownOptions("Sequential", options, ["randomOrder"]);
  return new Augmenter("Sequential", options, (subject, random) => {
    const places = list.map((_, index) => index);
    const order = randomOrder ? (random ?? chance()).fork("order").shuffle(places) : places;
    return order.reduce((result, index) => list[index]?.run(result, random?.fork(index)) ?? result, subject);
  });
}

function augmenterList(option: string, given: unknown): readonly Augmenter[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.map((each) => {
    if (each instanceof Augmenter) return each;
    throw new VitrineError("InvalidOption", { option, expected: "augmenters", received: quote(each) });
  });
}
