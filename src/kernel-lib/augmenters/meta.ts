/** imgaug's module `meta`: augmenters made of others. */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { Augmenter, type AugmenterOptions, chance, handingAugmenter, knownOptions, type Turn } from "./augmenter.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";

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
  const { randomOrder: given = false } = knownOptions("Sequential", options, ["randomOrder"]);
  const randomOrder = booleanOption("randomOrder", given);
  return handingAugmenter(
    "Sequential",
    options,
    (random) => {
      const places = list.map((_, index) => index);
      const order = randomOrder ? (random ?? chance()).fork("order").shuffle(places) : places;
      return inOrder(list, order, random);
    },
    { args: [children, options] },
  );
}

export interface SomeOfOptions extends AugmenterOptions {
  /** Apply the chosen children in random order; by default in the order in which they are listed. */
  randomOrder?: boolean;
}

/**
 * Applies some of its children, chosen anew for each picture.
 *
 * @param n how many (at most all): a number, `[low, high]` drawn evenly, `[low, null]` up to all, or null for all
 */
export function SomeOf(
  n: NumberParameter | readonly [low: number, high: null] | null = null,
  children: Augmenter | readonly Augmenter[] = [],
  options: SomeOfOptions = {},
): Augmenter {
  const list = augmenterList("children", children);
  const { randomOrder: isShuffled = false } = knownOptions("SomeOf", options, ["randomOrder"]);
  const randomOrder = booleanOption("randomOrder", isShuffled);
  const upToAll = Array.isArray(n) && n.length === 2 && n[1] === null;
  const given = n === null ? list.length : upToAll ? [n[0], Math.max(n[0] as number, list.length)] : n;
  const count = numberParameter("n", given, { min: 0, integer: true });
  return handingAugmenter(
    "SomeOf",
    options,
    (random) => {
      const numbers = (random ?? chance()).fork("order");
      const chosen = numbers.shuffle([...list.keys()]).slice(0, count.sample(numbers));
      const order = randomOrder ? chosen : chosen.sort((a, b) => a - b);
      return inOrder(list, order, random);
    },
    { args: [n, children, options] },
  );
}

/** Applies one of its children, chosen anew for each picture. */
export function OneOf(children: Augmenter | readonly Augmenter[], options: AugmenterOptions = {}): Augmenter {
  knownOptions("OneOf", options, []);
  return SomeOf(1, children, { name: "OneOf", ...options });
}

/** Applies `thenList` with probability `p`, and otherwise `elseList`. */
export function Sometimes(
  p: BooleanParameter = 0.5,
  thenList: Augmenter | readonly Augmenter[] = [],
  elseList: Augmenter | readonly Augmenter[] = [],
  options: AugmenterOptions = {},
): Augmenter {
  const decide = probabilityParameter("p", p);
  const lists = [augmenterList("elseList", elseList), augmenterList("thenList", thenList)] as const;
  return handingAugmenter(
    "Sometimes",
    knownOptions("Sometimes", options, []),
    (random) => {
      const list = lists[decide((random ?? chance()).fork("decision")) ? 1 : 0];
      return inOrder(list, [...list.keys()], random);
    },
    { args: [p, thenList, elseList, options] },
  );
}

/** Does nothing. */
export function Identity(options: AugmenterOptions = {}): Augmenter {
  return handingAugmenter("Identity", knownOptions("Identity", options, []), () => []);
}

/** imgaug's old name of `Identity`. */
export const Noop = Identity;

function inOrder(list: readonly Augmenter[], order: readonly number[], random: SeededRandom | undefined): Turn[] {
  return order.flatMap((index) => {
    const augmenter = list[index];
    return augmenter ? [{ augmenter, random: random?.fork(index) }] : [];
  });
}

export function augmenterList(option: string, given: unknown): readonly Augmenter[] {
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.map((each) => {
    if (each instanceof Augmenter) return each;
    throw new VitrineError("InvalidOption", { option, expected: "augmenters", received: quote(each) });
  });
}
