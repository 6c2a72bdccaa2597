/** Zooming and moving: what is under the cursor stays there, and the picture is never lost outside its frame. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { FIT, fitted, largestScale, pan, zoomAbout, type Size } from "../../../src/widgets/src/picture/zoom.js";

const size = (max: number): fc.Arbitrary<Size> =>
  fc.record({ width: fc.integer({ min: 1, max }), height: fc.integer({ min: 1, max }) });
const box = fc.record({ width: fc.integer({ min: 50, max: 900 }), height: fc.integer({ min: 50, max: 900 }) });
const step = fc.record({
  factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
  x: fc.integer({ min: -400, max: 400 }),
  y: fc.integer({ min: -400, max: 400 }),
  dx: fc.integer({ min: -5000, max: 5000 }),
  dy: fc.integer({ min: -5000, max: 5000 }),
});

test("a fitted picture keeps its shape, touches two edges and crosses none", () => {
  fc.assert(
    fc.property(size(5000), box, (picture, frame) => {
      const { width, height } = fitted(picture, frame);
      expect(width / height).toBeCloseTo(picture.width / picture.height, 6);
      expect(Math.max(width / frame.width, height / frame.height)).toBeCloseTo(1, 9);
    }),
  );
});

test("any steps leave the scale within its limits and no gap that need not be", () => {
  fc.assert(
    fc.property(size(5000), box, fc.array(step, { maxLength: 12 }), (picture, frame, steps) => {
      let zoom = FIT;
      for (const { factor, x, y, dx, dy } of steps) {
        zoom = zoomAbout(zoom, factor, { x, y }, picture, frame);
        zoom = pan(zoom, { x: dx, y: dy }, picture, frame);
      }
      expect(zoom.scale).toBeGreaterThanOrEqual(1);
      expect(zoom.scale).toBeLessThanOrEqual(largestScale(picture, frame));
      const fit = fitted(picture, frame);
      expect(Math.abs(zoom.x)).toBeLessThanOrEqual(Math.max(0, (fit.width * zoom.scale - frame.width) / 2) + 1e-6);
      expect(Math.abs(zoom.y)).toBeLessThanOrEqual(Math.max(0, (fit.height * zoom.scale - frame.height) / 2) + 1e-6);
    }),
  );
});

test("what lies under the cursor stays under it", () => {
  const square = { width: 400, height: 400 };
  const within = fc.record({ x: fc.integer({ min: -200, max: 200 }), y: fc.integer({ min: -200, max: 200 }) });
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 3, noNaN: true }),
      fc.double({ min: 1, max: 2, noNaN: true }),
      within,
      within,
      (first, second, a, b) => {
        const before = zoomAbout(FIT, first, a, square, square);
        const after = zoomAbout(before, second, b, square, square);
        expect((b.x - after.x) / after.scale).toBeCloseTo((b.x - before.x) / before.scale, 6);
        expect((b.y - after.y) / after.scale).toBeCloseTo((b.y - before.y) / before.scale, 6);
      },
    ),
  );
});
