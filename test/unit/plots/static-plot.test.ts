import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { accuraciesSpec } from "../../../src/kernel-lib/plots/accuracies.js";
import { makeAxis } from "../../../src/kernel-lib/plots/axis.js";
import { confusionMatrixSpec } from "../../../src/kernel-lib/plots/confusion-matrix.js";
import { shownPoints, type PlotSpec } from "../../../src/kernel-lib/plots/plot-spec.js";
import { rocCurveSpec } from "../../../src/kernel-lib/plots/roc-curve.js";
import { plotsAsPng, plotsAsSvg, plotsAsText } from "../../../src/kernel-lib/plots/static-plot.js";
import { LIGHT_COLOURS } from "../../../src/kernel-lib/protocol/index.js";

const colours = LIGHT_COLOURS;
const panel = (spec: PlotSpec, height = 360) => ({ spec, description: "a plot", height });
const svgOf = (spec: PlotSpec) => plotsAsSvg([panel(spec)], { colours });

describe("an axis", () => {
  it("puts a fixed range's ends at its own, and ticks at round numbers", () => {
    const axis = makeAxis([], { range: [0, 1] }, 100, 200);
    expect(axis.place(0)).toBe(100);
    expect(axis.place(1)).toBe(200);
    expect(axis.place(0.25)).toBe(125);
    expect(axis.ticks.map(({ text }) => text)).toEqual(["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  });

  it("gives every category its own band, from the far end where it is reversed", () => {
    const axis = makeAxis(["cup", "plate", "cup"], { autorange: "reversed" }, 100, 0);
    expect(axis.ticks).toEqual([
      { at: 25, text: "cup" },
      { at: 75, text: "plate" },
    ]);
    expect(axis.band).toBe(50);
    expect(axis.place("bowl")).toBeUndefined();
  });

  it("places powers of ten evenly on a log axis, and nothing that has no logarithm", () => {
    const axis = makeAxis([], { type: "log", range: [0, 3] }, 0, 300);
    for (const [exponent, value] of [1, 10, 100, 1000].entries()) {
      expect(axis.place(value)).toBeCloseTo(100 * exponent, 9);
    }
    expect(axis.place(0)).toBeUndefined();
    expect(axis.place(null)).toBeUndefined();
  });

  it("holds every finite number within its ends", () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.boolean(), (values, toZero) => {
        const axis = makeAxis(values, toZero ? { rangemode: "tozero" } : {}, 0, 100);
        for (const value of values) {
          const at = axis.place(value) ?? NaN;
          expect(at).toBeGreaterThanOrEqual(-1e-6);
          expect(at).toBeLessThanOrEqual(100 + 1e-6);
        }
      }),
    );
  });
});

describe("a static picture", () => {
  it("draws a line through its points, with a gap where one is missing", () => {
    const svg = svgOf({
      data: [{ x: [0, 1, 2, 3], y: [0, 1, null, 1], mode: "lines" }],
      layout: { xaxis: { range: [0, 4] }, yaxis: { range: [0, 1] } },
    });
    const line = /<path d="([^"]*)" fill="none" stroke="#0072b2"/.exec(svg)?.[1] ?? "";
    expect(line.match(/[ML]/g)).toEqual(["M", "L", "M"]);
    const [x0, x1, x3] = [...line.matchAll(/[ML]([\d.]+)/g)].map(([, x]) => Number(x)) as [number, number, number];
    expect(x3 - x0).toBeCloseTo(3 * (x1 - x0), 0);
  });

  it("writes each count of a confusion matrix once, in reading order", () => {
    const svg = svgOf(
      confusionMatrixSpec(
        [
          [11, 2],
          [3, 14],
        ],
        ["cup", "plate"],
      ),
    );
    const cells = [...svg.matchAll(/<rect [^>]*fill="rgb[^>]*\/><text [^>]*>(\d+)<\/text>/g)].map(([, count]) => count);
    expect(cells).toEqual(["11", "2", "3", "14"]);
    expect(svg).toContain(">Predicted</text>");
  });

  it("draws bars from zero, downwards too", () => {
    const svg = svgOf({ data: [{ type: "bar", x: ["a", "b"], y: [2, -1] }] });
    const bars = [...svg.matchAll(/<rect [^>]*y="([\d.]+)"[^>]*height="([\d.]+)" fill="#0072b2"/g)];
    const [up, down] = bars.map(([, y, height]) => ({ y: Number(y), height: Number(height) }));
    expect(bars).toHaveLength(2);
    expect((up?.y ?? 0) + (up?.height ?? 0)).toBeCloseTo(down?.y ?? NaN, 0);
    expect(up?.height).toBeCloseTo(2 * (down?.height ?? NaN), 0);
  });

  it("says so, rather than leave something out, where it can't draw a trace", () => {
    const svg = svgOf({ data: [{ type: "pie", values: [1, 2] }] });
    expect(svg).toContain("A plot of type pie: run the notebook to see it");
    expect(svgOf({ data: [{ y: [1], yaxis: "y2" }] })).toContain("with several axes");
  });

  it("is well-formed and runs nothing, whatever a label is called", async () => {
    const odd = fc.string({ unit: "binary", maxLength: 12 });
    const nasty = fc.constantFrom('"><script>alert(1)</script>', "]]>&amp;<b>", "\u0000\ud800\uffff", "__proto__", "");
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.oneof(odd, nasty), { minLength: 1, maxLength: 3 }), async (labels) => {
        const matrix = labels.map(() => labels.map(() => 1));
        const curves = labels.map((label) => ({ label, fpr: [0, 1], tpr: [0, 1], auc: 0.5 }));
        const svg = plotsAsSvg([panel(confusionMatrixSpec(matrix, labels)), panel(rocCurveSpec(curves))], { colours });
        expect(svg).not.toContain("<script");
        // librsvg refuses what is not well-formed.
        expect((await sharp(Buffer.from(svg)).metadata()).format).toBe("svg");
      }),
      { numRuns: 60 },
    );
  });

  it("puts up to three plots beside each other, and is as high as its rows", async () => {
    const spec = accuraciesSpec({ train: [0.5, 0.9], evaluation: [], epochs: [1, 2] });
    const four = [300, 340, 320, 200].map((height) => panel(spec, height));
    const png = await plotsAsPng(four, { colours });
    const { width, height, format } = await sharp(png).metadata();
    expect({ width, height, format }).toEqual({ width: 2 * 3 * 380, height: 2 * (340 + 200), format: "png" });
  });
});

describe("a plot in words", () => {
  it("prints a confusion matrix as a table, and a curve by its ranges", () => {
    const matrix = plotsAsText([
      panel(
        confusionMatrixSpec(
          [
            [11, 2],
            [3, 14],
          ],
          ["cup", "plate"],
        ),
      ),
    ]);
    expect(matrix.split("\n").slice(1)).toEqual(["         cup  plate", "    cup   11      2", "  plate    3     14"]);
    const curve = plotsAsText([panel(accuraciesSpec({ train: [0.5, 0.9], evaluation: [], epochs: [1, 2] }))]);
    expect(curve).toContain("training: 2 points, x 1 … 2, y 50 … 90");
  });
});

describe("the points that a plot shows of a long curve", () => {
  it("are few, in order, with both ends, and none is far from the next along the curve", () => {
    const side = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 400, maxLength: 600 });
    fc.assert(
      fc.property(side, side, (a, b) => {
        const x = a.toSorted((p, q) => p - q);
        const y = Array.from(x, (_, i) => b[i] ?? 1).sort((p, q) => p - q);
        const shown = shownPoints(x, y, 100);
        expect(shown.length).toBeLessThanOrEqual(101);
        expect([shown[0], shown.at(-1)]).toEqual([0, x.length - 1]);
        expect(shown).toEqual([...new Set(shown)].sort((p, q) => p - q));
      }),
    );
  });

  it("are all of them where the curve is short", () => {
    expect(shownPoints([0, 0.5, 1], [1, 0.5, 0])).toEqual([0, 1, 2]);
  });
});
