import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ImageData8 } from "../../src/kernel-lib/structures/image.js";
import { picture } from "../unit/augmenters/picture.js";
import { augmenterOf } from "./augmenter-cases.js";

interface Fixture {
  given: { imgaug: string; runs: number; width: number; height: number };
  cases: { name: string; options: object; means: number[]; deviations: number[] }[];
}

const path = new URL("../fixtures/augmenters/looks.json", import.meta.url);
const { given, cases } = JSON.parse(readFileSync(path, "utf8")) as Fixture;
const before = picture(given.width, given.height, 3, "slopes");

/** The means of the channels, the deviation, the difference from before, and how steep it is down and across. */
function described({ data, width, height }: ImageData8): number[] {
  const mean = (values: Iterable<number>) => {
    let [sum, count] = [0, 0];
    for (const value of values) [sum, count] = [sum + value, count + 1];
    return sum / count;
  };
  const at = (i: number) => data[i] ?? NaN;
  const all = mean(data);
  const stride = width * 3;
  return [
    ...[0, 1, 2].map((c) => mean(data.filter((_, i) => i % 3 === c))),
    Math.sqrt(mean(Float64Array.from(data, (value) => (value - all) ** 2))),
    mean(Float64Array.from(data, (value, i) => Math.abs(value - (before.data[i] ?? NaN)))),
    mean(Float64Array.from({ length: (height - 1) * stride }, (_, i) => Math.abs(at(i + stride) - at(i)))),
    mean(
      Float64Array.from({ length: height * (width - 1) * 3 }, (_, i) => {
        const from = Math.floor(i / (stride - 3)) * stride + (i % (stride - 3));
        return Math.abs(at(from + 3) - at(from));
      }),
    ),
  ];
}

test("the fixtures are of the version that the titles name", () => {
  expect(given.imgaug).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(60);
});

test.each(cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}`, each] as const))(
  "%s: pictures look as imgaug 0.4.0's do, within five standard errors and 1.5 levels",
  (_, each) => {
    const augmenter = augmenterOf(each);
    const rows = Array.from({ length: given.runs }, (_, seed) =>
      described(augmenter.augment({ image: before }, { seed }).image),
    );
    each.means.forEach((expected, column) => {
      const values = rows.map((row) => row[column] ?? NaN);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
      const error = Math.sqrt((variance + (each.deviations[column] ?? NaN) ** 2) / given.runs);
      expect(Math.abs(mean - expected), `column ${column}: ${mean} for ${expected}`).toBeLessThan(5 * error + 1.5);
    });
  },
);
