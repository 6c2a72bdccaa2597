import { expect, it } from "vitest";

import { confusionMatrixSpec } from "../../../src/kernel-lib/plots/confusion-matrix.js";
import { shortLabel } from "../../../src/kernel-lib/plots/plot-spec.js";

const LONG = "a label that goes on and on, and then ends";

it("shortens a label in its middle, by letters that a person sees", () => {
  expect(shortLabel("cup")).toBe("cup");
  expect(shortLabel(LONG)).toBe("a label that goes…hen ends");
  expect(Array.from(shortLabel("😀".repeat(40)))).toHaveLength(26);
});

it("leaves the matrix its room beside long labels, and its cells without numbers where they would be dust", () => {
  const matrix = (size: number) => Array.from({ length: size }, () => new Array<number>(size).fill(1));
  const few = confusionMatrixSpec(matrix(2), ["cup", LONG]);
  expect(few.data[0]).toMatchObject({ y: ["cup", shortLabel(LONG)], texttemplate: "%{text}" });
  const alike = [`${LONG}, at last`, `${LONG.replace("on and on", "on")}, at last`];
  expect(confusionMatrixSpec(matrix(2), alike).data[0]?.["x"]).toEqual(alike);
  const labels = Array.from({ length: 60 }, (_, i) => `${i} ${LONG}`);
  const many = confusionMatrixSpec(matrix(60), labels);
  expect(many.data[0]?.["x"]).toContain(shortLabel(`59 ${LONG}`));
  expect(many.data[0]).not.toHaveProperty("texttemplate");
  // Each label is named as long as there is room for it.
  expect(few.layout).toMatchObject({ xaxis: { dtick: 1 }, yaxis: { dtick: 1 } });
  expect(many.layout?.["xaxis"]).not.toHaveProperty("dtick");
});
