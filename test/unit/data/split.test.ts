/** A data set in two parts. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ClassificationDataset,
  type ClassificationChange,
} from "../../../src/kernel-lib/data/classification-dataset.js";
import { stratifiedChoice } from "../../../src/kernel-lib/data/split.js";
import { fivePictures } from "./five-pictures.js";

const five = await fivePictures();
const { context, load, lines } = five;

describe("splitting", () => {
  test("the 63 sample pictures at 0.66: 41 and 22, every label in proportion", async () => {
    const samples = new URL("../../../sample_data/tableware", import.meta.url).pathname;
    await cp(samples, join(five.root, "samples"), { recursive: true, filter: (path) => !path.includes(".vitrine") });
    const set = await ClassificationDataset.createFromDir("tableware", join(five.root, "samples"), { context });
    const [train, test] = set.split({ trainSize: 0.66, stratify: "label", seed: 1 });
    expect([set.size(), train.size(), test.size()]).toEqual([63, 41, 22]);
    // 6, 20, 6 and 31 of 63 at 41: 3.90, 13.02, 3.90, 20.17; the two largest remainders get the two seats left.
    expect([...train.counts().values()]).toEqual([4, 13, 4, 20]);
  });

  test("parts share pictures, labels, journal, undo and new labels with the whole", async () => {
    const set = await load();
    const [train, test] = set.split({ trainSize: 3 });
    expect([train.size(), test.size()]).toEqual([3, 2]);
    expect([train.name, test.name]).toEqual(["set (train)", "set (test)"]);
    const image = train.images[0];
    const changes: ClassificationChange[] = [];
    set.onChange((change) => changes.push(change));
    train.addLabel("bowl");
    train.changeLabelForImage(0, "bowl");
    expect(set.images.find((one) => one === image)?.labels).toEqual(["bowl"]);
    expect(changes).toHaveLength(1);
    expect(test.labels).toEqual(["cup", "plate", "bowl"]);
    expect(test.undo()?.image).toBe(image);
    expect(lines().map(({ cause }) => cause)).toEqual(["addLabel", "set", "undo"]);
  });

  test("is disjoint, complete, repeatable, and off by less than one in each class", () => {
    const cases = fc.tuple(
      fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 2, maxLength: 120 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer(),
    );
    fc.assert(
      fc.property(cases, ([strata, share, seed]) => {
        const count = Math.floor(strata.length * share);
        const chosen = stratifiedChoice(strata, count, seed);
        expect(chosen).toEqual(stratifiedChoice(strata, count, seed));
        expect(chosen).toHaveLength(strata.length);
        expect(chosen.filter(Boolean)).toHaveLength(count);
        for (const key of new Set(strata)) {
          const members = chosen.filter((_, i) => strata[i] === key);
          const exact = (members.length * count) / strata.length;
          expect(Math.abs(members.filter(Boolean).length - exact)).toBeLessThan(1);
        }
      }),
    );
  });

  test("another seed gives another split, and every picture's turn comes", () => {
    const strata = Array.from({ length: 10 }, (_, i) => (i < 5 ? "a" : "b"));
    const chosen = Array.from({ length: 200 }, (_, seed) => stratifiedChoice(strata, 6, seed));
    expect(new Set(chosen.map((flags) => flags.join())).size).toBeGreaterThan(60);
    strata.forEach((_, i) => {
      // 3 of 5 each: 120 of 200 expected, standard deviation 6.9.
      expect(Math.abs(chosen.filter((flags) => flags[i]).length - 120)).toBeLessThan(35);
    });
  });

  test.each([0, 0.01, 1.5, 5, -1, NaN])("a training part of %d of 5 is refused", async (trainSize) => {
    const set = await load();
    expect(() => set.split({ trainSize })).toThrow(/Expected .* for trainSize but received/);
  });
});
