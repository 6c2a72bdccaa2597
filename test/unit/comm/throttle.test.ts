import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Throttle } from "../../../src/kernel-lib/comm/throttle.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Position {
  x: number;
  y: number;
}

it("passes the first patch at once, and what follows together after the interval", () => {
  const passed: Partial<Position>[] = [];
  const throttle = new Throttle<Position>(
    (patch) => void passed.push(patch),
    () => 100,
  );
  throttle.add({ x: 1 });
  throttle.add({ x: 2 });
  throttle.add({ y: 3 });
  throttle.add({ x: 4 });
  expect(passed).toEqual([{ x: 1 }]);
  vi.advanceTimersByTime(99);
  expect(passed).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(passed).toEqual([{ x: 1 }, { x: 4, y: 3 }]);
});

it("passes nothing twice, and begins anew after a pause", () => {
  const passed: Partial<Position>[] = [];
  const throttle = new Throttle<Position>(
    (patch) => void passed.push(patch),
    () => 100,
  );
  throttle.add({ x: 1 });
  vi.advanceTimersByTime(1000);
  expect(passed).toEqual([{ x: 1 }]);
  throttle.add({ x: 2 });
  expect(passed).toEqual([{ x: 1 }, { x: 2 }]);
});

it("passes what waits when it is flushed", () => {
  const passed: Partial<Position>[] = [];
  const throttle = new Throttle<Position>(
    (patch) => void passed.push(patch),
    () => 100,
  );
  throttle.add({ x: 1 });
  throttle.add({ x: 2 });
  throttle.flush();
  expect(passed).toEqual([{ x: 1 }, { x: 2 }]);
  vi.advanceTimersByTime(1000);
  expect(passed).toHaveLength(2);
});

it("passes at most ten patches a second, and the last one always", () => {
  const passed: Partial<Position>[] = [];
  const throttle = new Throttle<Position>(
    (patch) => void passed.push(patch),
    () => 100,
  );
  for (let step = 1; step <= 1000; step++) {
    throttle.add({ x: step });
    vi.advanceTimersByTime(1);
  }
  expect(passed.length).toBeLessThanOrEqual(11);
  vi.advanceTimersByTime(100);
  expect(passed.at(-1)).toEqual({ x: 1000 });
});
