import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gather } from "../../../src/kernel-lib/hub/strided.js";
import { StorageReference, TensorReference } from "../../../src/kernel-lib/hub/torch-globals.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";

const view = (count: number, offset: number, shape: number[], strides: number[]) =>
  new TensorReference(new StorageReference("0", "F32", count, 0), "F32", { offset, shape, strides });
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

/** By the definition: every index, its place in the storage. */
function byDefinition(offset: number, shape: number[], strides: number[]): number[] {
  const [side, ...sides] = shape;
  const [stride = 0, ...rest] = strides;
  if (side === undefined) return [offset];
  return Array.from({ length: side }, (_, i) => byDefinition(offset + i * stride, sides, rest)).flat();
}

describe("gather", () => {
  it("takes the numbers that offset, shape and strides name, for any view within the storage", () => {
    const sides = fc.array(fc.tuple(fc.nat(4), fc.nat(7)), { maxLength: 4 });
    fc.assert(
      fc.property(sides, fc.nat(5), (layout, offset) => {
        const shape = layout.map(([side]) => side);
        const strides = layout.map(([, stride]) => stride);
        const { data } = gather("f", "t", view(200, offset, shape, strides), numbers(200));
        expect([...(data as Float32Array)]).toEqual(byDefinition(offset, shape, strides));
      }),
    );
  });

  it("refuses any view beyond the storage, and only those", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(6), fc.nat(12), (side, stride, offset) => {
        const last = offset + (side - 1) * stride;
        let error: unknown;
        try {
          gather("f", "t", view(10, offset, [side], [stride]), numbers(10));
        } catch (reason) {
          error = reason;
        }
        expect(isVitrineError(error, "InvalidWeights")).toBe(last >= 10);
      }),
    );
  });

  it("refuses an expansion that would fill the memory", () => {
    const action = () => gather("x.pth", "w", view(4, 0, [2 ** 20, 2 ** 20], [0, 0]), numbers(4));
    expect(action).toThrow('x.pth: expected at most 16777216 numbers for "w" but found 1099511627776');
  });
});
