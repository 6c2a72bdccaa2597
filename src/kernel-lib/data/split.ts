/** Which pictures learn and which test: a split in the same proportions of every class. */
import { SeededRandom } from "../structures/random.js";

/**
 * Chooses `count` of the members, from each stratum its share: the whole part of `size * count / total`, and the rest to the
 * strata with the largest remainders (Hamilton's method), the earlier one on a tie. Each stratum's share is thus off
 * by less than one.
 * @param strata one key a member
 * @returns one flag a member
 */
export function stratifiedChoice(strata: readonly string[], count: number, seed: number): boolean[] {
  const members = new Map<string, number[]>();
  strata.forEach((key, index) => {
    const list = members.get(key);
    if (list) list.push(index);
    else members.set(key, [index]);
  });
  const sizes = [...members.values()].map((list) => list.length);
  const shares = largestRemainder(sizes, count);
  const random = new SeededRandom(seed);
  const chosen = strata.map(() => false);
  [...members].forEach(([key, list], index) => {
    const shuffled = random.fork(key).shuffle(list);
    for (const member of shuffled.slice(0, shares[index])) chosen[member] = true;
  });
  return chosen;
}

/** `count` seats for parties of these sizes. */
function largestRemainder(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  // Whole numbers throughout, so that equal remainders are equal.
  const shares = sizes.map((size) => Math.floor((size * count) / total));
  const remainders = sizes.map((size) => (size * count) % total);
  const left = count - shares.reduce((sum, share) => sum + share, 0);
  const order = sizes.map((_, index) => index).sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  for (const index of order.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
