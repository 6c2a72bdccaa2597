/**
 * How augmenters and random parameters were made, in values that go from thread to thread: another thread makes the same of them.
 * Functions of a caller's don't go; who has one stays in the thread that made it.
 */

/** How one was made: a factory's place among `augmenters`, and what it was called with. */
export interface Recipe {
  readonly path: string;
  readonly args: readonly unknown[];
}

/** Parameters are plain objects of functions, so that what made them is kept beside them. */
const made = new WeakMap<object, Recipe>();

/** A factory that keeps what it is called with. */
export function recorded<F extends (...args: never[]) => object>(path: string, factory: F): F {
  const recording = (...args: Parameters<F>): object => {
    const result = factory(...args);
    made.set(result, { path, args });
    return result;
  };
  return recording as F;
}

/** Stands for what a factory makes. */
interface Sent {
  readonly madeBy: string;
  readonly args: readonly unknown[];
}

class StaysHere extends Error {}

/** Augmenters have theirs with them, undefined where only the thread that made one has what it does. */
const recipeOf = (value: object): Recipe | undefined =>
  "recipe" in value && "augmentBatch" in value ? (value.recipe as Recipe | undefined) : made.get(value);

/** A value for `structuredClone`, undefined where an augmenter can't leave its thread. */
export function sentAugmenter(augmenter: object): unknown {
  try {
    return sent(augmenter);
  } catch (error) {
    if (error instanceof StaysHere) return undefined;
    throw error;
  }
}

function sent(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") throw new StaysHere();
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(sent);
  const recipe = recipeOf(value);
  if (recipe) return { madeBy: recipe.path, args: recipe.args.map(sent) } satisfies Sent;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new StaysHere();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sent(item)]));
}

/** Whether an augmenter, or one in it, draws by a seed of its own: what it makes then depends on what it made before. */
export function hasOwnSeed(value: unknown): boolean {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if ("seed" in value && value.seed !== undefined) return true;
  return Object.values(recipeOf(value)?.args ?? value).some(hasOwnSeed);
}

type Factories = Readonly<Record<string, unknown>>;

/** @param factories the library's, where the path of each begins */
export function received(value: unknown, factories: Factories): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => received(item, factories));
  const { madeBy, args } = value as Partial<Sent>;
  if (typeof madeBy === "string" && Array.isArray(args)) {
    const factory = madeBy.split(".").reduce<unknown>((owner, part) => (owner as Factories)[part], factories);
    return (factory as (...given: unknown[]) => unknown)(...args.map((item) => received(item, factories)));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, received(item, factories)]));
}
