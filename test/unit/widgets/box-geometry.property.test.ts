import fc from "fast-check";
import { expect, test } from "vitest";

import {
  between,
  boxesAt,
  handleAt,
  handlePoint,
  HANDLES,
  moved,
  resized,
  sizeAndAspect,
  snapped,
  snappedMove,
  stretched,
} from "../../../src/widgets/src/boxes/box-geometry.js";
import { toFrame, toPicture, viewOf, zoomTo } from "../../../src/widgets/src/picture/zoom.js";

const picture = { width: 640, height: 480 };
const place = fc.record({
  x: fc.double({ min: -200, max: 900, noNaN: true }),
  y: fc.double({ min: -200, max: 900, noNaN: true }),
});
const box = fc
  .tuple(
    fc.integer({ min: 0, max: 600 }),
    fc.integer({ min: 0, max: 440 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([xmin, ymin, width, height]) => ({ xmin, ymin, xmax: xmin + width, ymax: ymin + height }));

function expectWithin({ xmin, ymin, xmax, ymax }: ReturnType<typeof between>): void {
  expect(xmin).toBeGreaterThanOrEqual(0);
  expect(ymin).toBeGreaterThanOrEqual(0);
  expect(xmax).toBeLessThanOrEqual(picture.width);
  expect(ymax).toBeLessThanOrEqual(picture.height);
}

test("a drawn box has whole pixels within the picture, whichever corner came first", () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      const shape = between(a, b, picture);
      expectWithin(shape);
      expect(shape).toEqual(between(b, a, picture));
      expect(Object.values(shape).every(Number.isInteger)).toBe(true);
    }),
  );
});

test("a moved box keeps its size, its fractions and its place in the picture", () => {
  fc.assert(
    fc.property(box, place, fc.double({ min: 0, max: 0.9, noNaN: true }), (whole, by, part) => {
      const shape = { ...whole, xmin: whole.xmin - part * Math.min(1, whole.xmin) };
      const there = moved(shape, by, picture);
      expect(there.xmax - there.xmin).toBeCloseTo(shape.xmax - shape.xmin, 9);
      expect(there.ymax - there.ymin).toBe(shape.ymax - shape.ymin);
      expect(there.xmin).toBeGreaterThanOrEqual(-1e-9);
      expect(there.xmax).toBeLessThanOrEqual(picture.width + 1e-9);
    }),
  );
});

test("a resized box keeps the opposite edges, turns over past them, and never vanishes", () => {
  fc.assert(
    fc.property(box, fc.constantFrom(...HANDLES), place, (shape, handle, to) => {
      const there = resized(shape, handle, to, picture);
      expectWithin(there);
      expect(there.xmax - there.xmin).toBeGreaterThanOrEqual(1);
      expect(there.ymax - there.ymin).toBeGreaterThanOrEqual(1);
      if (handle.includes("w")) expect([there.xmin, there.xmax]).toContain(shape.xmax);
      if (handle.startsWith("s")) expect([there.ymin, there.ymax]).toContain(shape.ymin);
      if (handle === "n" || handle === "s") expect([there.xmin, there.xmax]).toEqual([shape.xmin, shape.xmax]);
    }),
  );
});

test("stretching by keys leaves a pixel and stays within the picture", () => {
  fc.assert(
    fc.property(box, place, (shape, by) => {
      const there = stretched(shape, by, picture);
      expectWithin(there);
      expect([there.xmin, there.ymin]).toEqual([shape.xmin, shape.ymin]);
      expect(there.xmax - there.xmin).toBeGreaterThanOrEqual(1);
    }),
  );
});

test("each handle is found where it is drawn, and corners before edges", () => {
  fc.assert(
    fc.property(box, fc.constantFrom(...HANDLES), (shape, handle) => {
      const found = handleAt(handlePoint(shape, handle), shape, 0.2);
      // Of a box of one pixel a corner lies on the middle of an edge.
      expect(found === handle || (found?.length === 2 && found.includes(handle))).toBe(true);
    }),
  );
});

test("snaps to the picture's edges within reach, and only there", () => {
  expect(snapped({ x: 5, y: 300 }, 6, picture)).toEqual({ x: 0, y: 300 });
  expect(snapped({ x: 635, y: 475 }, 6, picture)).toEqual({ x: 640, y: 480 });
  expect(snapped({ x: 7, y: 473 }, 6, picture)).toEqual({ x: 7, y: 473 });
  const shape = { xmin: 10, ymin: 100, xmax: 60, ymax: 150 };
  expect(snappedMove(shape, { x: -6, y: 3 }, 5, picture)).toEqual({ x: -10, y: 3 });
  expect(snappedMove(shape, { x: 577, y: 0 }, 5, picture)).toEqual({ x: 580, y: 0 });
});

test("under a place lies the smaller box first, of equals the later", () => {
  const large = { xmin: 0, ymin: 0, xmax: 100, ymax: 100 };
  const small = { xmin: 20, ymin: 20, xmax: 40, ymax: 40 };
  expect(boxesAt({ x: 30, y: 30 }, [small, large, small], 0)).toEqual([2, 0, 1]);
  expect(boxesAt({ x: 80, y: 80 }, [small, large], 0)).toEqual([1]);
  expect(boxesAt({ x: 43, y: 30 }, [small], 2)).toEqual([]);
  expect(boxesAt({ x: 43, y: 30 }, [small], 3)).toEqual([0]);
});

test("says the size and the aspect, the longer side first", () => {
  expect(sizeAndAspect({ xmin: 0, ymin: 0, xmax: 120, ymax: 80 })).toBe("120 × 80 px, 1.50 : 1");
  expect(sizeAndAspect({ xmin: 0, ymin: 0, xmax: 50, ymax: 80 })).toBe("50 × 80 px, 1 : 1.60");
  expect(sizeAndAspect({ xmin: 0, ymin: 0, xmax: 0, ymax: 80 })).toBe("0 × 80 px");
});

test("a place of the picture is the same place at every zoom", () => {
  const frame = { width: 700, height: 400 };
  const scale = fc.double({ min: 1, max: 20, noNaN: true });
  fc.assert(
    fc.property(scale, place, (factor, at) => {
      const view = viewOf(picture, frame, { scale: factor, x: 33, y: -12 });
      const back = toPicture(view, toFrame(view, at));
      expect(back.x).toBeCloseTo(at.x, 6);
      expect(back.y).toBeCloseTo(at.y, 6);
    }),
  );
});

test("zooming to a part brings all of it into sight", () => {
  const frame = { width: 700, height: 400 };
  fc.assert(
    fc.property(box, ({ xmin, ymin, xmax, ymax }) => {
      const zoom = zoomTo({ x: xmin, y: ymin, width: xmax - xmin, height: ymax - ymin }, picture, frame);
      const view = viewOf(picture, frame, zoom);
      const [a, b] = [toFrame(view, { x: xmin, y: ymin }), toFrame(view, { x: xmax, y: ymax })];
      expect(Math.min(a.x, a.y)).toBeGreaterThanOrEqual(-1e-6);
      expect(b.x).toBeLessThanOrEqual(frame.width + 1e-6);
      expect(b.y).toBeLessThanOrEqual(frame.height + 1e-6);
    }),
  );
});
