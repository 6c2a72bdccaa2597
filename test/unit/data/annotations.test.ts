/** Flags, notes, changes of many pictures at once, histories, and two people's changes coming together. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { PictureFlag } from "../../../src/kernel-lib/data/annotated-image.js";
import { mergedValue, sameValue } from "../../../src/kernel-lib/data/annotation-change.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
let root: string;
let count = 0;

beforeEach(async () => {
  root = join(folder, `set-${++count}`);
  for (const [place, label] of ["cup", "cup", "plate", "plate"].entries()) {
    await put(
      join(root, label, `${place}.png`),
      await noiseImage(4, 4, place + 1)
        .png()
        .toBuffer(),
    );
  }
});

const load = () => ClassificationDataset.createFromDir("set", root);
const path = () => join(root, ".vitrine", "labels.jsonl");
const lines = () => readFileSync(path(), "utf8").trim().split("\n");
const all = (set: ClassificationDataset) =>
  set.images.map(({ labels, flag, note }) => ({ labels: [...labels], flag, note }));

describe("flags and notes", () => {
  test("are on the picture, told, in the journal, and come back", async () => {
    const set = await load();
    const told: unknown[] = [];
    set.onChange(({ field, before, after }) => told.push([field, before, after]));
    set.flagImage(0, "unsure");
    set.noteImage(0, "the handle is hidden\n<b>");
    set.flagImage(1, "skip");
    set.flagImage(1, null);
    expect([set.flagOf(0), set.noteOf(0), set.flagOf(1)]).toEqual(["unsure", "the handle is hidden\n<b>", null]);
    expect(told).toEqual([
      ["flag", null, "unsure"],
      ["note", "", "the handle is hidden\n<b>"],
      ["flag", null, "skip"],
      ["flag", "skip", null],
    ]);
    expect(all(await load())).toEqual(all(set));
    expect(set.undo()).toMatchObject({ field: "flag", after: "skip", cause: "undo" });
    expect(set.images[1]?.flag).toBe("skip");
  });

  test("a flag of another name and a note that is no text are refused", async () => {
    const set = await load();
    expect(() => set.flagImage(0, "maybe" as PictureFlag)).toThrow(
      'Expected one of "unsure", "skip" for flag but received "maybe"',
    );
    expect(() => set.noteImage(0, 7 as unknown as string)).toThrow("Expected a text for text but received 7");
    expect(() => set.flagImage(9, "skip")).toThrow("image");
  });
});

describe("many pictures at once", () => {
  test("are one line, one step to undo, and all of them or none", async () => {
    const set = await load();
    set.addLabel("bowl");
    const steps: unknown[] = [];
    set.onChange(({ image, step, cause }) => steps.push([image.name, step, cause]));
    set.changeLabelsForImages([0, 1, 2, 2], "bowl");
    expect(steps).toEqual([0, 1, 2].map((index) => [`${index}.png`, { index, size: 3 }, "set"]));
    expect(lines()).toHaveLength(2);
    expect(set.images.map(({ labels }) => labels[0])).toEqual(["bowl", "bowl", "bowl", "plate"]);
    expect(set.undo()).toMatchObject({ step: { size: 3 } });
    expect(set.images.map(({ labels }) => labels[0])).toEqual(["cup", "cup", "plate", "plate"]);
    expect(set.redo()).toMatchObject({ cause: "redo", step: { index: 2, size: 3 } });
    expect(all(await load())).toEqual(all(set));
    expect(() => set.changeLabelsForImages([0, 1], ["plate", "vase"])).toThrow("vase");
    expect(set.images[0]?.labels).toEqual(["bowl"]);
    set.flagImages([0, 3], "skip");
    set.undo();
    expect(set.images.map(({ flag }) => flag)).toEqual([null, null, null, null]);
  });

  test("a line about ten thousand pictures that are gone is kept for them", async () => {
    const big = await load();
    const entry = (i: number) => ({ image: { path: `cup/${i}.png`, hash: i.toString(16).padStart(16, "0") } });
    const changes = Array.from({ length: 10_000 }, (_, i) => ({
      ...entry(i),
      field: "labels",
      before: [],
      after: ["x"],
    }));
    const line = { time: "t", user: "u", writer: "w", cause: "set", changes };
    mkdirSync(dirname(path()), { recursive: true });
    appendFileSync(path(), `${JSON.stringify(line)}\n`);
    expect(big.refresh()).toEqual([]);
    // Two have names that are here, with another content.
    expect(big.problems).toHaveLength(2);
  });
});

describe("the history of a picture", () => {
  test("says who changed what and when, also after loading, also what was undone", async () => {
    const start = new Date().toISOString();
    const set = await load();
    set.changeLabelForImage(0, "plate");
    set.noteImage(0, "chipped");
    set.undo();
    const { username } = userInfo();
    const expected = [
      { user: username, cause: "set", field: "labels", before: ["cup"], after: ["plate"] },
      { user: username, cause: "set", field: "note", before: "", after: "chipped" },
      { user: username, cause: "undo", field: "note", before: "chipped", after: "" },
    ];
    for (const each of [set, await load()]) {
      expect(each.historyOf(0)).toMatchObject(expected);
      for (const { time } of each.historyOf(0)) expect(time >= start && time <= new Date().toISOString()).toBe(true);
      expect(each.historyOf(1)).toEqual([]);
    }
  });

  test("lines of the first version count", async () => {
    const { storageId } = (await load()).images[0] ?? { storageId: "" };
    const line = {
      time: "2026-01-01T00:00:00.000Z",
      user: "ann",
      writer: "w",
      image: { path: "cup/0.png", hash: storageId },
    };
    await put(path(), `${JSON.stringify({ ...line, before: ["cup"], after: ["plate"], cause: "set" })}\n`);
    const set = await load();
    expect(set.problems).toEqual([]);
    expect(set.images[0]?.labels).toEqual(["plate"]);
    expect(set.historyOf(0)).toMatchObject([{ user: "ann", field: "labels", after: ["plate"] }]);
  });
});

describe("two notebooks", () => {
  test("merge label by label; where a picture has one label, the last word counts", async () => {
    const [one, two] = [await load(), await load()];
    one.addLabel("chipped");
    one.addLabel("red");
    two.refresh();
    one.changeLabelForImage(0, ["cup", "chipped"]);
    two.changeLabelForImage(0, ["cup", "red"]);
    one.refresh();
    for (const set of [one, two, await load()]) expect(set.images[0]?.labels).toEqual(["cup", "chipped", "red"]);
    one.undo();
    expect(one.images[0]?.labels).toEqual(["cup", "red"]);
    one.changeLabelForImage(3, "cup");
    two.changeLabelForImage(3, "chipped");
    expect(two.images[3]?.labels).toEqual(["chipped"]);
    one.flagImage(2, "skip");
    two.noteImage(2, "both are kept");
    one.refresh();
    expect([one.images[2]?.flag, one.images[2]?.note]).toEqual(["skip", "both are kept"]);
  });

  test("undoing what another has undone already changes nothing and is no error", async () => {
    const [one, two] = [await load(), await load()];
    one.changeLabelForImage(0, "plate");
    two.changeLabelForImage(0, "cup");
    expect(one.undo()).toMatchObject({ after: ["cup"], cause: "undo" });
    expect(one.canUndo).toBe(false);
    expect(one.images[0]?.labels).toEqual(["cup"]);
  });

  test("nobody's label or box is lost and none comes back, whatever the two do", () => {
    const box = fc.record({
      label: fc.constantFrom("a", "b"),
      xmin: fc.nat(2),
      ymin: fc.constant(0),
      xmax: fc.constant(5),
      ymax: fc.constant(5),
      difficult: fc.boolean(),
      truncated: fc.constant(false),
      occluded: fc.constant(false),
    });
    fc.assert(
      fc.property(fc.array(box), fc.array(box), fc.array(box), fc.array(box), (base, drop, mineNew, theirNew) => {
        const kept = base.filter((_, i) => !drop[i]);
        expect(sameValue(mergedValue(base, base, [...base, ...theirNew], false), [...base, ...theirNew])).toBe(true);
        const merged = mergedValue([...base], [...kept, ...mineNew], [...base, ...theirNew], false);
        expect(merged).toHaveLength(kept.length + mineNew.length + theirNew.length);
      }),
    );
  });
});

test("an error names the journal where it can't be written", async () => {
  const set = await load();
  writeFileSync(join(root, ".vitrine", "in-the-way"), "");
  mkdirSync(path());
  try {
    set.flagImage(0, "skip");
    expect.unreachable();
  } catch (error) {
    expect(isVitrineError(error, "CannotWrite") && error.details.path).toBe(path());
  }
  expect(set.images[0]?.flag).toBeNull();
});
