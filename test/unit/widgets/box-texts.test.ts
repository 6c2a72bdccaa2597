/** Texts of boxes that lie close together stay readable. */
import fc from "fast-check";
import { expect, it } from "vitest";

import { textSpots, type NamedRect } from "../../../src/widgets/src/picture/box-texts.js";

const frame = { width: 640, height: 480 };
const box = (x: number, y: number, text = "squash 0.80"): NamedRect => ({ x, y, width: 150, height: 70, text });

it("stand above their boxes, within those that reach the upper edge", () => {
  expect(textSpots([box(100, 200), box(100, 3)], frame)).toEqual([
    { x: 100, y: 195 },
    { x: 104, y: 17 },
  ]);
});

it("give way to each other: of two boxes side by side the second has its text within", () => {
  const [first, second] = textSpots([box(100, 200), box(150, 202)], frame);
  expect([first, second]).toEqual([
    { x: 100, y: 195 },
    { x: 154, y: 216 },
  ]);
});

it("up to four boxes in one place have their texts apart", () => {
  const spots = textSpots(
    [1, 2, 3, 4].map(() => box(100, 200)),
    frame,
  );
  expect(new Set(spots.map(({ y }) => y)).size).toBe(4);
});

it("are within the frame, whatever the boxes are, as long as these are", () => {
  const side = fc.integer({ min: 0, max: 400 });
  const any = fc.record({
    x: side,
    y: side,
    width: fc.integer({ min: 1, max: 80 }),
    height: fc.integer({ min: 1, max: 80 }),
    text: fc.constant("cup"),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (boxes) => {
      const spots = textSpots(boxes, frame);
      expect(spots).toHaveLength(boxes.length);
      for (const { x, y } of spots) {
        expect(x).toBeGreaterThanOrEqual(3);
        expect(y).toBeGreaterThanOrEqual(11);
        expect(y).toBeLessThanOrEqual(frame.height);
      }
    }),
  );
});
