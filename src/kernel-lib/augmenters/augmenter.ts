/**
 * What every augmenter is: a function of a picture and of chance.
 *
 * An augmenter with a seed repeats itself: a new one with the same seed makes the same of the same calls. Its children draw
 * from its numbers. Without a seed, a child's own seed counts, and else chance.
 */
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { integerOption, knownOptions as knownCallOptions, seedOption, textOption } from "../structures/options.js";
import { SeededRandom } from "../structures/random.js";
import { augmenterPool, type AugmentJob } from "./augmenter-pool.js";
import { finished } from "./finished-picture.js";
import { offering } from "./picture-simd.js";
import { hasOwnSeed, sentAugmenter, type Recipe } from "./recipe.js";
import { SUBJECT_FIELDS, subjectOption, type Subject } from "./subject.js";
import { throughBytes, type WideSubject, type WideTransform } from "./wide-picture.js";

export type { Recipe } from "./recipe.js";

export interface AugmenterOptions {
  seed?: number | string;
  /** Shown in messages; the augmenter's own name by default. */
  name?: string;
}

export interface AugmentCall {
  /** This call alone: the same seed makes the same of the same picture, whatever was called before. */
  seed?: number | string;
  /**
   * Memory for the new picture, at least as long: its `data` then is the start of this. Whoever makes one picture after another spares
   * the processor new memory each time.
   */
  into?: Uint8Array;
}

export interface AugmentBatchOptions {
  /** This call alone: the same seed makes the same of the same list. */
  seed?: number | string;
  /** A seed for each instead: the same makes the same of the same picture, wherever it stands. */
  seeds?: readonly (number | string)[];
  /** At most, 0 to 64; 0 is the calling thread alone. As many as there are processors by default. */
  threads?: number;
  signal?: AbortSignal | undefined;
}

/** A slip of the pen would fill the memory. */
const MOST_FROZEN = 1e6;

/** Makes a new picture or returns the old one; never writes into what it was given. */
export type Transform = (image: ImageData8, random: SeededRandom) => ImageData8;

/** What an augmenter makes of a subject; it gets no random numbers where nobody above has a seed. */
type Apply<S> = (subject: S, random: SeededRandom | undefined) => S;

export class Augmenter {
  readonly name: string;
  /** Missing where only the thread that made it has what it does. */
  readonly recipe: Recipe | undefined;
  readonly #seed: number | string | undefined;
  readonly #apply: Apply<Subject>;
  readonly #wide: Apply<WideSubject> | undefined;
  #stream: SeededRandom | undefined;
  #calls = 0;

  /** @param wide what it makes of a picture of 16 bits, where it knows such */
  constructor(
    name: string,
    options: AugmenterOptions,
    apply: Apply<Subject>,
    recipe?: Recipe,
    wide?: Apply<WideSubject>,
  ) {
    this.name = options.name === undefined ? name : textOption("name", options.name);
    this.recipe = recipe;
    this.#seed = options.seed === undefined ? undefined : seedOption("seed", options.seed);
    this.#apply = apply;
    this.#wide = wide;
  }

  /** @throws `InvalidOption` for what is no picture */
  augmentImage(image: ImageData8, options: AugmentCall = {}): ImageData8 {
    return this.augment({ image }, options).image;
  }

  /** @param options with a seed, the same of the same list */
  augmentImages(images: readonly ImageData8[], options: Pick<AugmentCall, "seed"> = {}): ImageData8[] {
    knownCallOptions("augmentImages", options, ["seed"]);
    const seeds = placeSeeds(options.seed);
    return listOption("images", images, "pictures").map((image, i) => this.augmentImage(image, seeds(i)));
  }

  /** The picture and what belongs to it, moved alike. The result is the caller's: it shares no bytes with what came in. */
  augment(subject: Subject, options: AugmentCall = {}): Subject {
    const checked = onlySubject("augment", subject);
    knownCallOptions("augment", options, ["seed", "into"]);
    const random = options.seed === undefined ? undefined : new SeededRandom(seedOption("seed", options.seed));
    const into = memoryOption(options.into);
    // What lies in the same memory is still read.
    const offer = into?.buffer === checked.image.data.buffer ? undefined : into;
    return finished(
      checked,
      offering(offer, () => this.run(checked, random)),
      into,
    );
  }

  /**
   * Many at once, on threads beside this one. What comes of each depends on its seed or its place alone: not on how many threads there are,
   * nor on which is done first. Pictures that lie in a SharedArrayBuffer are not copied on their way. An augmenter with a function of the
   * caller's in it (`Lambda`), or with seeds below one without, works in the calling thread.
   * @throws `InvalidOption`, `Stopped` by the signal, `EngineFailed` where a thread dies
   */
  async augmentBatch(subjects: readonly Subject[], options: AugmentBatchOptions = {}): Promise<Subject[]> {
    const checked = listOption("subjects", subjects, "subjects").map((subject) => onlySubject("augmentBatch", subject));
    const call = batchOptions(options, checked.length);
    const randoms = checked.map((_, i) => {
      const seed = call.seeds[i];
      return seed === undefined ? this.#own() : new SeededRandom(seed);
    });
    const isFree = randoms.every((random) => random !== undefined) || !hasOwnSeed(this);
    const sent = call.threads > 0 && isFree ? sentAugmenter(this) : undefined;
    if (sent === undefined)
      return inTurns(checked, call.signal, (each, i) => finished(each, this.run(each, randoms[i])));
    const jobs = checked.map((subject, i): AugmentJob => ({ subject, position: randoms[i]?.position }));
    return augmenterPool.run(this, sent, jobs, call);
  }

  /** An augmenter that draws once, now, and does the same to all that it gets: to a picture and its mask, say. */
  toDeterministic(): Augmenter;
  /** So many of them, each with draws of its own. @throws `InvalidOption` for less than 1 */
  toDeterministic(n: number): Augmenter[];
  toDeterministic(n?: number): Augmenter | Augmenter[] {
    if (n === undefined) return this.#frozen();
    return Array.from({ length: integerOption("n", n, 1, MOST_FROZEN) }, () => this.#frozen());
  }

  #frozen(): Augmenter {
    const seed = (this.#own() ?? chance()).uint32();
    return new Augmenter(
      this.name,
      {},
      (subject) => this.run(subject, new SeededRandom(seed)),
      undefined,
      (subject) => this.runWide(subject, new SeededRandom(seed)),
    );
  }

  /** For augmenters that hold others: `random` is theirs to draw from, undefined where nobody above has a seed. */
  run(subject: Subject, random: SeededRandom | undefined): Subject {
    return this.#apply(subject, random ?? this.#own());
  }

  /** The same for a picture of 16 bits, which one that knows 8 alone sees in 8. */
  runWide(subject: WideSubject, random: SeededRandom | undefined): WideSubject {
    const numbers = random ?? this.#own();
    return this.#wide ? this.#wide(subject, numbers) : throughBytes(subject, (each) => this.#apply(each, numbers));
  }

  /** The next call's numbers of an augmenter with a seed. */
  #own(): SeededRandom | undefined {
    if (this.#seed === undefined) return undefined;
    this.#stream ??= new SeededRandom(this.#seed);
    return this.#stream.fork(this.#calls++);
  }
}

function batchOptions(options: AugmentBatchOptions, count: number) {
  knownCallOptions("augmentBatch", options, ["seed", "seeds", "threads", "signal"]);
  const { seed, seeds } = options;
  if (seeds !== undefined && (seed !== undefined || !Array.isArray(seeds) || seeds.length !== count)) {
    const expected = `either seed or ${count} seeds, as many as pictures,`;
    throw new VitrineError("InvalidOption", { option: "augmentBatch", expected, received: quote({ seed, seeds }) });
  }
  const bySeed = placeSeeds(seed);
  const each = Array.from({ length: count }, (_, i) => (seeds ? seedOption("seeds", seeds[i]) : bySeed(i).seed));
  const threads = integerOption("threads", options.threads ?? Math.min(availableParallelism(), 64), 0, 64);
  return { seeds: each, threads, signal: effectiveSignal(options.signal) };
}

/** For each place in a list its own, of one for the whole list. */
function placeSeeds(given: number | string | undefined): (place: number) => { seed?: string } {
  if (given === undefined) return () => ({});
  const seed = seedOption("seed", given);
  return (place) => ({ seed: `${seed}/${place}` });
}

function memoryOption(into: Uint8Array | undefined): Uint8Array | undefined {
  if (into === undefined || (into as unknown) instanceof Uint8Array) return into;
  const expected = "a Uint8Array at least as long as the new picture";
  throw new VitrineError("InvalidOption", { option: "into", expected, received: quote(into) });
}

function listOption<T>(option: string, list: readonly T[], what: string): readonly T[] {
  const given: unknown = list;
  if (Array.isArray(given)) return list;
  throw new VitrineError("InvalidOption", { option, expected: `a list of ${what}`, received: quote(list) });
}

/** What can be augmented, and nothing beside it that would silently stay behind. */
function onlySubject(call: string, subject: Subject): Subject {
  const checked = subjectOption(subject);
  const others = Object.keys(subject).filter((key) => !SUBJECT_FIELDS.includes(key));
  if (others.length > 0) throw unknownField(call, others, SUBJECT_FIELDS);
  return checked;
}

/** In the calling thread, which others get to run on in between. */
async function inTurns(
  subjects: readonly Subject[],
  signal: AbortSignal | undefined,
  augment: (subject: Subject, i: number) => Subject,
): Promise<Subject[]> {
  const results: Subject[] = [];
  for (const [i, subject] of subjects.entries()) {
    await setImmediate();
    if (signal?.aborted) throw new VitrineError("Stopped", { operation: "Augmenting", kept: "nothing" });
    results.push(augment(subject, i));
  }
  return results;
}

/** What a factory of this library returns: of `name`, called with `options` alone unless told otherwise. */
export function madeAugmenter(
  name: string,
  options: AugmenterOptions,
  apply: Apply<Subject>,
  recipe: Partial<Recipe> = {},
  wide?: Apply<WideSubject>,
): Augmenter {
  return new Augmenter(name, options, apply, { path: name, args: [options], ...recipe }, wide);
}

/** One made by another factory, or of other options, than it is called by. */
export function remade(augmenter: Augmenter, path: string, options: AugmenterOptions): Augmenter {
  const { seed } = options;
  const own = { name: augmenter.name, ...(seed !== undefined && { seed }) };
  return new Augmenter(
    path,
    own,
    (subject, random) => augmenter.run(subject, random),
    { path, args: [options] },
    (subject, random) => augmenter.runWide(subject, random),
  );
}

/** An augmenter of pictures alone: what lies on them stays where it is. @param wide the same of pictures of 16 bits */
export function imageAugmenter(
  name: string,
  options: AugmenterOptions,
  transform: Transform,
  recipe: Partial<Recipe> = {},
  wide?: WideTransform<SeededRandom>,
): Augmenter {
  return madeAugmenter(
    name,
    options,
    (subject, random) => ({ ...subject, image: transform(subject.image, random ?? chance()) }),
    recipe,
    wide && ((subject, random) => ({ ...subject, image: wide(subject.image, random ?? chance()) })),
  );
}

/** One that holds others and lets them work, whatever they work on. @param turns who works, one after another, by which numbers */
export function handingAugmenter(
  name: string,
  options: AugmenterOptions,
  turns: (random: SeededRandom | undefined) => readonly Turn[],
  recipe: Partial<Recipe> = {},
): Augmenter {
  return madeAugmenter(
    name,
    options,
    (subject, random) => turns(random).reduce((result, turn) => turn.augmenter.run(result, turn.random), subject),
    recipe,
    (subject, random) => turns(random).reduce((result, turn) => turn.augmenter.runWide(result, turn.random), subject),
  );
}

export interface Turn {
  readonly augmenter: Augmenter;
  readonly random: SeededRandom | undefined;
}

/** Numbers that nobody can repeat. */
export function chance(): SeededRandom {
  return new SeededRandom(randomInt(2 ** 32));
}

/** Refuses misspelt options, which would otherwise do nothing. */
export function knownOptions<T extends object>(augmenter: string, options: T, names: readonly string[]): T {
  const known = [...names, "seed", "name"];
  const given: unknown = options;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    const expected = `options of ${known.join(", ")}`;
    throw new VitrineError("InvalidOption", { option: augmenter, expected, received: quote(given) });
  }
  const strangers = Object.keys(options).filter((key) => !known.includes(key));
  if (strangers.length > 0) throw unknownField(augmenter, strangers, known);
  return options;
}

/** Where imgaug's default is None, None is the same as nothing. */
export function withoutNull<T extends object>(options: T, names: readonly (keyof T)[]): T {
  const isKept = ([name, value]: [string, unknown]) => value !== null || !(names as readonly string[]).includes(name);
  return Object.fromEntries(Object.entries(options).filter(isKept)) as T;
}

function unknownField(where: string, strangers: readonly string[], known: readonly string[]): VitrineError {
  const expected = `only ${known.join(", ")}`;
  return new VitrineError("InvalidOption", { option: where, expected, received: strangers.map(quote).join(", ") });
}
