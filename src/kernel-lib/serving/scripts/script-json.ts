/** What an entry script returned, as JSON; what JSON would silently lose is refused. */

/** @throws TypeError that says what is no JSON, and where */
export function scriptJson(value: unknown): string {
  if (value === undefined) throw new TypeError("run() returned undefined, which is no JSON: return null, or a value");
  const json = JSON.stringify(value, checked) as string | undefined;
  if (json === undefined) throw new TypeError(`run() returned a ${typeof value}, which is no JSON`);
  return json;
}

function checked(key: string, value: unknown): unknown {
  const lost = lossOf(value);
  if (lost !== undefined)
    throw new TypeError(`run() returned ${lost}${key === "" ? "" : ` in ${JSON.stringify(key)}`}, which is no JSON`);
  // JSON would make an object of its indices.
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float32Array, finite) : value;
}

function lossOf(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "bigint") return "a bigint";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  return value instanceof Promise ? "a Promise (await it)" : undefined;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new TypeError(`run() returned ${value} in a typed array, which is no JSON`);
}
