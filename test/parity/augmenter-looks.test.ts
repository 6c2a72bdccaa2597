import { describe, expect, test } from "vitest";
import { compared, drawnLooks, Largest, LOOKS, looks } from "./augmenter-statistics.js";

const { given, cases } = looks;

test("the fixtures are of the version that the titles name", () => {
  expect(given.imgaug).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(100);
});

/** Kolmogorov and Smirnov's distance of two samples of so many which one pair in 10,000 exceeds by chance. */
const MOST = Math.sqrt((-Math.log(0.0001 / 2) / 2) * (2 / given.runs));

const measured = new Largest();

describe("pictures look as imgaug 0.4.0's do", () => {
  test.each(cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}`, each] as const))(
    "%s: means within five standard errors and 1.5 levels, deviations and deciles as two samples of one distribution",
    (_, each) => {
      compared(drawnLooks(each), each).forEach(({ mean, difference, standardError, deviation, distance }, column) => {
        const errors = standardError > 0 ? difference / standardError : 0;
        measured.add(each.name, difference, `${difference.toFixed(1)} levels (${errors.toFixed(1)} standard errors)`);
        const what = `${LOOKS[column] ?? ""}: ${mean} for ${each.means[column] ?? NaN}`;
        expect(difference, what).toBeLessThan(5 * standardError + 1.5);
        const other = each.deviations[column] ?? NaN;
        expect(deviation, what).toBeLessThan(1.8 * other + 1.5);
        expect(other, what).toBeLessThan(1.8 * deviation + 1.5);
        if (Math.max(deviation, other) > 1) expect(distance, what).toBeLessThan(MOST);
      });
    },
  );

  test("the page states what was measured", async () => {
    await expect(measured.text()).toMatchFileSnapshot("../fixtures/augmenters/measured/looks.json");
  });
});
