import { describe, expect, test } from "vitest";
import { differences, isByFourier, pixelFiles, TOLERANCE } from "./augmenter-cases.js";

test("the fixtures are of the versions that the titles name", () => {
  for (const { versions, cases } of pixelFiles) {
    expect(versions).toEqual({
      imgaug: "0.4.0",
      "opencv-python": "4.2.0.34",
      "scikit-image": "0.17.2",
      numpy: "1.18.5",
      Pillow: "7.2.0",
    });
    expect(cases.length).toBeGreaterThan(0);
  }
  expect(pixelFiles.length).toBeGreaterThan(6);
});

describe.each(pixelFiles)("imgaug 0.4.0, $module", ({ cases }) => {
  test.each(cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}`, each] as const))(
    "%s: the same within the stated difference",
    (_, each) => {
      const { max, mean } = isByFourier(each) ? { max: 1, mean: 0.01 } : (TOLERANCE[each.name] ?? { max: 0, mean: 0 });
      const all = differences(each);
      const found = { max: Math.max(...all), mean: all.reduce((sum, difference) => sum + difference, 0) / all.length };
      expect(found.max).toBeLessThanOrEqual(max);
      expect(found.mean).toBeLessThanOrEqual(mean);
    },
  );
});
