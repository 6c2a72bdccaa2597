/** Orders of names that are the same on every machine, whatever its language is set to. */

/** By Unicode code point, as `sort` in C's locale (JavaScript's own order is by UTF-16 unit). */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Runs of digits by their value, all else by code point: "cup-2" before "cup-10". */
export function byNaturalOrder(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = byPart(left[i] ?? "", right[i] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodePoint(a, b);
}

const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];

function byPart(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b)) return byCodePoint(a, b);
  // Compared as text, so that twenty digits are no problem.
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return x.length - y.length || byCodePoint(x, y);
}
