/** Augmenters that work by what they are given: by what lies on pictures, and by functions, which are formulas here. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenCases, givenFixture, givenResult } from "./augmenter-given.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-given-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the fixture is of the version that the titles name", () => {
  expect(givenFixture.version).toBe("0.4.0");
  expect(new Set(givenCases.map(({ name }) => name)).size).toBe(10);
});

test.each(givenCases.map((each, i) => [`${each.name} ${JSON.stringify(each.options)}, ${i}`, each] as const))(
  "%s: the same picture as imgaug 0.4.0's",
  (_, each) => {
    expect(Buffer.from(givenResult(each, folder).data).equals(Buffer.from(each.image, "base64"))).toBe(true);
  },
);
