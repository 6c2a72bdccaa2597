/** Whatever is pressed in whatever order: counts are what counting gives, and redo takes back what undo took back. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import type { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import type { AnnotationState } from "../../../src/kernel-lib/protocol/index.js";
import { AnnotationUI } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { imageAt, pictureDataset } from "./picture-folder.js";

const LABELS = ["bowl", "cup", "plate"];
const THINGS = { bowl: ["b1.png", "b2.png"], cup: ["c1.png"], plate: ["p1.png", "p2.png"] };

const label = fc.constantFrom(...LABELS);
const command = fc.oneof(
  fc.record({ type: fc.constant("label"), label, id: fc.nat(4), toggle: fc.boolean() }),
  fc.record({ type: fc.constant("label"), label }),
  fc.record({ type: fc.constant("unlabel") }),
  fc.record({ type: fc.constant("move"), by: fc.integer({ min: -3, max: 3 }) }),
  fc.constant({ type: "undo" }),
  fc.constant({ type: "redo" }),
  fc.record({ type: fc.constant("autoAdvance"), on: fc.boolean() }),
  fc.record({
    type: fc.constant("filter"),
    filter: fc.record({ label: fc.option(label), unlabelled: fc.boolean(), changed: fc.boolean() }),
  }),
);

const labelsOf = (dataset: ClassificationDataset) => dataset.images.map((image) => [...image.labels]);

const sorted = (labels: readonly string[]) => [...labels].sort().join();

afterEach(() => installKernelPort(undefined));

test("counts, page and changes stay true through any sequence of commands", async () => {
  const dataset = await pictureDataset(THINGS);
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
      const before = labelsOf(dataset);
      const kernel = withMemoryKernel();
      const widget = new AnnotationUI(dataset, { gridSize: [2, 1] });
      await widget.show();
      for (const one of commands) await kernel.command(one);
      const state = kernel.state<AnnotationState>();
      widget.close();
      expect(state.counts).toEqual([...dataset.counts().values()]);
      expect(state.unlabelled).toBe(dataset.images.filter(({ labels }) => labels.length === 0).length);
      const changed = before.map((labels, id) => sorted(labels) !== sorted(imageAt(dataset, id).labels));
      expect(state.changed).toBe(changed.filter(Boolean).length);
      for (const row of state.page) {
        expect(row.labels).toEqual(dataset.images[row.id]?.labels);
        expect(row.changed).toBe(changed[row.id]);
      }
      expect(state.position).toBeLessThan(state.matching);
      expect(state.page.length > 0).toBe(state.matching > 0);
    }),
    { numRuns: 60 },
  );
});

test("redo after undo changes nothing, undoing all brings the beginning back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 20 }), async (commands) => {
      const dataset = await pictureDataset(THINGS);
      const beginning = labelsOf(dataset);
      const kernel = withMemoryKernel();
      await new AnnotationUI(dataset).show();
      for (const one of commands) await kernel.command(one);
      const now = labelsOf(dataset);
      const couldUndo = dataset.canUndo;
      await kernel.command({ type: "undo" });
      if (couldUndo) await kernel.command({ type: "redo" });
      expect(labelsOf(dataset)).toEqual(now);
      while (dataset.canUndo) await kernel.command({ type: "undo" });
      expect(labelsOf(dataset)).toEqual(beginning);
    }),
    { numRuns: 25 },
  );
});
