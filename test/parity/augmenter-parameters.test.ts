import { describe, expect, test } from "vitest";
import { comparedFields, drawn, drawnDistance, DRAWS, fields, made, namesIn } from "./augmenter-parameters.js";
import { Largest } from "./augmenter-statistics.js";

const { versions, count, cases } = drawn;
/** Four standard deviations of the difference of two shares about a half, which are the most uncertain. */
const TOLERANCE = 4 * Math.sqrt(0.25 * (1 / DRAWS + 1 / count));

test("the fixtures are of the versions that the titles name, and each has its test", () => {
  expect(versions).toEqual({ imgaug: "0.4.0", numpy: "1.18.5", scipy: "1.4.1" });
  expect(fields.given.imgaug).toBe("0.4.0");
  expect(Object.keys(made)).toEqual([...Object.keys(cases), ...Object.keys(fields.cases)]);
});

const [ofShares, ofMeans] = [new Largest(), new Largest()];

test.each(Object.keys(cases))("%s is distributed as imgaug 0.4.0's", (text) => {
  const distance = drawnDistance(text);
  for (const name of namesIn(text)) ofShares.add(name, distance, distance.toFixed(3));
  expect(distance).toBeLessThan(TOLERANCE);
});

/** Kolmogorov and Smirnov's distance of two samples of so many which one pair in 10,000 exceeds by chance. */
const MOST = Math.sqrt((-Math.log(0.0001 / 2) / 2) * (2 / fields.given.runs));
const FEATURES = ["mean", "deviation", "least", "most", "slope down", "slope across"];

describe("fields are as imgaug 0.4.0's", () => {
  test.each(Object.keys(fields.cases))(
    "%s: means within five standard errors, deviations and deciles as two samples of one distribution",
    (name) => {
      comparedFields(name).forEach(({ mean, difference, standardError, deviation, distance }, column) => {
        const errors = standardError > 0 ? difference / standardError : 0;
        const found = `${difference.toFixed(3)} (${errors.toFixed(1)} standard errors)`;
        for (const each of namesIn(name)) ofMeans.add(each, difference, found);
        const what = `${FEATURES[column] ?? ""}: ${mean}`;
        expect(difference, what).toBeLessThan(5 * standardError + 0.002);
        const other = fields.cases[name]?.deviations[column] ?? NaN;
        expect(deviation, what).toBeLessThan(1.3 * other + 0.002);
        expect(other, what).toBeLessThan(1.3 * deviation + 0.002);
        expect(distance, what).toBeLessThan(MOST);
      });
    },
  );

  test("the page states what was measured", async () => {
    await expect(ofShares.text()).toMatchFileSnapshot("../fixtures/augmenters/measured/parameter-shares.json");
    await expect(ofMeans.text()).toMatchFileSnapshot("../fixtures/augmenters/measured/parameter-means.json");
  });
});
