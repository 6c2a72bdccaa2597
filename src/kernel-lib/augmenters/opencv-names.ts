/** OpenCV's words and numbers for what lies between pixels and around pictures, as imgaug takes them. */
import { quote, VitrineError } from "../structures/errors.js";
import type { SeededRandom } from "../structures/random.js";
import type { BorderMode } from "./border.js";
import { Choice, isParameter, type StochasticParameter } from "./parameters.js";
import type { SampleOrder } from "./sample-picture.js";

type Names<T> = Readonly<Record<string, { readonly number: number; readonly is: T }>>;

export const OPENCV_BORDERS = {
  constant: { number: 0, is: "constant" },
  replicate: { number: 1, is: "edge" },
  reflect: { number: 2, is: "symmetric" },
  wrap: { number: 3, is: "wrap" },
  reflect_101: { number: 4, is: "reflect" },
} as const satisfies Names<BorderMode>;

export const OPENCV_ORDERS = {
  nearest: { number: 0, is: 0 },
  linear: { number: 1, is: 1 },
  cubic: { number: 2, is: 3 },
  lanczos4: { number: 4, is: 4 },
} as const satisfies Names<SampleOrder>;

/** One of OpenCV's words or numbers, a list of them to choose from, "ALL" to choose from all, or what draws them. */
export type OpenCvParameter<Name extends string | number> =
  | Name
  | "ALL"
  | readonly Name[]
  | StochasticParameter<Name>
  | StochasticParameter<Extract<Name, string>>
  | StochasticParameter;

/** @throws `InvalidOption` at once for what is known, and when it is drawn for what is not */
export function openCvParameter<T>(option: string, given: unknown, names: Names<T>): (random: SeededRandom) => T {
  const known = new Map<unknown, T>();
  for (const [word, { number, is }] of Object.entries(names)) known.set(word, is).set(number, is);
  const meant = (value: unknown): T => {
    const is = known.get(value);
    if (is !== undefined) return is;
    const words = Object.entries(names).map(([word, { number }]) => `${quote(word)} (${number})`);
    const expected = `${words.join(", ")}, or a list of them`;
    throw new VitrineError("InvalidOption", { option, expected, received: quote(value) });
  };
  if (isParameter<unknown>(given)) return (random) => meant(given.sample(random));
  const listed: unknown[] = given === "ALL" ? Object.keys(names) : Array.isArray(given) ? given : [given];
  if (listed.length === 0) meant(given);
  const parameter = Choice(listed.map(meant));
  return (random) => parameter.sample(random);
}
