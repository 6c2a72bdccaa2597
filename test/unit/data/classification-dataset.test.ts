import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { cp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ClassificationDataset,
  type ClassificationChange,
} from "../../../src/kernel-lib/data/classification-dataset.js";
import { stratifiedChoice } from "../../../src/kernel-lib/data/split.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

let folder: string;
let template: string;
let root: string;
let context: Context;
let count = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  template = join(folder, "template");
  const pictures = { plate: ["plate-10.png", "plate-2.png"], cup: ["cup-1.png", "cup-2.png", "cup-3.png"] };
  let seed = 0;
  for (const [label, names] of Object.entries(pictures)) {
    for (const name of names) await put(join(template, label, name), await noiseImage(6, 4, ++seed).png().toBuffer());
  }
  context = Context.create({
    outputsPath: join(folder, "out"),
    persistentPath: join(folder, "keep"),
    tempPath: join(folder, "temp"),
  });
});

beforeEach(async () => {
  root = join(folder, `set-${++count}`);
  await cp(template, root, { recursive: true });
});

const load = () => ClassificationDataset.createFromDir("set", root, { context });
const journal = () => join(root, ".vitrine", "labels.jsonl");
const lines = () =>
  readFileSync(journal(), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { cause: string; before: string[]; after: string[]; image: { path: string } });
const labelsOf = (set: ClassificationDataset) => set.images.map(({ name, labels }) => `${name}:${labels.join("+")}`);

describe("reading", () => {
  test("labels by code point, a label's pictures in natural order, ids by content", async () => {
    const set = await load();
    expect(set.labels).toEqual(["cup", "plate"]);
    expect(labelsOf(set)).toEqual([
      "cup-1.png:cup",
      "cup-2.png:cup",
      "cup-3.png:cup",
      "plate-2.png:plate",
      "plate-10.png:plate",
    ]);
    const image = set.images[3];
    const sha = createHash("sha256")
      .update(readFileSync(join(root, "plate", "plate-2.png")))
      .digest("hex");
    expect(image?.toJSON()).toEqual({
      name: "plate-2.png",
      labels: ["plate"],
      storageId: sha.slice(0, 16),
      storagePath: join(root, "plate", "plate-2.png"),
      width: 6,
      height: 4,
    });
  });

  test("says what it is: printed, as a cell's value, and inspected", async () => {
    const set = await load();
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    set.printInfo();
    const printed = write.mock.calls.map(([text]) => text).join("");
    write.mockRestore();
    expect(printed).toBe("Dataset consists of 5 images with 2 labels.\n  cup    3\n  plate  2\n");
    const bundle = (set as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]?.();
    expect(bundle?.["text/plain"]).toBe(printed.trimEnd());
    expect(bundle?.["text/html"]).toContain("<tr><th>plate</th><td>2</td></tr>");
  });

  test("leaves nothing but what it found out and the sign that it is open", async () => {
    // What was written within a tick of the system's clock may change without that its times tell, and is not kept.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await load();
    expect(await readdir(join(root, ".vitrine"))).toEqual(["open", "pictures.jsonl"]);
  });
});

describe("changing labels", () => {
  test("is on the object, told, and in the journal before the call returns", async () => {
    const set = await load();
    const changes: ClassificationChange[] = [];
    const end = set.onChange((change) => changes.push(change));
    set.changeLabelForImage(0, ["plate", "cup", "plate"]);
    expect(set.getLabelsForImage(0)).toEqual(["plate", "cup"]);
    expect(lines()).toMatchObject([
      {
        cause: "set",
        changes: [
          {
            image: { path: "cup/cup-1.png", hash: set.images[0]?.storageId },
            field: "labels",
            before: ["cup"],
            after: ["plate", "cup"],
          },
        ],
      },
    ]);
    const step = { index: 0, size: 1 };
    const change = {
      image: set.images[0],
      field: "labels",
      before: ["cup"],
      after: ["plate", "cup"],
      cause: "set",
      step,
    };
    expect(changes).toEqual([change]);
    set.changeLabelForImage(0, ["plate", "cup"]);
    expect(lines()).toHaveLength(1);
    expect([...set.counts()]).toEqual([
      ["cup", 3],
      ["plate", 3],
    ]);
    end();
    set.changeLabelForImage(0, []);
    expect(changes).toHaveLength(1);
    expect([...set.counts()]).toEqual([
      ["cup", 2],
      ["plate", 2],
    ]);
  });

  test("comes back on loading, also after the folder has moved", async () => {
    const set = await load();
    set.changeLabelForImage(1, "plate");
    set.addLabel("bowl");
    set.changeLabelForImage(2, "bowl");
    await rename(root, `${root}-moved`);
    root = `${root}-moved`;
    const again = await load();
    expect(again.labels).toEqual(["cup", "plate", "bowl"]);
    expect(labelsOf(again)).toEqual(labelsOf(set));
    expect(again.problems).toEqual([]);
  });

  test("follows a picture that was renamed, and not one whose content is another", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    set.changeLabelForImage(3, "cup");
    await rename(join(root, "cup", "cup-1.png"), join(root, "cup", "renamed.png"));
    await writeFile(join(root, "plate", "plate-2.png"), await noiseImage(6, 4, 99).png().toBuffer());
    const again = await load();
    expect(labelsOf(again)).toEqual([
      "cup-2.png:cup",
      "cup-3.png:cup",
      "renamed.png:plate",
      "plate-2.png:plate",
      "plate-10.png:plate",
    ]);
    expect(again.problems).toEqual([
      {
        path: join(root, "plate", "plate-2.png"),
        reason: "its content is not what was labelled; the change was left out",
      },
    ]);
  });

  test("keeps lines about pictures that are gone", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    const bytes = readFileSync(set.images[0]?.storagePath ?? "");
    await rm(join(root, "cup", "cup-1.png"));
    const without = await load();
    expect(without.problems).toEqual([]);
    without.changeLabelForImage(0, "plate");
    expect(lines()).toHaveLength(2);
    await put(join(root, "cup", "back.png"), bytes);
    expect(labelsOf(await load())[0]).toBe("back.png:plate");
  });

  test("refuses labels that nobody has added, and pictures of others", async () => {
    const set = await load();
    const other = await load();
    expect(() => set.changeLabelForImage(0, "vase")).toThrow(
      'Expected one of the labels "cup", "plate" but received "vase"',
    );
    expect(() => set.changeLabelForImage(0, " ")).toThrow("Expected a text that is not empty for labels");
    expect(() => set.changeLabelForImage(5, "cup")).toThrow(
      "Expected an integer between 0 and 4 for image but received 5",
    );
    expect(() => set.changeLabelForImage(other.images[0] ?? 0, "cup")).toThrow(
      "Expected a picture of this data set for image",
    );
    expect(() => set.addLabel("")).toThrow("for label");
    set.addLabel("vase");
    set.changeLabelForImage(0, "vase");
    expect(set.images[0]?.labels).toEqual(["vase"]);
  });

  test("changes nothing where the journal can't be written", async () => {
    const set = await load();
    await rm(join(root, ".vitrine"), { recursive: true });
    await writeFile(join(root, ".vitrine"), "in the way");
    expect(() => set.changeLabelForImage(0, "plate")).toThrow(
      expect.objectContaining({ code: "CannotWrite" }) as Error,
    );
    expect(set.images[0]?.labels).toEqual(["cup"]);
    expect(set.canUndo).toBe(false);
  });

  test("goes to the context's folder where the data set's can't be written", async () => {
    await writeFile(join(root, ".vitrine"), "in the way");
    const set = await load();
    set.changeLabelForImage(0, "plate");
    expect((await load()).images[0]?.labels).toEqual(["plate"]);
    expect(await readdir(join(context.persistentPath, "journals"))).toHaveLength(1);
  });
});

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
        await rm(join(root, ".vitrine"), { recursive: true, force: true });
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

describe("splitting", () => {
  test("the 63 sample pictures at 0.66: 41 and 22, every label in proportion", async () => {
    const samples = new URL("../../../sample_data/tableware", import.meta.url).pathname;
    await cp(samples, join(root, "samples"), { recursive: true, filter: (path) => !path.includes(".vitrine") });
    const set = await ClassificationDataset.createFromDir("tableware", join(root, "samples"), { context });
    const [train, test] = set.split({ trainSize: 0.66, stratify: "label", seed: 1 });
    expect([set.size(), train.size(), test.size()]).toEqual([63, 41, 22]);
    // 6, 20, 6 and 31 of 63 at 41: 3.90, 13.02, 3.90, 20.17; the two largest remainders get the two seats left.
    expect([...train.counts().values()]).toEqual([4, 13, 4, 20]);
  });

  test("parts share pictures, labels, journal, undo and new labels with the whole", async () => {
    const set = await load();
    const [train, test] = set.split({ trainSize: 3 });
    expect([train.size(), test.size()]).toEqual([3, 2]);
    expect([train.name, test.name]).toEqual(["set (train)", "set (test)"]);
    const image = train.images[0];
    const changes: ClassificationChange[] = [];
    set.onChange((change) => changes.push(change));
    train.addLabel("bowl");
    train.changeLabelForImage(0, "bowl");
    expect(set.images.find((one) => one === image)?.labels).toEqual(["bowl"]);
    expect(changes).toHaveLength(1);
    expect(test.labels).toEqual(["cup", "plate", "bowl"]);
    expect(test.undo()?.image).toBe(image);
    expect(lines().map(({ cause }) => cause)).toEqual(["addLabel", "set", "undo"]);
  });

  test("is disjoint, complete, repeatable, and off by less than one in each class", () => {
    const cases = fc.tuple(
      fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 2, maxLength: 120 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer(),
    );
    fc.assert(
      fc.property(cases, ([strata, share, seed]) => {
        const count = Math.floor(strata.length * share);
        const chosen = stratifiedChoice(strata, count, seed);
        expect(chosen).toEqual(stratifiedChoice(strata, count, seed));
        expect(chosen).toHaveLength(strata.length);
        expect(chosen.filter(Boolean)).toHaveLength(count);
        for (const key of new Set(strata)) {
          const members = chosen.filter((_, i) => strata[i] === key);
          const exact = (members.length * count) / strata.length;
          expect(Math.abs(members.filter(Boolean).length - exact)).toBeLessThan(1);
        }
      }),
    );
  });

  test("another seed gives another split, and every picture's turn comes", () => {
    const strata = Array.from({ length: 10 }, (_, i) => (i < 5 ? "a" : "b"));
    const chosen = Array.from({ length: 200 }, (_, seed) => stratifiedChoice(strata, 6, seed));
    expect(new Set(chosen.map((flags) => flags.join())).size).toBeGreaterThan(60);
    strata.forEach((_, i) => {
      // 3 of 5 each: 120 of 200 expected, standard deviation 6.9.
      expect(Math.abs(chosen.filter((flags) => flags[i]).length - 120)).toBeLessThan(35);
    });
  });

  test.each([0, 0.01, 1.5, 5, -1, NaN])("a training part of %d of 5 is refused", async (trainSize) => {
    const set = await load();
    expect(() => set.split({ trainSize })).toThrow(/Expected .* for trainSize but received/);
  });
});

describe("adding pictures", () => {
  test("a file stays where it is, bytes and pixels are kept in the context", async () => {
    const set = await load();
    const path = await put(join(folder, "elsewhere.png"), await noiseImage(9, 9, 50).png().toBuffer());
    const file = await set.addImage(path, ["vase", "cup"]);
    expect(file).toMatchObject({ storagePath: path, labels: ["vase", "cup"], width: 9 });
    expect(set.labels).toEqual(["cup", "plate", "vase"]);
    const jpeg = await noiseImage(8, 8, 51).jpeg().toBuffer();
    const bytes = await set.addImage(new Uint8Array(jpeg), "cup");
    expect(bytes.storagePath).toBe(join(context.persistentPath, "images", `${bytes.storageId}.jpg`));
    expect(readFileSync(bytes.storagePath)).toEqual(jpeg);
    const pixels = await set.addImage(
      { data: Uint8Array.of(1, 2, 3, 4, 5, 6), width: 2, height: 1, channels: 3 },
      "cup",
    );
    expect(pixels).toMatchObject({ width: 2, height: 1, name: `${pixels.storageId}.png` });
    expect(set.size()).toBe(8);
    expect(await set.addImage(path, "plate")).toBe(file);
    expect(set.size()).toBe(8);
    expect(file.labels).toEqual(["vase", "cup"]);
  });

  test("a correction by hand comes back when the same picture is added again", async () => {
    const bytes = new Uint8Array(await noiseImage(8, 8, 60).png().toBuffer());
    const set = await load();
    set.changeLabelForImage(await set.addImage(bytes, "cup"), "plate");
    const again = await load();
    expect((await again.addImage(bytes, "cup")).labels).toEqual(["plate"]);
  });

  test("what is no picture is refused and nothing is added", async () => {
    const set = await load();
    await expect(set.addImage(new Uint8Array(10), "cup")).rejects.toMatchObject({ code: "InvalidImage" });
    await expect(set.addImage(join(root, "nothing.png"), "cup")).rejects.toMatchObject({ code: "MissingFile" });
    await expect(set.addImage({ data: new Uint8Array(3), width: 2, height: 1, channels: 3 }, "cup")).rejects.toThrow(
      "2 × 1 × 3 = 6 bytes of data",
    );
    expect(set.size()).toBe(5);
  });

  test("a data set may begin empty", async () => {
    const set = ClassificationDataset.create("mine", { labels: ["cup"], context });
    expect(set.size()).toBe(0);
    await set.addImage(join(root, "cup", "cup-1.png"), "cup");
    set.addLabel("plate");
    set.changeLabelForImage(0, "plate");
    expect(set.undo()?.after).toEqual(["cup"]);
  });
});
