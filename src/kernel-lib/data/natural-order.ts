/** Orders of names that are the same on every machine, whatever its language is set to. */

/** By Unicode code point, as `sort` in C's locale (JavaScript's own order is by UTF-16 unit). */
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Halves of what lies above U+FFFF come after all that lies below. */
const rank = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Runs of digits by their value, all else by code point: "cup-2" before "cup-10". */
export function inNaturalOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: parts(name) }));
  return keyed.sort((a, b) => byParts(a.name, a.key, b.name, b.key)).map(({ name }) => name);
}

function byParts(a: string, left: readonly string[], b: string, right: readonly string[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = byPart(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodePoint(a, b);
}

const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];

function byPart(a: string, b: string): number {
  if (a === b) return 0;
  if (!isDigit(a) || !isDigit(b)) return byCodePoint(a, b);
  // Compared as text, so that twenty digits are no problem.
  const [x, y] = [withoutZeros(a), withoutZeros(b)];
  return x.length - y.length || byCodePoint(x, y);
}

const isDigit = (part: string) => part.charCodeAt(0) >= 48 && part.charCodeAt(0) <= 57;

const withoutZeros = (digits: string) => (digits.startsWith("0") ? digits.replace(/^0+/, "") : digits);
