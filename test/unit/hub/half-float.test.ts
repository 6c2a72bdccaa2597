import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  narrowToBfloat16,
  narrowToFloat16,
  widenBfloat16,
  widenFloat16,
} from "../../../src/kernel-lib/hub/half-float.js";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe.each([
  ["float16", widenFloat16, narrowToFloat16],
  ["bfloat16", widenBfloat16, narrowToBfloat16],
] as const)("%s", (_, widen, narrow) => {
  it("comes back as it was from 32 bits, all 65,536 of it", () => {
    const wide = widen(all);
    const back = narrow(wide);
    expect([...all].filter((i) => !Number.isNaN(wide[i]) && back[i] !== i)).toEqual([]);
    expect(wide.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(60_000);
  });

  it("keeps NaN a NaN", () => {
    const wide = widen(all);
    const again = widen(narrow(wide));
    expect([...all].filter((i) => Number.isNaN(again[i]) !== Number.isNaN(wide[i]))).toEqual([]);
  });

  it("takes the nearest of its numbers, and of two the even one", () => {
    // Positive finite numbers and infinity are in order, like their codes.
    const wide = [...widen(all.subarray(0, 0x8000))].filter((value) => !Number.isNaN(value));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: wide.length - 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (i, share) => {
          const [low = 0, high = 0] = [wide[i], wide[i + 1]];
          const between = Math.fround(low + (high - low) * share);
          const nearer = between - low < high - between ? i : i + 1;
          const expected = between - low === high - between ? i + (i % 2) : nearer;
          expect(narrow(Float32Array.of(between))[0]).toBe(expected);
          expect(narrow(Float32Array.of(-between))[0]).toBe(expected + 0x8000);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("known values of IEEE 754", () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, 1023 * 2 ** -24],
    [0x0001, 2 ** -24],
    [0x8000, -0],
    [0x7c00, Infinity],
  ])("float16 %s is %s", (code, value) => {
    expect(widenFloat16(Uint16Array.of(code))[0]).toBe(value);
    expect(narrowToFloat16(Float32Array.of(value))[0]).toBe(code);
  });

  it("float16 rounds over its largest number to infinity, half way and beyond", () => {
    expect([...narrowToFloat16(Float32Array.of(65519, 65520, 1e30, -1e30))]).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
  });
});
