/**
 * What every augmenter is: a function of a picture and of chance.
 *
 * An augmenter with a seed repeats itself: a new one with the same seed makes the same of the same calls. Its children draw
 * from its numbers. Without a seed, a child's own seed counts, and else chance.
 */
import { randomInt } from "node:crypto";
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { SeededRandom } from "../structures/random.js";
import { isView, ownPicture } from "./picture-view.js";
import { SUBJECT_FIELDS, subjectOption, type Subject } from "./subject.js";

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

/** Makes a new picture or returns the old one; never writes into what it was given. */
export type Transform = (image: ImageData8, random: SeededRandom) => ImageData8;

export class Augmenter {
  readonly name: string;
  readonly #seed: number | string | undefined;
  readonly #apply: (subject: Subject, random: SeededRandom | undefined) => Subject;
  #stream: SeededRandom | undefined;
  #calls = 0;

  /** @param apply gets no random numbers where nobody above has a seed; see `draw`. */
  constructor(
    name: string,
    options: AugmenterOptions,
    apply: (subject: Subject, random: SeededRandom | undefined) => Subject,
  ) {
    this.name = options.name ?? name;
    this.#seed = options.seed;
    this.#apply = apply;
  }

  /** @throws `InvalidOption` for what is no picture */
  augmentImage(image: ImageData8, options: AugmentCall = {}): ImageData8 {
    return this.augment({ image }, options).image;
  }

  augmentImages(images: readonly ImageData8[]): ImageData8[] {
    return images.map((image) => this.augmentImage(image));
  }

  /** The picture and what belongs to it, moved alike. The result is the caller's: it shares no bytes with what came in. */
  augment(subject: Subject, options: AugmentCall = {}): Subject {
    const checked = subjectOption(subject);
    const others = Object.keys(subject).filter((key) => !SUBJECT_FIELDS.includes(key));
    if (others.length > 0) throw unknownField("augment", others, SUBJECT_FIELDS);
    const random = options.seed === undefined ? undefined : new SeededRandom(options.seed);
    const result = this.run(checked, random);
    const { image } = result;
    const isShared = options.into !== undefined || isView(image) || image.data === checked.image.data;
    return isShared ? { ...result, image: ownPicture(image, options.into) } : result;
  }

  /** An augmenter that draws once, now, and does the same to all that it gets: to a picture and its mask, say. */
  toDeterministic(): Augmenter {
    const { name } = this;
    const seed = (this.#own() ?? chance()).uint32();
    return new Augmenter(name, {}, (subject) => this.run(subject, new SeededRandom(seed)));
  }

  /** For augmenters that hold others: `random` is theirs to draw from, undefined where nobody above has a seed. */
  run(subject: Subject, random: SeededRandom | undefined): Subject {
    return this.#apply(subject, random ?? this.#own());
  }

  /** The next call's numbers of an augmenter with a seed. */
  #own(): SeededRandom | undefined {
    if (this.#seed === undefined) return undefined;
    this.#stream ??= new SeededRandom(this.#seed);
    return this.#stream.fork(this.#calls++);
  }
}

/** An augmenter of pictures alone: what lies on them stays where it is. */
export function imageAugmenter(name: string, options: AugmenterOptions, transform: Transform): Augmenter {
  return new Augmenter(name, options, (subject, random) => ({
    ...subject,
    image: transform(subject.image, random ?? chance()),
  }));
}

/** Numbers that nobody can repeat. */
export function chance(): SeededRandom {
  return new SeededRandom(randomInt(2 ** 32));
}

/** Refuses misspelt options, which would otherwise do nothing. */
export function knownOptions<T extends object>(augmenter: string, options: T, names: readonly string[]): T {
  const known = [...names, "seed", "name"];
  const strangers = Object.keys(options).filter((key) => !known.includes(key));
  if (strangers.length > 0) throw unknownField(augmenter, strangers, known);
  return options;
}

function unknownField(where: string, strangers: readonly string[], known: readonly string[]): VitrineError {
  const expected = `only ${known.join(", ")}`;
  return new VitrineError("InvalidOption", { option: where, expected, received: strangers.map(quote).join(", ") });
}
