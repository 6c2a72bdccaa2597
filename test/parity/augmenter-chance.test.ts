import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";

interface Case {
  kind: "pixels" | "pictures";
  name: string;
  options: object;
  /** Levels, and which share of imgaug's are at most that. */
  points: number[];
  below: number[];
}

const path = new URL("../fixtures/augmenters/chance.json", import.meta.url);
const { version, sizes, cases } = JSON.parse(readFileSync(path, "utf8")) as {
  version: string;
  sizes: { level: number; large: number; small: number; many: number };
  cases: Case[];
};

const plain = (side: number) => ({
  data: new Uint8Array(side * side * 3).fill(sizes.level),
  width: side,
  height: side,
  channels: 3 as const,
});

function values({ kind, name, options }: Case): Uint8Array {
  const all = augmenters as unknown as Record<string, ((options: object) => augmenters.Augmenter) | undefined>;
  const augmenter = all[name]?.({ ...options, seed: name });
  if (!augmenter) throw new Error(`no ${name}`);
  if (kind === "pixels") return augmenter.augmentImage(plain(sizes.large)).data;
  return Uint8Array.from({ length: sizes.many }, () => augmenter.augmentImage(plain(sizes.small)).data[0] ?? 0);
}

test("the fixtures are of the version that the titles name", () => {
  expect(version).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(35);
});

describe("the same shares of levels as imgaug 0.4.0", () => {
  test.each(cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}, ${each.kind}`, each] as const))(
    "%s",
    (_, each) => {
      const found = values(each);
      const shares = each.points.map((point) => found.filter((value) => value <= point).length / found.length);
      // Four standard deviations of the difference of two shares about a half, which are the most uncertain.
      const tolerance = 4 * Math.sqrt(0.5 / found.length);
      expect(Math.max(...shares.map((share, i) => Math.abs(share - (each.below[i] ?? NaN))))).toBeLessThan(tolerance);
    },
  );
});
