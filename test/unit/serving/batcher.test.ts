/** Dynamic batching, with a model that is as slow as it is told. */
import { setTimeout as wait } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import type { ServedModel } from "../../../src/kernel-lib/serving/models/served-model.js";
import { Batcher } from "../../../src/kernel-lib/serving/replica/batcher.js";
import { VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { classified } from "./stand-in-replica.js";

/** The picture's first byte is its score; byte 255 is no picture. */
class SlowModel implements ServedModel<number> {
  readonly metadata = { kind: "classification" as const, labels: ["a"], description: "slow" };
  readonly together = true;
  readonly batches: number[][] = [];
  private readonly work: () => Promise<unknown>;
  /** @param work milliseconds, or what it waits for */
  constructor(work: number | Promise<void>) {
    this.work = () => (typeof work === "number" ? wait(work) : work);
  }
  prepare({ picture }: { picture: Uint8Array }): Promise<number> {
    if (picture[0] === 255) return Promise.reject(new VitrineError("InvalidImage", { path: "picture", reason: "no" }));
    return Promise.resolve(picture[0] ?? 0);
  }
  async score(prepared: readonly number[]) {
    this.batches.push([...prepared]);
    await this.work();
    if (prepared.includes(254)) throw new Error("out of memory");
    return prepared.map((value) => classified(value));
  }
}

const picture = (value: number) => ({ picture: Uint8Array.of(value) });
const score = async (batcher: Batcher, value: number) => {
  const { scores } = await batcher.score(picture(value));
  return scores.kind === "classification" ? scores.logits[0] : undefined;
};

describe("Batcher", () => {
  it("computes together what comes together, and gives each its own answer", async () => {
    const model = new SlowModel(5);
    const batcher = new Batcher(model, { maxBatch: 4, maxDelay: 1000 }, {});
    await expect(Promise.all([1, 2, 3, 4].map((value) => score(batcher, value)))).resolves.toEqual([1, 2, 3, 4]);
    expect(model.batches).toEqual([[1, 2, 3, 4]]);
  });

  it("lets a picture that comes alone wait no longer than the delay", async () => {
    const model = new SlowModel(0);
    const batcher = new Batcher(model, { maxBatch: 100, maxDelay: 20 }, {});
    const { times } = await batcher.score(picture(1));
    expect(times.batch).toBe(1);
    expect(times.wait).toBeGreaterThan(15);
  });

  it("gathers while the model is busy", async () => {
    let finish: () => void = () => undefined;
    const model = new SlowModel(new Promise<void>((resolve) => (finish = resolve)));
    const batcher = new Batcher(model, { maxBatch: 8, maxDelay: 0 }, {});
    const first = score(batcher, 1);
    await expect.poll(() => model.batches.length).toBe(1);
    const rest = [2, 3, 4].map((value) => score(batcher, value));
    // They are decoded by then.
    await wait(10);
    finish();
    await Promise.all([first, ...rest]);
    expect(model.batches).toEqual([[1], [2, 3, 4]]);
  });

  it("refuses a picture that can't be read alone", async () => {
    const model = new SlowModel(1);
    const batcher = new Batcher(model, { maxBatch: 2, maxDelay: 10 }, {});
    const results = await Promise.allSettled([1, 255, 3].map((value) => score(batcher, value)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("goes on after a batch that failed", async () => {
    const batcher = new Batcher(new SlowModel(1), { maxBatch: 2, maxDelay: 5 }, {});
    await expect(score(batcher, 254)).rejects.toThrow(/out of memory/);
    await expect(score(batcher, 7)).resolves.toBe(7);
  });
});
