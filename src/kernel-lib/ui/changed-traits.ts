/** The traits of `after` that are other than in `before`: what a widget needs to send. Traits are small and plain JSON. */
export function changedTraits<S extends object>(before: S, after: S): Partial<S> {
  const keys = Object.keys(after) as (keyof S)[];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return Object.fromEntries(changed.map((key) => [key, after[key]])) as Partial<S>;
}
