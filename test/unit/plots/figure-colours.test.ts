/** The colours of curves: as many as labels that people compare, apart, and seen on their page. */
import { describe, expect, it } from "vitest";

import { DARK_COLOURS, LIGHT_COLOURS } from "../../../src/kernel-lib/protocol/index.js";

const channels = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
const contrast = (a: string, b: string) => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

/** CIE 1976 L*a*b*, D65. */
function lab(colour: string): number[] {
  const [r = 0, g = 0, b = 0] = channels(colour).map(linear);
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each([
  ["light", LIGHT_COLOURS, "#ffffff"],
  ["dark", DARK_COLOURS, "#111111"],
] as const)("%s", (_, colours, page) => {
  it("twelve, each with WCAG's contrast of 3 for graphics", () => {
    expect(colours).toHaveLength(12);
    for (const colour of colours) expect(contrast(colour, page), colour).toBeGreaterThanOrEqual(3);
  });

  it("no two look alike: ΔE of CIE 1976 is at least 20", () => {
    for (const [i, one] of colours.entries()) {
      for (const other of colours.slice(i + 1)) {
        const [a, b] = [lab(one), lab(other)];
        const apart = Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
        expect(apart, `${one} ${other}`).toBeGreaterThanOrEqual(20);
      }
    }
  });
});
