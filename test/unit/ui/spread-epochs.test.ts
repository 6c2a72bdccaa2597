import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { TrainingRow } from "../../../src/kernel-lib/protocol/index.js";
import { spreadEpochs } from "../../../src/kernel-lib/ui/spread-epochs.js";

const row = (epoch: number): TrainingRow => ({
  epoch,
  learningRate: 0.1,
  loss: 1 / epoch,
  trainError: 0,
  evalLoss: null,
  evalError: null,
  imagesPerSecond: 1,
  seconds: epoch,
});

describe("spreadEpochs", () => {
  it("keeps all of a short training", () => {
    const rows = [1, 2, 3].map(row);
    expect(spreadEpochs(rows, undefined, 10)).toEqual(rows);
  });

  it("keeps few of a long one, in order, with the first, the last and the kept", () => {
    const lengths = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 4, max: 60 }), fc.nat(), (length, most, pick) => {
        const rows = Array.from({ length }, (_, index) => row(index + 1));
        const kept = 1 + (pick % length);
        const epochs = spreadEpochs(rows, kept, most).map(({ epoch }) => epoch);
        expect(epochs.length).toBeLessThanOrEqual(most);
        expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
        expect(epochs).toContain(kept);
        expect([epochs[0], epochs.at(-1)]).toEqual([1, length]);
      }),
    );
  });
});
