/** The random numbers of sfc32, and what loops make of each. Twin: structures/random. */

/**
 * Draws `draws` numbers and lets a rule make something of the first `taken` of them. A rule is a class with a function
 * `put(to, number, index, table, first, second)` and no state: the loop is compiled once for each, with the function inside.
 * @param state four words, which go on
 */
export function draw<Rule>(
  state: usize,
  to: usize,
  taken: i32,
  draws: i32,
  table: usize,
  first: f64,
  second: f64,
): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let counter = load<u32>(state, 12);
  for (let i = 0; i < draws; i++) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    if (i < taken) changetype<Rule>(0).put(to, sum, i, table, first, second);
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}
