import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { harmless, watchTraining } from "../../../src/kernel-lib/engine/training-watch.js";
import type { TrainingObserver } from "../../../src/kernel-lib/structures/training.js";

const warnings = vi.spyOn(process, "emitWarning");
const unhandled = vi.fn();

beforeEach(() => {
  warnings.mockReset().mockImplementation(() => undefined);
  process.on("unhandledRejection", unhandled);
});

afterEach(() => {
  process.off("unhandledRejection", unhandled);
});

/** Node tells of rejections that nobody has caught once its queue of microtasks is empty. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const run = (observer: TrainingObserver) =>
  watchTraining(
    {
      observer,
      plan: { title: "", epochs: 1, images: 1, batchSize: 1 },
      signal: undefined,
      outcomeOf: () => ({ reason: "finished", bestEpoch: 1 }),
      failure: () => undefined,
    },
    () => Promise.resolve({ reason: "finished" }),
  );

test.each([
  [
    "at once",
    () => {
      throw new Error("the observer's fault");
    },
  ],
  ["later", () => Promise.reject(new Error("the observer's fault"))],
])("an observer that fails %s at the end is a warning, and the training stands", async (_, onEnd) => {
  await expect(run({ onEnd })).resolves.toEqual({ reason: "finished", interrupted: false });
  await settled();
  expect(warnings).toHaveBeenCalledWith(expect.objectContaining({ message: "the observer's fault" }));
  expect(unhandled).not.toHaveBeenCalled();
});

test("what an async observer rejects with after a report is a warning", async () => {
  harmless(async () => {
    await Promise.resolve();
    throw new Error("a disk is full");
  });
  await settled();
  expect(warnings).toHaveBeenCalledWith(expect.objectContaining({ message: "a disk is full" }));
  expect(unhandled).not.toHaveBeenCalled();
});
