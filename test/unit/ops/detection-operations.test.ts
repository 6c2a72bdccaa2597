/** The single operations of a detector, on what torchvision 0.24.1 makes of the same numbers (test/fixtures/detection/make.py). */
import { readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anchorsOf } from "../../../src/kernel-lib/models/detection/anchor-generator.js";
import { decodeBoxes, encodeBoxes } from "../../../src/kernel-lib/ops/box-coder.js";
import { boxIou, clipBoxes, scaleBoxes } from "../../../src/kernel-lib/ops/box-overlap.js";
import { BACKGROUND, IGNORED, matchBoxes } from "../../../src/kernel-lib/ops/matcher.js";
import { stayingBoxes } from "../../../src/kernel-lib/ops/nms-drawers.js";
import { stayingBySimd } from "../../../src/kernel-lib/ops/nms-simd.js";
import { batchedNms, nms } from "../../../src/kernel-lib/ops/nms.js";
import { largest, rankDescending } from "../../../src/kernel-lib/ops/rank.js";
import { sampleBalanced } from "../../../src/kernel-lib/ops/sampler.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { formulaBoxes, unit } from "../../parity/detection-formula.js";
import { noise } from "../../parity/torch-formula.js";

interface Operations {
  iou: number[];
  matches: Record<"(0.7, 0.3, True)" | "(0.5, 0.5, False)", number[]>;
  codes: number[];
  moved: number[];
  nms: Record<string, number[]>;
  batchedNms: number[];
  anchors: number[];
}

const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/detection/operations.json", import.meta.url), "utf8"),
) as Operations;

const truth = formulaBoxes(6, 1, 200, 20, 90);
const candidates = formulaBoxes(300, 2, 200, 10, 100);
const many = formulaBoxes(400, 6, 200, 10, 120);
const scores = Float32Array.from(unit(400, 7));

const closeTo = (received: ArrayLike<number>, expected: readonly number[], tolerance = 1e-4) => {
  expect(received.length).toBe(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs((received[i] ?? NaN) - value)));
  expect(worst).toBeLessThanOrEqual(tolerance);
};

describe("boxes against boxes", () => {
  it("have torchvision 0.24.1's IoU", () => closeTo(boxIou(truth, candidates), fixture.iou, 1e-6));

  it("are matched as torchvision 0.24.1's Matcher does, with the best of every object and without", () => {
    const low = matchBoxes(truth, candidates, { high: 0.7, low: 0.3, lowQuality: true });
    expect([...low]).toEqual(fixture.matches["(0.7, 0.3, True)"]);
    expect(new Set(low)).toContain(IGNORED);
    const plain = matchBoxes(truth, candidates, { high: 0.5, low: 0.5, lowQuality: false });
    expect([...plain]).toEqual(fixture.matches["(0.5, 0.5, False)"]);
  });

  it("without any object are all background", () => {
    const matches = matchBoxes(new Float32Array(), candidates, { high: 0.7, low: 0.3, lowQuality: true });
    expect(new Set(matches)).toEqual(new Set([BACKGROUND]));
  });

  it("are clipped and scaled side by side", () => {
    expect([...clipBoxes(Float32Array.of(-5, -6, 30, 40), 20, 25)]).toEqual([0, 0, 20, 25]);
    expect([...scaleBoxes(Float32Array.of(1, 2, 3, 4), 2, 10)]).toEqual([2, 20, 6, 40]);
  });
});

describe("the box coder", () => {
  const boxes = formulaBoxes(20, 3, 200, 20, 90);
  const references = formulaBoxes(20, 4, 200, 20, 90);

  it("encodes as torchvision 0.24.1", () => closeTo(encodeBoxes(boxes, references, [10, 10, 5, 5]), fixture.codes));

  it("decodes as torchvision 0.24.1, growth limited", () => {
    const codes = Float32Array.from(noise(80, 5), (value) => value * 25);
    closeTo(decodeBoxes(codes, references, [10, 10, 5, 5]), fixture.moved, 2e-3);
  });

  it("decodes what it has encoded", () => {
    const codes = encodeBoxes(boxes, references, [1, 1, 1, 1]);
    closeTo(decodeBoxes(codes, references, [1, 1, 1, 1]), [...boxes], 1e-3);
  });
});

describe("non-maximum suppression", () => {
  it.each(["0.1", "0.3", "0.5", "0.7"])("keeps what torchvision 0.24.1's nms keeps at %s", (threshold) => {
    expect([...nms(many, scores, Number(threshold))]).toEqual(fixture.nms[threshold]);
  });

  it("keeps what torchvision 0.24.1's batched_nms keeps", () => {
    const groups = Array.from(unit(400, 8), (value) => Math.floor(Math.fround(value) * 5));
    expect([...batchedNms(many, scores, groups, 0.5)]).toEqual(fixture.batchedNms);
  });

  it("looks at every pair that matters: the same as comparing all of them", () => {
    const side = fc.integer({ min: 1, max: 300 });
    const box = fc.tuple(side, side, side, side);
    const threshold = fc.constantFrom(0.3, 0.45, 0.5, 0.7, 0.9);
    fc.assert(
      fc.property(fc.array(box, { minLength: 70, maxLength: 200 }), threshold, (list, limit) => {
        const boxes = Float32Array.from(list.flatMap(([x, y, w, h]) => [x / 3, y / 3, x / 3 + w / 3, y / 3 + h]));
        const ranks = Float32Array.from(list, (_, i) => 1 / (1 + i));
        // Where an IoU is the threshold but for the last bit, either answer is right.
        fc.pre(boxIou(boxes, boxes).every((overlap) => Math.abs(overlap - limit) > 1e-6));
        expect([...nms(boxes, ranks, limit)]).toEqual(allPairs(boxes, limit));
      }),
      { numRuns: 60 },
    );
  });

  it("by SIMD is what plain TypeScript keeps, to the box: long, thin, tiny, huge, far away, without area", () => {
    const coordinate = fc.oneof(
      fc.float({ min: -400, max: 400, noNaN: true }),
      fc.float({ min: Math.fround(-1e9), max: Math.fround(1e9), noNaN: true }),
    );
    const side = fc.oneof(
      fc.float({ min: 0, max: 120, noNaN: true }),
      fc.float({ min: Math.fround(1e-6), max: Math.fround(1e6), noNaN: true }),
    );
    const box = fc.tuple(coordinate, coordinate, side, side);
    const threshold = fc.constantFrom(0.1, 0.3, 0.5, 0.7, 1);
    fc.assert(
      fc.property(
        fc.array(box, { maxLength: 300 }),
        fc.integer({ min: 1, max: 4 }),
        threshold,
        (list, times, limit) => {
          // Each some times, moved a little.
          const all = Array.from({ length: times }, (_, i) =>
            list.map(([x, y, w, h]) => [x + (i * w) / 9, y, x + w, y + h + i]),
          );
          const boxes = Float32Array.from(all.flat(2));
          expect(stayingBySimd(boxes, limit)).toEqual(stayingBoxes(boxes, limit));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("of boxes without area keeps all", () => {
    const points = Float32Array.from({ length: 400 }, (_, i) => Math.floor(i / 4));
    expect(nms(points, new Float32Array(100).fill(0.5), 0.5)).toHaveLength(100);
  });
});

/** Boxes in descending order of their scores. */
function allPairs(boxes: Float32Array, threshold: number): number[] {
  const overlap = boxIou(boxes, boxes);
  const count = boxes.length / 4;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    if (kept.every((other) => (overlap[i * count + other] ?? 0) <= threshold)) kept.push(i);
  }
  return kept;
}

it("anchors are torchvision 0.24.1's AnchorGenerator's", () => {
  const grids = [[5, 7], [3, 4], [2, 2]] as const; // prettier-ignore
  const shapes = { sizes: [[32], [64], [200]], ratios: [0.5, 1, 2] };
  closeTo(anchorsOf(shapes, grids, [64, 96]), fixture.anchors, 0);
});

describe("ranks", () => {
  it("are those of a stable sort, for numbers of any sign", () => {
    const number = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(-1.5, 0, 2.25));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), fc.nat(70), (list, count) => {
        const values = Float32Array.from(list, (value) => value + 0);
        const sorted = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
        expect([...rankDescending(values)]).toEqual(sorted);
        expect([...largest(values, count)]).toEqual(sorted.slice(0, count));
      }),
    );
  });
});

describe("the sampler", () => {
  const matches = Int32Array.from({ length: 500 }, (_, i) => (i % 10 === 0 ? 3 : i % 7 === 0 ? IGNORED : BACKGROUND));

  it("takes as many as there may be, objects up to their part", () => {
    const { positive, negative } = sampleBalanced(matches, { count: 64, positiveFraction: 0.25 }, new SeededRandom(1));
    expect([positive.length, negative.length]).toEqual([16, 48]);
    expect([...positive].every((place) => matches[place] === 3)).toBe(true);
    expect([...negative].every((place) => matches[place] === BACKGROUND)).toBe(true);
    expect(new Set([...positive, ...negative]).size).toBe(64);
  });

  it("fills up with background where there are few objects, and draws alike from a seed", () => {
    const size = { count: 400, positiveFraction: 0.5 };
    const first = sampleBalanced(matches, size, new SeededRandom(5));
    expect([first.positive.length, first.negative.length]).toEqual([50, 350]);
    expect(sampleBalanced(matches, size, new SeededRandom(5))).toEqual(first);
    expect(sampleBalanced(matches, size, new SeededRandom(6))).not.toEqual(first);
  });
});
