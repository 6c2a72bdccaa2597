import { describe, expect, test } from "vitest";
import { drawnLevels, Largest, shareDistance, shares } from "./augmenter-statistics.js";

const { version, cases } = shares;

test("the fixtures are of the version that the titles name", () => {
  expect(version).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(35);
});

const measured = new Largest();

describe("the same shares of levels as imgaug 0.4.0", () => {
  test.each(cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}, ${each.kind}`, each] as const))(
    "%s",
    (_, each) => {
      const found = drawnLevels(each);
      // Four standard deviations of the difference of two shares about a half, which are the most uncertain.
      const tolerance = 4 * Math.sqrt(0.5 / found.length);
      const distance = shareDistance(each.points, each.below, found);
      measured.add(each.name, distance, distance.toFixed(3));
      expect(distance).toBeLessThan(tolerance);
    },
  );

  test("the page states what was measured", async () => {
    await expect(measured.text()).toMatchFileSnapshot("../fixtures/augmenters/measured/chance.json");
  });
});
