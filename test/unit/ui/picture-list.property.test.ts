/** However one browses, the list does what a plain model of it does: a position, kept within an array. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { pageOf, type BrowsingCommand } from "../../../src/kernel-lib/protocol/index.js";
import { PictureList } from "../../../src/kernel-lib/ui/picture-list.js";

const command = fc.oneof(
  fc.record({ type: fc.constant("move" as const), by: fc.integer({ min: -30, max: 30 }) }),
  fc.record({ type: fc.constant("select" as const), position: fc.integer({ min: -5, max: 60 }) }),
  fc.record({ type: fc.constant("page" as const), page: fc.integer({ min: -2, max: 12 }) }),
  fc.record({ type: fc.constant("grid" as const), columns: fc.integer({ min: -1, max: 30 }), rows: fc.nat(4) }),
);

test("the chosen picture is always on the page, and moves by what was asked within the list", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.array(command, { maxLength: 20 }), (count, commands) => {
      const ids = Array.from({ length: count }, (_, i) => i * 3);
      const list = new PictureList(ids, [3, 2]);
      for (const one of commands) {
        const before = list.state();
        list.browse(one);
        const { position, columns, rows } = list.state();
        if (one.type === "move") expect(position).toBe(clamp(before.position + one.by, count));
        if (one.type === "select") expect(position).toBe(clamp(one.position, count));
        if (one.type === "grid") expect(position).toBe(before.position);
        expect(columns).toBeGreaterThanOrEqual(1);
        expect(columns * rows).toBeLessThanOrEqual(400);
        expect(list.chosen).toBe(ids[position]);
        expect(list.page).toEqual(ids.slice(pageOf(list.state()) * columns * rows).slice(0, columns * rows));
        expect(count === 0 || list.page.includes(list.chosen ?? -1)).toBe(true);
      }
    }),
  );
});

test("turning a page keeps the place within it", () => {
  const list = new PictureList(
    Array.from({ length: 20 }, (_, i) => i),
    [3, 2],
  );
  const commands: BrowsingCommand[] = [
    { type: "select", position: 4 },
    { type: "page", page: 2 },
  ];
  for (const one of commands) list.browse(one);
  expect(list.chosen).toBe(16);
});

test("another list keeps the chosen picture, or the next one where it is gone", () => {
  const list = new PictureList([0, 1, 2, 3, 4], [3, 2]);
  list.browse({ type: "select", position: 2 });
  list.replace([1, 2, 4]);
  expect(list.chosen).toBe(2);
  list.replace([0, 3, 4]);
  expect(list.chosen).toBe(3);
  list.replace([0, 1]);
  expect(list.chosen).toBe(1);
  list.replace([]);
  expect(list.chosen).toBeUndefined();
  list.replace([7]);
  expect(list.chosen).toBe(7);
});

const clamp = (position: number, count: number) => Math.min(count - 1, Math.max(0, position));
