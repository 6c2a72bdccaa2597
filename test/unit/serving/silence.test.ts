/** When a replica counts as stuck. */
import { afterEach, describe, expect, it, vi } from "vitest";

import { Silence } from "../../../src/kernel-lib/serving/supervisor/silence.js";

afterEach(() => {
  vi.useRealTimers();
});

describe("a replica's silence", () => {
  it("grows while it has work, and ends with an answer or the work", () => {
    const silence = new Silence();
    expect([silence.look(true), silence.look(true)]).toEqual([1000, 2000]);
    silence.end();
    expect([silence.look(true), silence.look(false), silence.look(true)]).toEqual([1000, 0, 1000]);
  });

  it("does not grow by a clock that is set an hour ahead", () => {
    vi.useFakeTimers();
    const silence = new Silence();
    silence.look(true);
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(silence.look(true)).toBe(2000);
  });
});
