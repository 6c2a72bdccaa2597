import * as fc from "fast-check";
import { expect, it } from "vitest";

import { inverseFourier, type Complex } from "../../../src/kernel-lib/augmenters/inverse-fourier.js";

/** By the definition. */
function definition({ real, imaginary }: Complex, count: number): [number, number][] {
  return Array.from({ length: count }, (_, k) => {
    let [sumReal, sumImaginary] = [0, 0];
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * i * k) / count;
      sumReal += (real[i] ?? NaN) * Math.cos(angle) - (imaginary[i] ?? NaN) * Math.sin(angle);
      sumImaginary += (real[i] ?? NaN) * Math.sin(angle) + (imaginary[i] ?? NaN) * Math.cos(angle);
    }
    return [sumReal, sumImaginary];
  });
}

it("is the inverse Fourier transform by its definition, for any count", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }).chain(complex), ({ count, values }) => {
      const { real, imaginary } = inverseFourier(values, { count, stride: 1, lines: 1, lineStride: count });
      for (const [k, [re, im]] of definition(values, count).entries()) {
        expect(real[k]).toBeCloseTo(re, 8);
        expect(imaginary[k]).toBeCloseTo(im, 8);
      }
    }),
  );
});

it("takes the columns of a field as it takes a line", () => {
  const values = { real: Float64Array.of(1, 5, 2, -4, 3, 7), imaginary: Float64Array.of(0, 1, -1, 2, 4, 0) };
  const { real } = inverseFourier(values, { count: 3, stride: 2, lines: 2, lineStride: 1 });
  for (const column of [0, 1]) {
    const pick = (all: Float64Array) => all.filter((_, i) => i % 2 === column);
    const expected = definition({ real: pick(values.real), imaginary: pick(values.imaginary) }, 3);
    expect([...pick(real)]).toEqual(expected.map(([re]): unknown => expect.closeTo(re, 10)));
  }
});

function complex(count: number) {
  const numbers = fc.float64Array({ minLength: count, maxLength: count, min: -100, max: 100, noNaN: true });
  return fc.record({ count: fc.constant(count), values: fc.record({ real: numbers, imaginary: numbers }) });
}
