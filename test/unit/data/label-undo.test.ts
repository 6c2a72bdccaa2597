/** What was said about pictures, taken back and said again. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fivePictures, labelsOf } from "./five-pictures.js";

const five = await fivePictures();
const { load, lines } = five;

describe("undo and redo", () => {
  test("go all the way back and forth, as changes of their own in the journal", async () => {
    const set = await load();
    for (let i = 0; i < 50; i++) set.changeLabelForImage(i % 5, i % 2 ? "cup" : "plate");
    const end = labelsOf(set);
    const made = lines().length;
    let undone = 0;
    while (set.undo()) undone++;
    expect(undone).toBe(made);
    expect(labelsOf(set)).toEqual(labelsOf(await load()));
    expect(set.images.map(({ labels }) => labels)).toEqual([["cup"], ["cup"], ["cup"], ["plate"], ["plate"]]);
    while (set.redo());
    expect(labelsOf(set)).toEqual(end);
    expect(labelsOf(await load())).toEqual(end);
    expect(new Set(lines().map(({ cause }) => cause))).toEqual(new Set(["set", "undo", "redo"]));
  });

  test("a new change ends what could be redone", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    expect(set.undo()).toMatchObject({ before: ["plate"], after: ["cup"], cause: "undo" });
    expect([set.canUndo, set.canRedo]).toEqual([false, true]);
    set.changeLabelForImage(1, "plate");
    expect([set.canUndo, set.canRedo]).toEqual([true, false]);
    expect(set.redo()).toBeUndefined();
  });

  test("any sequence leaves object, journal and a model of it alike", async () => {
    const step = fc.oneof(
      fc.record({ image: fc.nat(4), labels: fc.subarray(["cup", "plate", "bowl"]) }),
      fc.constantFrom("undo" as const, "redo" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await rm(join(five.root, ".vitrine"), { recursive: true, force: true });
        const set = await load();
        set.addLabel("bowl");
        let states = [set.images.map(({ labels }) => [...labels])];
        let at = 0;
        for (const each of steps) {
          if (each === "undo") at = set.undo() ? at - 1 : at;
          else if (each === "redo") at = set.redo() ? at + 1 : at;
          else {
            set.changeLabelForImage(each.image, each.labels);
            const next = states[at]?.map((labels, i) => (i === each.image ? each.labels : labels)) ?? [];
            if (JSON.stringify(next) !== JSON.stringify(states[at])) states = [...states.slice(0, ++at), next];
          }
          expect(set.images.map(({ labels }) => labels)).toEqual(states[at]);
        }
        expect(labelsOf(await load())).toEqual(labelsOf(set));
      }),
      { numRuns: 25 },
    );
  });
});
