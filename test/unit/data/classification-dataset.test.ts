/** Pictures with labels: read, corrected by hand, added. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import {
  ClassificationDataset,
  type ClassificationChange,
} from "../../../src/kernel-lib/data/classification-dataset.js";
import { noiseImage, put } from "./pictures.js";
import { fivePictures, labelsOf } from "./five-pictures.js";

const five = await fivePictures();
const { folder, context, load, lines } = five;

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
      .update(readFileSync(join(five.root, "plate", "plate-2.png")))
      .digest("hex");
    expect(image?.toJSON()).toEqual({
      name: "plate-2.png",
      labels: ["plate"],
      storageId: sha.slice(0, 16),
      storagePath: join(five.root, "plate", "plate-2.png"),
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
    expect(bundle?.["text/html"]).toContain('<tr><th style="text-align:left">plate</th><td>2</td></tr>');
  });

  test("leaves nothing but what it found out and the sign that it is open", async () => {
    // What was written within a tick of the system's clock may change without that its times tell, and is not kept.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await load();
    expect(await readdir(join(five.root, ".vitrine"))).toEqual(["open", "pictures.jsonl"]);
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
    await rename(five.root, `${five.root}-moved`);
    five.root = `${five.root}-moved`;
    const again = await load();
    expect(again.labels).toEqual(["cup", "plate", "bowl"]);
    expect(labelsOf(again)).toEqual(labelsOf(set));
    expect(again.problems).toEqual([]);
  });

  test("follows a picture that was renamed, and not one whose content is another", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    set.changeLabelForImage(3, "cup");
    await rename(join(five.root, "cup", "cup-1.png"), join(five.root, "cup", "renamed.png"));
    await writeFile(join(five.root, "plate", "plate-2.png"), await noiseImage(6, 4, 99).png().toBuffer());
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
        path: join(five.root, "plate", "plate-2.png"),
        reason: "its content is not what was labelled; the change was left out",
      },
    ]);
  });

  test("keeps lines about pictures that are gone", async () => {
    const set = await load();
    set.changeLabelForImage(0, "plate");
    const bytes = readFileSync(set.images[0]?.storagePath ?? "");
    await rm(join(five.root, "cup", "cup-1.png"));
    const without = await load();
    expect(without.problems).toEqual([]);
    without.changeLabelForImage(0, "plate");
    expect(lines()).toHaveLength(2);
    await put(join(five.root, "cup", "back.png"), bytes);
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
    await rm(join(five.root, ".vitrine"), { recursive: true });
    await writeFile(join(five.root, ".vitrine"), "in the way");
    expect(() => set.changeLabelForImage(0, "plate")).toThrow(
      expect.objectContaining({ code: "CannotWrite" }) as Error,
    );
    expect(set.images[0]?.labels).toEqual(["cup"]);
    expect(set.canUndo).toBe(false);
  });

  test("goes to the context's folder where the data set's can't be written", async () => {
    await writeFile(join(five.root, ".vitrine"), "in the way");
    const set = await load();
    set.changeLabelForImage(0, "plate");
    expect((await load()).images[0]?.labels).toEqual(["plate"]);
    expect(await readdir(join(context.persistentPath, "journals"))).toHaveLength(1);
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
    await expect(set.addImage(join(five.root, "nothing.png"), "cup")).rejects.toMatchObject({ code: "MissingFile" });
    await expect(set.addImage({ data: new Uint8Array(3), width: 2, height: 1, channels: 3 }, "cup")).rejects.toThrow(
      "2 × 1 × 3 = 6 bytes of data",
    );
    expect(set.size()).toBe(5);
  });

  test("a data set may begin empty", async () => {
    const set = ClassificationDataset.create("mine", { labels: ["cup"], context });
    expect(set.size()).toBe(0);
    await set.addImage(join(five.root, "cup", "cup-1.png"), "cup");
    set.addLabel("plate");
    set.changeLabelForImage(0, "plate");
    expect(set.undo()?.after).toEqual(["cup"]);
  });
});
