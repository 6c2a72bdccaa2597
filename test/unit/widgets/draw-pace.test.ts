import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { DrawPace } from "../../../src/widgets/src/base/draw-pace.js";

const FRAME_MS = 5;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("requestAnimationFrame", (frame: (begun: number) => void) => {
    frame(performance.now() - FRAME_MS);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const takes = (milliseconds: number) => () => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Milliseconds until the next drawing may begin. */
async function restOf(pace: DrawPace): Promise<number> {
  const begun = performance.now();
  let now = NaN;
  void pace.turn().then(() => (now = performance.now()));
  await vi.advanceTimersByTimeAsync(10_000);
  return Math.round(now - begun);
}

async function draw(pace: DrawPace, milliseconds: number): Promise<void> {
  const drawn = pace.time(takes(milliseconds));
  await vi.advanceTimersByTimeAsync(milliseconds + FRAME_MS);
  await drawn;
}

it("leaves the page four times as long alone as a drawing and its frame took", async () => {
  const pace = new DrawPace();
  expect(await restOf(pace)).toBe(0);
  await draw(pace, 45);
  const rest = await restOf(pace);
  expect(rest).toBeGreaterThanOrEqual(4 * 45);
  expect(rest).toBeLessThanOrEqual(4 * (45 + 2 * FRAME_MS));
  expect(await restOf(pace)).toBe(0);
});

it("draws on a very slow page every few seconds all the same", async () => {
  const pace = new DrawPace();
  await draw(pace, 6000);
  const rest = await restOf(pace);
  expect(rest).toBeGreaterThanOrEqual(3000 - FRAME_MS);
  expect(rest).toBeLessThanOrEqual(3000);
});

it("draws at once what can't wait, also while it rests", async () => {
  const pace = new DrawPace();
  await draw(pace, 45);
  const turn = pace.turn();
  pace.hurry();
  await turn;
  expect(await restOf(pace)).toBe(0);
});

it("waits for no frame of a page that nobody sees", async () => {
  vi.stubGlobal("requestAnimationFrame", () => undefined);
  const pace = new DrawPace();
  const drawn = pace.time(takes(10));
  await vi.advanceTimersByTimeAsync(1000);
  await drawn;
  expect(await restOf(pace)).toBe(0);
});
