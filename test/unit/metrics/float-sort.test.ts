import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortFloats } from "../../../src/kernel-lib/metrics/float-sort.js";

/** From 2,000 numbers on, digits are sorted instead of numbers compared. */
const MANY = 2500;

const repeated = (values: readonly number[]) =>
  Float64Array.from({ length: MANY }, (_, i) => (values[i % values.length] ?? 0) * (i % 3 === 0 ? -1 : 1));

describe("sortFloats orders as the engine's own sort", () => {
  it("any finite numbers: of both signs, subnormal, huge, whole, 32 bits wide", () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(0, 5e-324, Number.MAX_VALUE, Number.EPSILON),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 400 }), (values) => {
        const list = repeated(values);
        expect([...sortFloats(list.slice())]).toEqual([...list.sort()]);
      }),
    );
  });

  it("numbers that are all the same, and few", () => {
    expect([...sortFloats(new Float64Array(MANY).fill(0.25))]).toEqual(Array<number>(MANY).fill(0.25));
    expect([...sortFloats(Float64Array.of(3, -1, 2))]).toEqual([-1, 2, 3]);
    expect([...sortFloats(new Float64Array(0))]).toEqual([]);
  });

  it("only the part of a buffer that it is given", () => {
    const whole = Float64Array.from({ length: MANY + 2 }, (_, i) => -i);
    sortFloats(whole.subarray(1, MANY + 1));
    expect([whole[0], whole[1], whole[MANY], whole[MANY + 1]]).toEqual([-0, -MANY, -1, -MANY - 1]);
  });
});
