/** A replica's first computations, with a clock that the model itself moves on. */
import { describe, expect, it } from "vitest";

import type { ServedModel } from "../../../src/kernel-lib/serving/models/served-model.js";
import { warmUp } from "../../../src/kernel-lib/serving/replica/warm-up.js";
import { classified } from "./stand-in-replica.js";

/** @param takes milliseconds for so many pictures, once it is warm */
function modelThat(takes: (count: number) => number) {
  const counts: number[] = [];
  let now = 0;
  const model: ServedModel<number> = {
    metadata: { kind: "classification", labels: ["a"], description: "timed" },
    together: true,
    prepare: () => Promise.resolve(0),
    score: (prepared) => {
      const count = prepared.length;
      now += takes(count) + (counts.includes(count) ? 0 : 1000);
      counts.push(count);
      return Promise.resolve(prepared.map((value) => classified(value)));
    },
  };
  return { model, counts, clock: () => now };
}

describe("warm-up", () => {
  it.each([
    ["every picture costs the same", (count: number) => 30 * count, 8, 2],
    ["company gains a twentieth", (count: number) => 2 + 38 * count, 8, 2],
    ["company gains a fifth", (count: number) => 1 + 2 * count, 8, 8],
    ["all cost as much as one", () => 20, 64, 64],
  ])("where %s", async (_, takes, maxBatch, expected) => {
    const { model, clock, counts } = modelThat(takes);
    expect(await warmUp(model, maxBatch, clock)).toBe(expected);
    // What it will be asked for, it has computed before.
    expect(counts).toEqual(expect.arrayContaining([1, expected]));
  });

  it("is not misled by what else the machine does", async () => {
    // Each time but one of each, the machine is busy with something else.
    const seen = new Map<number, number>();
    const { model, clock } = modelThat((count) => {
      const time = seen.get(count) ?? 0;
      seen.set(count, time + 1);
      return 30 * count + (time === (count === 1 ? 3 : 5) ? 0 : count === 1 ? 40 : 5);
    });
    expect(await warmUp(model, 8, clock)).toBe(2);
  });

  it("takes no more turns than it must with a large model", async () => {
    const { model, clock, counts } = modelThat((count) => 400 * count);
    await warmUp(model, 8, clock);
    expect(counts).toEqual([1, 2, 1, 2, 1, 2]);
  });

  it("computes one picture only where none are computed together", async () => {
    const { model, clock, counts } = modelThat(() => 20);
    expect(await warmUp(model, 1, clock)).toBe(1);
    expect(counts).toEqual([1]);
  });
});
