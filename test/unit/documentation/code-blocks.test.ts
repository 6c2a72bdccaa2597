import { expect, test } from "vitest";

import { commentBlocks, pageBlocks } from "./code-blocks.js";
import { typeErrors } from "./compiled-blocks.js";

test("every piece of code in README.md and docs/ compiles against the published declarations (TypeScript, strict)", () => {
  const blocks = pageBlocks();
  expect(new Set(blocks.map(({ file }) => file)).size).toBeGreaterThan(8);
  expect(typeErrors(blocks)).toEqual([]);
});

test("every example in a doc comment does, too", () => {
  const blocks = commentBlocks();
  expect(blocks.length).toBeGreaterThan(10);
  expect(typeErrors(blocks)).toEqual([]);
});

test("what doesn't compile is told with file and line", () => {
  const code = 'await model.train(train);\nmodel.predict(test, { batch: 3 });\nconst answer: number = "cup";';
  const errors = typeErrors([{ file: "docs/page.md", line: 10, code }]);
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatch(/^docs\/page\.md:11: .*'batch' does not exist in type 'PredictOptions'/);
  expect(errors[1]).toMatch(/^docs\/page\.md:12: Type 'string' is not assignable to type 'number'/);
});
