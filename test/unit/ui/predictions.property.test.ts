/** What the tools show before the kernel has answered is what the kernel then answers. */
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import {
  BOX_FLAGS,
  PICTURE_FLAGS,
  type AnnotationCommand,
  type AnnotationState,
  type BoxesCommand,
  type BoxesState,
} from "../../../src/kernel-lib/protocol/index.js";
import { AnnotationUI } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { predictAnnotation } from "../../../src/widgets/src/annotation/predict-annotation.js";
import { predictBoxes } from "../../../src/widgets/src/boxes/predict-boxes.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { pictureDataset, pictureFolder } from "./picture-folder.js";

afterEach(() => installKernelPort(undefined));

const LABELS = ["bowl", "cup", "plate"];
const label = fc.constantFrom(...LABELS);
const type = <T extends string>(name: T) => fc.constant(name);
const id = fc.nat(5);
const flag = fc.constantFrom(...PICTURE_FLAGS);

const browsing = [
  fc.record({ type: type("move"), by: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ type: type("select"), position: fc.nat(5) }),
  fc.record({ type: type("flag"), flag }),
  fc.record({ type: type("flag"), flag, id }),
  fc.record({ type: type("note"), id, text: fc.constantFrom("", " blue ", "b") }),
  fc.constant({ type: "undo" } as const),
];

test("labels, marks and the chosen picture of the label tool", async () => {
  const command: fc.Arbitrary<AnnotationCommand> = fc.oneof(
    ...browsing,
    fc.record({ type: type("label"), label, id, toggle: fc.boolean() }),
    fc.record({ type: type("label"), label, toggle: fc.boolean() }),
    fc.record({ type: type("unlabel") }),
    fc.record({ type: type("choose"), id }),
    fc.record({ type: type("pick"), position: fc.nat(5), how: fc.constantFrom("toggle", "range") }),
    fc.record({ type: type("autoAdvance"), on: fc.boolean() }),
    fc.record({ type: type("filter"), filter: fc.record({ label: fc.option(label) }) }),
  );
  const dataset = await pictureDataset({ bowl: ["b1.png", "b2.png"], cup: ["c1.png", "c2.png"], plate: ["p1.png"] });
  let predicted = 0;
  const shown = ({ position, selected, page }: AnnotationState) => {
    const rows = page.map((row) => [row.id, row.labels, row.flag, row.note, row.selected]);
    return { position, selected, rows };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const kernel = withMemoryKernel();
      const widget = new AnnotationUI(dataset, { gridSize: [3, 1] });
      await widget.show();
      for (const one of commands) {
        const before = kernel.state<AnnotationState>();
        const expected = predictAnnotation(before, one);
        await kernel.command(one);
        if (!expected || (expected === before && before.selected > 0)) continue;
        predicted += Number(expected !== before);
        expect(shown(expected)).toEqual(shown(kernel.state()));
      }
      widget.close();
    }),
    { numRuns: 50 },
  );
  expect(predicted).toBeGreaterThan(10);
});

test("boxes, marks and the chosen picture of the box tool", async () => {
  const index = fc.nat(4);
  const place = fc.integer({ min: -5, max: 45 });
  const shape = fc
    .tuple(place, place, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
    .map(([x, y, width, height]) => ({ xmin: x, ymin: y, xmax: x + width, ymax: y + height }));
  const box = fc
    .tuple(shape, label, fc.boolean())
    .map(([edges, given, difficult]) => ({ ...edges, label: given, difficult, truncated: false, occluded: false }));
  const command: fc.Arbitrary<BoxesCommand> = fc.oneof(
    ...browsing,
    fc.record({ type: type("addBox"), id, box }),
    fc.record({ type: type("shapeBox"), id, index, shape }),
    fc.record({ type: type("relabelBox"), id, index, label }),
    fc.record({ type: type("flagBox"), id, index, flag: fc.constantFrom(...BOX_FLAGS) }),
    fc.record({ type: type("removeBox"), id, index }),
    fc.record({ type: type("orderBox"), id, index, to: fc.constantFrom("front", "back") }),
    fc.record({ type: type("duplicateBox"), id, index }),
    fc.record({ type: type("copyBoxes"), id }),
  );
  const root = await pictureFolder({ pictures: ["a.png", "b.png", "c.png", "d.png", "e.png"] });
  const options = { imageSubdirectory: "pictures", unannotated: "include", labels: LABELS } as const;
  const dataset = await ObjectDetectionDataset.createFromDir("boxes", root, options);
  let predicted = 0;
  const shown = ({ position, previousBoxes, page }: BoxesState) => {
    const first = position % 3 === 0;
    const rows = page.map((row) => [row.id, row.boxes, row.flag, row.note]);
    return { position, rows, ...(!first && { previousBoxes }) };
  };
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const kernel = withMemoryKernel();
      const widget = new AnnotationUI(dataset, { gridSize: [3, 1] });
      await widget.show();
      for (const one of commands) {
        const before = kernel.state<BoxesState>();
        const expected = predictBoxes(before, one);
        const refusals = kernel.events("failed").length;
        await kernel.command(one);
        // What the kernel will not have is shown until it has said so.
        if (!expected || kernel.events("failed").length > refusals) continue;
        predicted += Number(expected !== before);
        expect(shown(expected)).toEqual(shown(kernel.state()));
      }
      widget.close();
    }),
    { numRuns: 50 },
  );
  expect(predicted).toBeGreaterThan(10);
});
