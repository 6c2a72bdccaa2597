/** What is held in distribution: the fixtures, what the library draws, and how far that is from what imgaug drew. */
import { readFileSync } from "node:fs";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { ImageData8 } from "../../src/kernel-lib/structures/image.js";
import { picture } from "../unit/augmenters/picture.js";
import { augmenterOf } from "./augmenter-cases.js";

/** The largest of what was measured under each name, as docs/augmentation.md states it. */
export class Largest {
  readonly #found = new Map<string, { value: number; text: string }>();

  add(name: string, value: number, text: string): void {
    if (value >= (this.#found.get(name)?.value ?? 0)) this.#found.set(name, { value, text });
  }

  /** A line each; a vitest snapshot. */
  text(): string {
    const sorted = [...this.#found].sort(([one], [other]) => (one < other ? -1 : 1));
    return `${JSON.stringify(Object.fromEntries(sorted.map(([name, { text }]) => [name, text])), null, 2)}\n`;
  }
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/augmenters/${name}.json`, import.meta.url), "utf8"));

/** Of each of several numbers that describe what was drawn: over many draws. */
export interface Distribution {
  means: number[];
  deviations: number[];
  /** Nine values each, between which lie tenths of imgaug's. */
  deciles: number[][];
}

export interface LookCase extends Distribution {
  name: string;
  options: object;
}

export const looks = read("looks") as {
  given: { imgaug: string; runs: number; width: number; height: number };
  cases: LookCase[];
};
const before = picture(looks.given.width, looks.given.height, 3, "slopes");

export interface ShareCase {
  kind: "pixels" | "pictures";
  name: string;
  options: object;
  /** Levels, and which share of imgaug's are at most that. */
  points: number[];
  below: number[];
}

export const shares = read("chance") as {
  version: string;
  sizes: { level: number; large: number; small: number; many: number };
  cases: ShareCase[];
};

const plain = (side: number): ImageData8 => ({
  data: new Uint8Array(side * side * 3).fill(shares.sizes.level),
  width: side,
  height: side,
  channels: 3,
});

/** Levels of one large picture, or the first of each of many small ones. */
export function drawnLevels({ kind, name, options }: ShareCase): Uint8Array {
  const { large, small, many } = shares.sizes;
  const all = augmenters as unknown as Record<string, ((options: object) => augmenters.Augmenter) | undefined>;
  const augmenter = all[name]?.({ ...options, seed: name });
  if (!augmenter) throw new Error(`no ${name}`);
  if (kind === "pixels") return augmenter.augmentImage(plain(large)).data;
  return Uint8Array.from({ length: many }, () => augmenter.augmentImage(plain(small)).data[0] ?? 0);
}

/** The largest difference of shares: the distance of Kolmogorov and Smirnov at the fixture's points. */
export function shareDistance(points: readonly number[], below: readonly number[], found: ArrayLike<number>): number {
  const values = Array.from(found);
  const share = (point: number) => values.filter((value) => value <= point).length / values.length;
  return Math.max(...points.map((point, i) => Math.abs(share(point) - (below[i] ?? NaN))));
}

function meanOf(values: Iterable<number>): number {
  let [sum, count] = [0, 0];
  for (const value of values) [sum, count] = [sum + value, count + 1];
  return sum / count;
}

export const LOOKS = ["red", "green", "blue", "deviation", "difference from before", "slope down", "slope across"];

/** The means of the channels, the deviation, the difference from before, and how steep it is down and across. */
function described({ data, width, height }: ImageData8): number[] {
  const at = (i: number) => data[i] ?? NaN;
  const stride = width * 3;
  const sums = [0, 0, 0];
  let [squares, change, down, across] = [0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const level = at(i);
    sums[i % 3] = (sums[i % 3] ?? 0) + level;
    squares += level * level;
    change += Math.abs(level - (before.data[i] ?? NaN));
    if (i + stride < data.length) down += Math.abs(at(i + stride) - level);
    if (i % stride < stride - 3) across += Math.abs(at(i + 3) - level);
  }
  const mean = sums.reduce((a, b) => a + b, 0) / data.length;
  return [
    ...sums.map((sum) => (sum * 3) / data.length),
    Math.sqrt(Math.max(squares / data.length - mean * mean, 0)),
    change / data.length,
    down / (data.length - stride),
    across / (data.length - height * 3),
  ];
}

/** How the library's pictures look, a row each. */
export function drawnLooks(each: LookCase): number[][] {
  const augmenter = augmenterOf(each);
  return Array.from({ length: looks.given.runs }, (_, seed) =>
    described(augmenter.augment({ image: before }, { seed }).image),
  );
}

export interface Compared {
  mean: number;
  /** Of the mean's difference from imgaug's. */
  difference: number;
  standardError: number;
  deviation: number;
  /** Two-sample distance of Kolmogorov and Smirnov, at imgaug's deciles. */
  distance: number;
}

/** Column by column. @param rounding what the fixture's numbers may be away from those that they stand for */
export function compared(
  rows: readonly (readonly number[])[],
  { means, deviations, deciles }: Distribution,
  rounding = 0.005,
): Compared[] {
  return means.map((expected, column) => {
    const values = rows.map((row) => row[column] ?? NaN);
    const mean = meanOf(values);
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    const standardError = Math.sqrt((variance + (deviations[column] ?? NaN) ** 2) / values.length);
    return {
      mean,
      difference: Math.abs(mean - expected),
      standardError,
      deviation: Math.sqrt(variance),
      distance: decileDistance(values, deciles[column] ?? [], rounding),
    };
  });
}

/** A value may occur often: the shares below it and up to it have imgaug's between them. */
function decileDistance(values: readonly number[], deciles: readonly number[], rounding: number): number {
  const share = (isIn: (value: number) => boolean) => values.filter(isIn).length / values.length;
  const found = deciles.flatMap((decile, i) => [
    (i + 1) / 10 - share((value) => value < decile + rounding),
    share((value) => value < decile - rounding) - (i + 1) / 10,
  ]);
  return Math.max(0, ...found);
}
