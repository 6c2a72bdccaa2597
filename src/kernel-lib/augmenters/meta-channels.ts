/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `meta`: augmenters of single channels. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, imageAugmenter, knownOptions, madeAugmenter } from "./augmenter.js";
import { pickedChannels, withChannels } from "./picture-channels.js";
import { withheld } from "./picture-simd.js";
import { augmenterList, Sequential } from "./meta.js";
import { probabilityParameter, type BooleanParameter } from "./parameters.js";
import type { Subject } from "./subject.js";
import { pickedWide, withWide, type WideSubject } from "./wide-picture.js";

/**
 * Applies its children to some of a picture's channels (0 is red, 3 alpha), which they may not make larger or smaller. What
 * lies on the picture moves along if at least half of its channels do. For two channels, the children see a third beside
 * them, the second once more.
 */
export function WithChannels(
  channels: number | readonly number[] | null = null,
  children: Augmenter | readonly Augmenter[] = [],
  options: AugmenterOptions = {},
): Augmenter {
  const chosen = channels === null ? null : channelList(typeof channels === "number" ? [channels] : channels);
  const inner = Sequential(augmenterList("children", children));
  return madeAugmenter(
    "WithChannels",
    knownOptions("WithChannels", options, []),
    (subject, random) => {
      if (chosen === null) return inner.run(subject, random);
      return chosen.length === 0 ? subject : onChannels(subject, chosen, (part) => inner.run(part, random));
    },
    { args: [channels, children, options] },
    (subject, random) => {
      if (chosen === null) return inner.runWide(subject, random);
      return chosen.length === 0 ? subject : onWideChannels(subject, chosen, (part) => inner.runWide(part, random));
    },
  );
}

function onChannels(subject: Subject, chosen: readonly number[], run: (part: Subject) => Subject): Subject {
  const { image } = subject;
  const places = existing(chosen, image.channels);
  const seen = places.length === 2 ? [...places, places[1]!] : places;
  const result = withheld(() => run({ ...subject, image: pickedChannels(image, seen) }));
  sameSize("WithChannels", image, result.image);
  const moved = places.length / image.channels >= 0.5 ? result : subject;
  return { ...moved, image: withChannels(image, places, result.image) };
}

function onWideChannels(
  subject: WideSubject,
  chosen: readonly number[],
  run: (part: WideSubject) => WideSubject,
): WideSubject {
  const { image } = subject;
  const places = existing(chosen, image.channels.length);
  const result = run({ ...subject, image: pickedWide(image, places) });
  sameSize("WithChannels", image, result.image);
  const moved = places.length / image.channels.length >= 0.5 ? result : subject;
  return { ...moved, image: withWide(image, places, result.image) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @throws `InvalidOption` where children of channels made a picture of another size, which does not go back to the others */
export function sameSize(option: string, before: Size, after: Size): void {
  if (after.width === before.width && after.height === before.height) return;
  const expected = `children that keep the size of ${before.width} × ${before.height}`;
  throw new VitrineError("InvalidOption", { option, expected, received: `${after.width} × ${after.height}` });
}

export interface ChannelShuffleOptions extends AugmenterOptions {
  /** The share of pictures whose channels are shuffled; 1 by default. */
  p?: BooleanParameter;
  /** The channels that change places; by default all, alpha too, as with "ALL". */
  channels?: readonly number[] | "ALL" | null;
}

/** Puts a picture's channels in random order. */
export function ChannelShuffle(options: ChannelShuffleOptions = {}): Augmenter {
  const { p = 1, channels = null } = knownOptions("ChannelShuffle", options, ["p", "channels"]);
  const decide = probabilityParameter("p", p);
  const chosen = channels === null || channels === "ALL" ? null : channelList(channels);
  return imageAugmenter("ChannelShuffle", options, (image, random) =>
    decide(random) ? shuffled(image, chosen === null ? null : existing(chosen, image.channels), random) : image,
  );
}

function shuffled(image: ImageData8, chosen: readonly number[] | null, random: SeededRandom): ImageData8 {
  const order = Array.from({ length: image.channels }, (_, channel) => channel);
  const places = chosen ?? order;
  const sources = random.shuffle(places);
  const full = [...order];
  places.forEach((place, i) => (full[place] = sources[i]!));
  return pickedChannels(image, full);
}

function channelList(channels: readonly number[]): readonly number[] {
  const isOne = (channel: unknown) => channel === 0 || channel === 1 || channel === 2 || channel === 3;
  const given: unknown = channels;
  if (Array.isArray(given) && given.every(isOne) && new Set(given).size === given.length) return channels;
  const expected = "different channels from 0 to 3";
  throw new VitrineError("InvalidOption", { option: "channels", expected, received: quote(channels) });
}

function existing(channels: readonly number[], count: number): readonly number[] {
  if (channels.every((channel) => channel < count)) return channels;
  const expected = `channels below ${count}, the picture's`;
  throw new VitrineError("InvalidOption", { option: "channels", expected, received: quote(channels) });
}
