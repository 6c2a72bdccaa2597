/** What is mistaken for what, as document 004 draws it: rows normalised, the diagonal left out. */
import { describe, expect, it } from "vitest";

import { errorMatrixSpec, plotsAsSvg } from "../../../src/kernel-lib/plots/index.js";
import { plotErrorMatrix } from "../../../src/kernel-lib/ui/evaluation-plots.js";

const matrix = [
  [8, 2, 0],
  [0, 5, 0],
  [1, 1, 2],
];
const labels = ["a", "b", "c"];

describe("errorMatrixSpec", () => {
  it("has each row's errors as shares, by hand: 2 of 10, none of 5, 1 and 1 of 4", () => {
    const [trace] = errorMatrixSpec(matrix, labels).data;
    expect(trace?.z).toEqual([
      [0, 0.2, 0],
      [0, 0, 0],
      [0.25, 0.25, 0],
    ]);
    expect(trace?.["zmax"]).toBe(0.25);
    expect(trace?.["text"]).toEqual([
      ["", "20.0", ""],
      ["", "", ""],
      ["25.0", "25.0", ""],
    ]);
    expect(trace?.["customdata"]).toEqual(matrix.map((row) => row.map(String)));
  });

  it("is drawn where nothing is wrong, and where a row is empty", () => {
    const perfect = errorMatrixSpec([[3, 0], [0, 0]], ["a", "b"]); // prettier-ignore
    expect(perfect.data[0]?.z?.flatMap((row) => Array.from(row))).toEqual([0, 0, 0, 0]);
    expect(plotsAsSvg([{ spec: perfect, description: "errors", height: 300 }], { colours: ["#000"] })).toMatch(/^<svg/);
  });
});

describe("plotErrorMatrix", () => {
  it("takes a matrix or what has one", () => {
    const figure = plotErrorMatrix({ labels: [0, 1, 2], confusionMatrix: () => matrix });
    expect(figure.panel.spec.data[0]?.x).toEqual(["0", "1", "2"]);
    expect(() => plotErrorMatrix({ labels, confusionMatrix: [[1]] })).toThrow(/3 rows and columns/);
  });
});
