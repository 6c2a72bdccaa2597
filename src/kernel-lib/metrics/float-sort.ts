/**
 * Sorting of many floating-point numbers by their bits, without comparisons: a radix sort from the least significant digit up,
 * which skips digits that all numbers share (so that doubles made from 32-bit floats cost half).
 *
 * The bits of a double order like an integer once the sign bit is flipped, and all bits of negative numbers are
 * (Herf: "Radix tricks", 2001).
 */

const DIGIT = 11;
const BUCKETS = 1 << DIGIT;
/** Six digits of eleven bits hold 64 bits: three from each half, the last of them of ten bits. */
const SHIFTS = [0, DIGIT, 2 * DIGIT] as const;
const MASK = BUCKETS - 1;

/** Below this, the engine's own sort is as fast, and needs no second array. */
const SMALL = 2000;

/** Puts finite numbers in rising order, in place; -0 comes before 0. */
export function sortFloats(values: Float64Array): Float64Array {
  if (values.length < SMALL) return values.sort();
  const keys = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  encode(keys);
  const counts = countDigits(keys);
  let from: Uint32Array = keys;
  let to: Uint32Array = new Uint32Array(keys.length);
  counts.forEach((count, digit) => {
    if (count.includes(values.length)) return;
    distribute(from, to, digit < 3 ? LOW : HIGH, SHIFTS[digit % 3] ?? 0, startsOf(count));
    [from, to] = [to, from];
  });
  if (from !== keys) keys.set(from);
  decode(keys);
  return values;
}

/** Where in a pair of words the low and the high half of a double lie, as this machine orders bytes. */
const [LOW, HIGH] = new Uint32Array(Float64Array.of(1).buffer)[1] === 0 ? [1, 0] : [0, 1];

function encode(keys: Uint32Array): void {
  for (let i = 0; i < keys.length; i += 2) {
    const high = keys[i + HIGH] ?? 0;
    const flip = high >> 31;
    keys[i + HIGH] = high ^ (flip | 0x80000000);
    keys[i + LOW] = (keys[i + LOW] ?? 0) ^ flip;
  }
}

function decode(keys: Uint32Array): void {
  for (let i = 0; i < keys.length; i += 2) {
    const high = keys[i + HIGH] ?? 0;
    const flip = ~(high >> 31);
    keys[i + HIGH] = high ^ (flip | 0x80000000);
    keys[i + LOW] = (keys[i + LOW] ?? 0) ^ flip;
  }
}

/** How often each value of each of the six digits occurs. */
function countDigits(keys: Uint32Array): Uint32Array[] {
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => new Uint32Array(BUCKETS)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const add = (counts: Uint32Array, digit: number) => (counts[digit] = (counts[digit] ?? 0) + 1);
  for (let i = 0; i < keys.length; i += 2) {
    const low = keys[i + LOW] ?? 0;
    const high = keys[i + HIGH] ?? 0;
    add(a, low & MASK);
    add(b, (low >>> DIGIT) & MASK);
    add(c, low >>> (2 * DIGIT));
    add(d, high & MASK);
    add(e, (high >>> DIGIT) & MASK);
    add(f, high >>> (2 * DIGIT));
  }
  return [a, b, c, d, e, f];
}

/** Where each bucket begins. */
function startsOf(counts: Uint32Array): Uint32Array {
  const starts = new Uint32Array(counts.length);
  for (let i = 1; i < counts.length; i++) starts[i] = (starts[i - 1] ?? 0) + (counts[i - 1] ?? 0);
  return starts;
}

/** One stable pass: moves each pair of words to the next place of its digit's bucket. */
function distribute(from: Uint32Array, to: Uint32Array, half: number, shift: number, starts: Uint32Array): void {
  for (let i = 0; i < from.length; i += 2) {
    const bucket = ((from[i + half] ?? 0) >>> shift) & MASK;
    const place = starts[bucket] ?? 0;
    starts[bucket] = place + 1;
    to[2 * place] = from[i] ?? 0;
    to[2 * place + 1] = from[i + 1] ?? 0;
  }
}
