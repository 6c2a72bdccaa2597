import { describe, expect, it } from "vitest";

import { checkRows, tableOf } from "../../../scripts/bench-rows.mjs";
import { chooseTopics } from "../../../scripts/run-bench.mjs";
import { countsOf, secondTries } from "../../../scripts/test-stages.mjs";

const row = {
  topic: "metrics",
  name: "ROC curve",
  ours: 12.3456,
  peer: 24.7,
  peerName: "a peer",
  unit: "ms",
  ratio: 0.5,
};

describe("benchmark rows", () => {
  it("pass as they are, and a peer that is not on this machine is null", () => {
    expect(checkRows([row], "metrics")).toEqual([row]);
    const alone = { topic: "metrics", name: "ROC curve", ours: 1, unit: "ms" };
    expect(checkRows([alone], "metrics")).toEqual([{ ...alone, peer: null, peerName: "", ratio: null }]);
  });

  it.each([
    [[], /no rows/],
    [undefined, /no rows/],
    [[{ ...row, ours: Number.NaN }], /Row 0/],
    [[row, { ...row, topic: "data" }], /Row 1/],
    [[{ ...row, unit: undefined }], /Row 0/],
  ])("%j are refused", (rows, sentence) => {
    expect(() => checkRows(rows, "metrics")).toThrow(sentence);
  });

  it("become a table with aligned columns", () => {
    const lines = tableOf([row, { ...row, ours: 1234.5, peer: null, ratio: null }]).split("\n");
    expect(lines[2]).toContain("12.3  24.7  ms");
    expect(lines[3]).toContain("1235     –  ms");
  });

  it("of an unknown topic are refused with those there are", () => {
    expect(() => chooseTopics("cooking")).toThrow(/no topic cooking.*kernel, engine/);
  });
});

describe("the count of tests", () => {
  const passed = { status: "passed", fullName: "adds", failureMessages: [] };
  const failed = { status: "failed", fullName: "divides", failureMessages: ["expected 1 to be 2"] };
  const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 };

  it("is vitest's", () => {
    const testResults = [{ status: "failed", assertionResults: [failed, passed] }];
    expect(countsOf({ ...report, testResults })).toEqual({ passed: 3, failed: 1, skipped: 2, retried: 0 });
  });

  it("names what held at the second try alone, with what the first one met", () => {
    const late = { ...passed, fullName: "draws a box", failureMessages: ["expected 8 to be 14\n    at boxes.test.ts"] };
    const whole = { ...report, testResults: [{ status: "passed", assertionResults: [failed, late, passed] }] };
    expect(secondTries(whole)).toEqual(["draws a box\n  expected 8 to be 14\n      at boxes.test.ts"]);
    expect(countsOf(whole)).toMatchObject({ passed: 3, failed: 1, retried: 1 });
  });

  it("has a failure for a file that broke before its first test", () => {
    const testResults = [
      { status: "failed", assertionResults: [failed] },
      { status: "failed", assertionResults: [] },
    ];
    expect(countsOf({ ...report, testResults }).failed).toBe(2);
  });
});
