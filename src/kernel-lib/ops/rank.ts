/** Numbers by size, the largest first. N numbers. */

/** All places of N scores by descending score; equal ones in the order of their places. */
export function rankDescending(scores: Float32Array): Int32Array {
  return ranked(
    scores,
    new Int32Array(scores.length).map((_, place) => place),
  );
}

/** The places of the `count` largest scores, descending. */
export function largest(scores: Float32Array, count: number): Int32Array {
  if (count >= scores.length) return rankDescending(scores);
  if (count <= 0) return new Int32Array();
  const least = scores.slice().sort().at(-count) ?? 0;
  const above: number[] = [];
  const equal: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    if (score > least) above.push(i);
    else if (score === least) equal.push(i);
  }
  return ranked(scores, Int32Array.from([...above, ...equal.slice(0, count - above.length)]));
}

/** Places up to 2²¹ fit beside a score's 32 bits into a double, and doubles sort by themselves. */
const PLACES = 2 ** 21;

/** @param places ascending */
function ranked(scores: Float32Array, places: Int32Array): Int32Array {
  if (scores.length > PLACES) {
    return places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  }
  const bits = new Uint32Array(scores.slice().buffer);
  const keys = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] ?? 0;
    keys[i] = descendingKey(bits[place] ?? 0) * PLACES + place;
  }
  keys.sort();
  const order = new Int32Array(places.length);
  for (let i = 0; i < order.length; i++) order[i] = (keys[i] ?? 0) % PLACES;
  return order;
}

/** A float's bits as a whole number that falls while the float rises. */
const descendingKey = (bits: number) => (bits >>> 31 ? bits : 0x7fffffff - bits) >>> 0;
