/** Data sets out and in again: nothing is lost that the format carries, and the readers and writers that others published agree. */
import { readFileSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { readCoco, writeCoco } from "../../../src/kernel-lib/data/formats/coco.js";
import { parseCsv, writeCsv } from "../../../src/kernel-lib/data/formats/csv.js";
import { uniqueNames, type DatasetFormat } from "../../../src/kernel-lib/data/formats/export-folder.js";
import { readYoloConfig, writeYoloConfig } from "../../../src/kernel-lib/data/formats/yolo.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import type { ObjectBox } from "../../../src/kernel-lib/structures/object-box.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

type Numbers = (string | number | boolean)[];

const fixture = JSON.parse(readFileSync("test/fixtures/formats/formats.json", "utf8")) as {
  files: { coco: string; voc: Record<string, string>; yaml: string; yolo: Record<string, string> };
  read: Record<"pycocotools" | "labelImg" | "supervision", Record<string, Numbers[]>>;
  written: { coco: object; yaml: string; yolo: Record<string, string>; voc: Record<string, string>; labelImg: string };
};

const folder = await temporaryFolder();
const detection = join(folder, "fridge");
await cp("sample_data/fridge/test", detection, { recursive: true, filter: (path) => basename(path) !== ".vitrine" });
const labelled = join(folder, "labelled");
for (const [index, label] of ["cup", "cup", "plate"].entries()) {
  await put(
    join(labelled, label, `${index}.png`),
    await noiseImage(6, 4, index + 1)
      .png()
      .toBuffer(),
  );
}
let count = 0;
const out = () => join(folder, `out-${++count}`);

afterEach(async () => {
  for (const root of [detection, labelled]) await rm(join(root, ".vitrine"), { recursive: true, force: true });
});

const openBoxes = () => ObjectDetectionDataset.createFromDir("fridge", detection);
const openLabels = () => ClassificationDataset.createFromDir("set", labelled);
const boxesBack = {
  voc: ObjectDetectionDataset.createFromDir.bind(ObjectDetectionDataset),
  coco: ObjectDetectionDataset.createFromCoco.bind(ObjectDetectionDataset),
  yolo: ObjectDetectionDataset.createFromYolo.bind(ObjectDetectionDataset),
  csv: ObjectDetectionDataset.createFromCsv.bind(ObjectDetectionDataset),
  jsonl: ObjectDetectionDataset.createFromJsonLines.bind(ObjectDetectionDataset),
};
const labelsBack = {
  folders: ClassificationDataset.createFromDir.bind(ClassificationDataset),
  coco: ClassificationDataset.createFromCoco.bind(ClassificationDataset),
  csv: ClassificationDataset.createFromCsv.bind(ClassificationDataset),
  jsonl: ClassificationDataset.createFromJsonLines.bind(ClassificationDataset),
};
/** Equal to none: where there should be one, the comparison fails. */
const NO_BOX: ObjectBox = {
  ...{ label: "", xmin: -9, ymin: -9, xmax: -9, ymax: -9 },
  ...{ difficult: false, truncated: false, occluded: false },
};
const corners = ({ label, xmin, ymin, xmax, ymax }: ObjectBox) => [label, xmin, ymin, xmax, ymax];

/** The sample pictures as the fixture's script has changed them. */
async function changed(): Promise<ObjectDetectionDataset> {
  const set = await openBoxes();
  const added = JSON.parse(readFileSync("test/fixtures/formats/added.json", "utf8")) as ObjectBox[];
  for (const { label } of added) set.addLabel(label);
  set.changeBoxesForImage(0, [...(set.images[0]?.boxes ?? []), ...added]);
  set.changeBoxesForImage(1, []);
  return set;
}

describe("published readers", () => {
  test("pycocotools 2.0.11 reads our COCO file as it was meant", async () => {
    const [set, dir] = [await changed(), out()];
    await set.export(dir, { format: "coco" });
    expect(await readFile(join(dir, "annotations.json"), "utf8")).toBe(fixture.files.coco);
    for (const { name, boxes } of set.images) {
      const expected = boxes.map(({ label, xmin, ymin, xmax, ymax }) => {
        const [width, height] = [xmax - xmin, ymax - ymin];
        return [label, xmin, ymin, width, height, width * height, 0];
      });
      expect(fixture.read.pycocotools[name]).toEqual(expected);
    }
  });

  test("labelImg 1.8.6 reads our Pascal VOC files as they were meant, fractions cut as it does", async () => {
    const [set, dir] = [await changed(), out()];
    await set.export(dir, { format: "voc" });
    for (const { name, boxes } of set.images) {
      const stem = name.replace(/\.jpg$/, "");
      expect(await readFile(join(dir, "Annotations", `${stem}.xml`), "utf8")).toBe(fixture.files.voc[stem]);
      const expected = boxes.map((box) => [
        ...corners(box).map((value) => (typeof value === "number" ? Math.trunc(value) : value)),
        box.difficult,
      ]);
      expect(fixture.read.labelImg[stem]).toEqual(expected);
    }
  });

  test("supervision 0.31.2 reads our YOLO files as they were meant", async () => {
    const [set, dir] = [await changed(), out()];
    await set.export(dir, { format: "yolo" });
    expect(await readFile(join(dir, "data.yaml"), "utf8")).toBe(fixture.files.yaml);
    for (const { name, boxes } of set.images) {
      const stem = name.replace(/\.jpg$/, "");
      expect(await readFile(join(dir, "labels", `${stem}.txt`), "utf8")).toBe(fixture.files.yolo[stem]);
      const read = fixture.read.supervision[name] ?? [];
      expect(read.map(([label]) => label)).toEqual(boxes.map(({ label }) => label));
      read.forEach((numbers, i) => {
        // It computes in 32-bit floats.
        const box = boxes[i] ?? NO_BOX;
        corners(box)
          .slice(1)
          .forEach((value, k) => expect(numbers[k + 1]).toBeCloseTo(value as number, 3));
      });
    }
  });
});

describe("published writers", () => {
  test("supervision 0.31.2: its COCO, YOLO and Pascal VOC give the same boxes", async () => {
    const set = await changed();
    const dir = out();
    await cp(join(detection, "JPEGImages"), join(dir, "images"), { recursive: true });
    await put(join(dir, "annotations.json"), JSON.stringify(fixture.written.coco));
    await put(join(dir, "data.yaml"), `${fixture.written.yaml}\ntrain: images\n`);
    for (const [name, text] of Object.entries(fixture.written.yolo)) await put(join(dir, "labels", name), text);
    for (const [name, text] of Object.entries(fixture.written.voc)) await put(join(dir, "xml", name), text);
    const read = {
      coco: await ObjectDetectionDataset.createFromCoco("set", dir),
      yolo: await ObjectDetectionDataset.createFromYolo("set", dir),
      voc: await ObjectDetectionDataset.createFromDir("set", dir, {
        annotationsDir: "xml",
        imageSubdirectory: "images",
        origin: 1,
      }),
    };
    for (const [format, back] of Object.entries(read)) {
      expect(back.images.map(({ name }) => name).sort()).toEqual(set.images.map(({ name }) => name));
      back.images.forEach(({ name, boxes }) => {
        const expected = set.images.find((image) => image.name === name)?.boxes ?? [];
        expect(boxes.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
        boxes.forEach((box, i) => {
          // Its YOLO has five digits; its Pascal VOC counts the first pixel as 1, and rounds.
          const off = corners(box)
            .slice(1)
            .map((v, k) => Math.abs(Number(v) - Number(corners(expected[i] ?? NO_BOX)[k + 1])));
          expect(Math.max(...off), `${format} ${JSON.stringify([box, expected[i]])}`).toBeLessThanOrEqual(
            format === "voc" ? 0.5 : 0.01,
          );
        });
      });
    }
  });

  test("labelImg 1.8.6: edges as they are", async () => {
    const dir = out();
    await cp(join(detection, "JPEGImages", "fridge-28.jpg"), join(dir, "JPEGImages", "fridge-28.jpg"));
    await put(join(dir, "Annotations", "fridge-28.xml"), fixture.written.labelImg);
    const set = await ObjectDetectionDataset.createFromDir("set", dir);
    expect(set.images[0]?.boxes.map((box) => [...corners(box), box.difficult])).toEqual([
      ["cup", 0, 0, 120, 300, true],
      ["Tasse ☕", 30, 40, 480, 360, false],
    ]);
    expect(set.problems).toEqual([]);
  });
});

describe("out and in again", () => {
  const label = fc.constantFrom("water", "orange", "a, \"b\"\n'c'", "no", "12", "Tasse ☕ & <b>", "=1+1", "ü");
  const place = (max: number) =>
    fc
      .tuple(fc.double({ min: 0, max, noNaN: true }), fc.double({ min: 0, max, noNaN: true }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
      .filter(([low, high]) => high - low > 1e-3);
  const box = fc
    .record({ label, x: place(480), y: place(360), flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()) })
    .map(({ x, y, flags, ...rest }): ObjectBox => {
      const [difficult, truncated, occluded] = flags;
      return { ...rest, xmin: x[0], ymin: y[0], xmax: x[1], ymax: y[1], difficult, truncated, occluded };
    });
  const rounded = (pixels: number) => Math.round(pixels * 1000) / 1000;
  const toThousandths = (one: ObjectBox): ObjectBox => ({
    ...one,
    xmin: rounded(one.xmin),
    ymin: rounded(one.ymin),
    // A side is longer than a thousandth, and stays at least that.
    xmax: Math.max(rounded(one.xmax), rounded(one.xmin) + 0.001),
    ymax: Math.max(rounded(one.ymax), rounded(one.ymin) + 0.001),
  });
  const note = fc.string({ unit: "grapheme", maxLength: 8 });

  test.each(["voc", "coco", "yolo", "csv", "jsonl"] as const)("boxes as %s", async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(box, { maxLength: 4 }), note, async (drawn, text) => {
        await rm(join(detection, ".vitrine"), { recursive: true, force: true });
        const [set, dir] = [await openBoxes(), out()];
        // Shares of a picture are not exact to a millionth of a pixel: boxes that differ by less are one.
        const boxes = format === "yolo" ? drawn.map(toThousandths) : drawn;
        for (const each of boxes) set.addLabel(each.label);
        // A line break in a label is none in XML after trimming; everything else is.
        set.changeBoxesForImage(0, boxes);
        set.noteImage(2, text);
        set.flagImage(3, "unsure");
        await set.export(dir, { format });
        const back = await boxesBack[format]("back", dir);
        expect(back.problems.filter(({ reason }) => !reason.includes("there twice"))).toEqual([]);
        const seen = new Set<string>();
        const unique = boxes.filter((each) => !seen.has(corners(each).join()) && seen.add(corners(each).join()));
        const carriesFlags = format !== "yolo";
        const none = { difficult: false, truncated: false, occluded: false };
        const expected = unique.map((each) => (carriesFlags ? each : { ...each, ...none }));
        const got = back.images[0]?.boxes ?? [];
        expect(got).toHaveLength(expected.length);
        got.forEach((each, i) => {
          if (carriesFlags && format !== "coco") expect(each).toEqual(expected[i]);
          else {
            const wanted = expected[i] ?? NO_BOX;
            expect({ ...each, ...pick(wanted) }).toEqual(wanted);
            for (const key of ["xmin", "ymin", "xmax", "ymax"] as const)
              expect(Math.abs(each[key] - wanted[key])).toBeLessThan(format === "coco" ? 1e-9 : 1e-5);
          }
        });
        expect(back.images.slice(1).map((image) => image.boxes)).toEqual(
          set.images.slice(1).map((image) => image.boxes.map((b) => (carriesFlags ? b : { ...b, ...none }))),
        );
        if (format === "coco" || format === "jsonl" || format === "csv") {
          expect([back.images[2]?.note, back.images[3]?.flag]).toEqual([text, "unsure"]);
        }
        if (format === "coco" || format === "jsonl" || format === "yolo") expect(back.labels).toEqual(set.labels);
        await rm(dir, { recursive: true });
      }),
      { numRuns: 6 },
    );
  });

  test.each(["coco", "csv", "jsonl"] as const)("labels as %s: several, none, flags, notes", async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(label, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        note,
        async (labels, text) => {
          await rm(join(labelled, ".vitrine"), { recursive: true, force: true });
          const [set, dir] = [await openLabels(), out()];
          labels.flat().forEach((each) => set.addLabel(each));
          labels.forEach((each, index) => set.changeLabelForImage(index, each));
          set.noteImage(0, text);
          set.flagImage(1, "skip");
          await set.export(dir, { format });
          const back = await labelsBack[format]("back", dir);
          expect(back.problems).toEqual([]);
          expect(back.images.map((image) => image.labels)).toEqual(labels);
          expect([back.images[0]?.note, back.images[1]?.flag]).toEqual([text, "skip"]);
          if (format !== "csv") expect(back.labels).toEqual(set.labels);
          await rm(dir, { recursive: true });
        },
      ),
      { numRuns: 10 },
    );
  });

  test("folders: one label each; the pictures are the same files", async () => {
    const [set, dir] = [await openLabels(), out()];
    set.addLabel("bowl");
    set.changeLabelForImage(1, "plate");
    await set.export(dir, { format: "folders" });
    const back = await labelsBack.folders("back", dir);
    expect(back.labels).toEqual(["bowl", "cup", "plate"]);
    expect(back.images.map(({ name, labels, storageId }) => [name, labels, storageId])).toEqual(
      set.images.map(({ name, labels, storageId }) => [name, labels, storageId]),
    );
  });

  test("a part of a split is exported alone", async () => {
    const [train] = (await openBoxes()).split({ trainSize: 3 });
    const dir = out();
    await train.export(dir, { format: "yolo" });
    expect((await ObjectDetectionDataset.createFromYolo("train", join(dir, "data.yaml"))).size()).toBe(3);
  });
});

describe("an export that can't be", () => {
  test.each<[DatasetFormat, string]>([["folders", 'format "folders" carries labels, and this data set has boxes']])(
    "boxes as %s",
    async (format, message) => {
      await expect((await openBoxes()).export(out(), { format })).rejects.toThrow(message);
    },
  );

  test("labels as Pascal VOC or YOLO; two labels or odd ones as folders; a format nobody knows", async () => {
    const set = await openLabels();
    for (const format of ["voc", "yolo"] as const) {
      await expect(set.export(out(), { format })).rejects.toThrow("carries boxes, and this data set has labels");
    }
    set.changeLabelForImage(0, ["cup", "plate"]);
    await expect(set.export(out(), { format: "folders" })).rejects.toThrow("0.png has 2 labels, and a folder is one");
    set.undo();
    for (const odd of ["..", "a/b", ".hidden", "x".repeat(256)]) {
      const other = await openLabels();
      other.addLabel(odd);
      await expect(other.export(out(), { format: "folders" })).rejects.toThrow("can't be a folder's name");
    }
    await expect(set.export(out(), { format: "tar" as DatasetFormat })).rejects.toThrow(
      'for format but received "tar"',
    );
  });

  test("leaves nothing: a picture that is gone, a signal, a folder that is there", async () => {
    const root = join(folder, "vanishing");
    await cp(labelled, root, { recursive: true });
    const set = await ClassificationDataset.createFromDir("set", root);
    const dir = join(folder, "nothing", "here");
    await rm(join(root, "plate", "2.png"));
    await expect(set.export(dir, { format: "csv" })).rejects.toSatisfy((error) => isVitrineError(error, "MissingFile"));
    const stopped = (await openLabels()).export(dir, { format: "csv", signal: AbortSignal.abort() });
    await expect(stopped).rejects.toSatisfy((error) => isVitrineError(error, "Stopped"));
    expect(await readdir(join(folder, "nothing"))).toEqual([]);
    await mkdir(dir);
    await writeFile(join(dir, "mine.txt"), "keep me");
    await expect((await openLabels()).export(dir, { format: "csv" })).rejects.toThrow("there is something already");
    expect(await readdir(dir)).toEqual(["mine.txt"]);
    await (await openLabels()).export(dir, { format: "csv", overwrite: true });
    expect((await readdir(dir)).sort()).toEqual(["annotations.csv", "images"]);
    expect(await readdir(join(folder, "nothing"))).toEqual(["here"]);
  });
});

describe("lists that others wrote", () => {
  const list = async (name: string, text: string) => {
    const dir = out();
    await put(join(dir, "images", "a.png"), await noiseImage(40, 30).png().toBuffer());
    await put(join(dir, name), text);
    return dir;
  };
  const image = { id: 1, file_name: "a.png", width: 40, height: 30 };
  const coco = (more: object) =>
    JSON.stringify({ images: [image], categories: [{ id: 7, name: "cup" }], annotations: [], ...more });
  const box = (more: object) => ({ id: 5, image_id: 1, category_id: 7, bbox: [2, 3, 18, 22], ...more });

  test("COCO: what is wrong with an annotation is said, the rest is there; a crowd is difficult", async () => {
    const annotations = [
      box({ iscrowd: 1 }),
      box({ image_id: 9 }),
      box({ category_id: 8 }),
      box({ bbox: [1, 2, 3] }),
      box({ bbox: [50, 3, 18, 22] }),
      box({ bbox: [2, 3, 0, 22] }),
      box({ bbox: [-2, 3, 4, 22] }),
    ];
    const set = await boxesBack.coco("set", await list("annotations.json", coco({ annotations })));
    expect(set.images[0]?.boxes).toMatchObject([
      { label: "cup", xmin: 2, ymin: 3, xmax: 20, ymax: 25, difficult: true },
      { xmin: 0, xmax: 2 },
    ]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      "annotation 5 was left out: there is no image 9",
      "annotation 5 was left out: category 8 has no name",
      "annotation 5 was left out: its bbox has 3 numbers, not 4",
      "object 2 (cup) was left out: 50, 3 to 68, 25 is outside the picture's 40 × 30 pixels",
      "object 3 (cup) was left out: xmin 2 is not below xmax 2",
      "object 4 (cup) was cut: -2, 3 to 2, 25 is not within the picture's 40 × 30 pixels",
    ]);
  });

  test.each([
    ["no JSON", "{", /expected JSON/],
    ["a list", "[]", /expected /],
    ["an image without a name", '{"images":[{"id":1}],"categories":[],"annotations":[]}', /images\[0\]\.file_name/],
    ["text for a number", coco({ annotations: [box({ bbox: ["1", 2, 3, 4] })] }), /annotations\[0\]\.bbox\[0\]/],
  ])("COCO, %s: refused with the place", async (_, text, message) => {
    const refused = boxesBack.coco("set", await list("annotations.json", text));
    await expect(refused).rejects.toThrow(message);
  });

  test("names that lead out of the folder, that are gone, that come twice", async () => {
    const images = ["a.png", "../../../etc/passwd", "/etc/passwd", "gone.png", "images/a.png"].map((file_name, i) => ({
      ...image,
      id: i,
      file_name,
    }));
    const set = await boxesBack.coco("set", await list("annotations.json", coco({ images })));
    expect(set.images.map(({ name }) => name)).toEqual(["a.png"]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      '"../../../etc/passwd" leads out of the data set\'s folder; it was left out',
      '"/etc/passwd" leads out of the data set\'s folder; it was left out',
      '"images/a.png" is there twice; the second was left out',
      "there is no such file",
    ]);
  });

  test("CSV: other names of columns, quotes, UTF-16, CRLF; rows that can't be are listed", async () => {
    const rows = [
      "image,label,xmin,ymin,xmax,ymax",
      'a.png,"a ""cup"", blue",2,3,20,25',
      "a.png,cup,x,3,20,25",
      ",cup,1,2,3,4",
      "a.png,,1,2,3,4",
    ];
    const dir = await list("annotations.csv", "");
    await writeFile(join(dir, "annotations.csv"), Buffer.from(`\ufeff${rows.join("\r\n")}`, "utf16le"));
    const set = await boxesBack.csv("set", dir);
    expect(set.images[0]?.boxes.map(corners)).toEqual([['a "cup", blue', 2, 3, 20, 25]]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      'row 3 was left out: "x" is no number for xmin',
      "row 4 was left out: it names no picture",
      "row 5 was left out: its box has no label",
    ]);
    await expect(boxesBack.csv("set", await list("annotations.csv", "x,y\n1,2"))).rejects.toThrow(
      "line 1: expected a first row",
    );
  });

  test("JSON lines: lines that are none are listed", async () => {
    const lines = ['{"classes":["b","a"]}', '{"image":"a.png","boxes":[]}', "{", '{"image":3}', ""];
    const set = await boxesBack.jsonl("set", await list("annotations.jsonl", lines.join("\n")));
    expect([set.size(), set.labels]).toEqual([1, ["b", "a"]]);
    expect(set.problems.map(({ reason }) => reason.slice(0, 20))).toEqual([
      "line 3 was left out:",
      "line 4 was left out:",
    ]);
  });

  test("YOLO: names as a list or a map, lists of pictures, outlines, scores, lines that can't be", async () => {
    const dir = await list("data.yaml", "path: .\ntrain: train.txt\nval: gone\nnames:\n  0: cup\n  2: no\n");
    await put(join(dir, "train.txt"), "./images/a.png\n");
    const labels = [
      "0 0.5 0.5 0.5 0.5",
      "0 0.5 0.5 0.2 0.2 0.93",
      "2 0.1 0.1 0.5 0.2 0.3 0.4",
      "9 0 0 1 1",
      "0 0.5",
      "0 a b c d",
    ];
    await put(join(dir, "labels", "a.txt"), labels.join("\r\n"));
    const set = await boxesBack.yolo("set", dir);
    expect(set.labels).toEqual(["cup", "1", "no"]);
    expect(set.images[0]?.boxes.map(corners)).toEqual([
      ["cup", 10, 7.5, 30, 22.5],
      ["cup", 16, 12, 24, 18],
      ["no", 4, 3, 20, 12],
    ]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      "there is no such folder of pictures",
      "line 4 was left out: there is no class 9",
      "line 5 was left out: it has not 4 numbers",
      "line 6 was left out: it has not 4 numbers",
    ]);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdef"
      .split("")
      .map(
        (k, i) =>
          `${k}: &${k} [${Array(9)
            .fill(`*${"abcde"[i] ?? ""}`)
            .join()}]`,
      )
      .join("\n")}\nnames: *f\n`;
    await expect(boxesBack.yolo("set", await list("data.yaml", bomb))).rejects.toThrow("data.yaml");
  });
});

describe("small parts", () => {
  test("CSV: any table comes back", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\n", "\r\n", ' "a', "é"));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        expect(parseCsv(writeCsv(rows))).toEqual(rows);
      }),
    );
  });

  test("COCO's widths lead back to the very same edges where these have up to three decimals", () => {
    const thousandths = fc.integer({ min: 0, max: 9_999_999 }).map((n) => n / 1000);
    const edges = fc.tuple(thousandths, thousandths).filter(([a, b]) => a < b);
    fc.assert(
      fc.property(edges, edges, ([xmin, xmax], [ymin, ymax]) => {
        const picture = { file: "a", size: { width: 9, height: 9 }, labels: [], flag: null, note: "" };
        const flags = { difficult: false, truncated: true, occluded: false };
        const boxes = [{ label: "x", xmin, ymin, xmax, ymax, ...flags }];
        const text = writeCoco({ name: "n", kind: "boxes", labels: ["x"], pictures: [{ ...picture, boxes }] });
        expect(readCoco(text, "a.json").pictures[0]?.boxes).toEqual(boxes);
      }),
      { numRuns: 500 },
    );
  });

  test("labels of YOLO survive YAML, whatever they look like", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("no", "1:20", "~", "0o7", "- a", "a: b", "#")),
          { minLength: 1 },
        ),
        (labels) => {
          expect(readYoloConfig(writeYoloConfig(labels), "data.yaml").labels).toEqual(labels);
        },
      ),
    );
  });

  test("names differ before their ending, whatever the case, and fit a file system", () => {
    expect(uniqueNames(["a.png", "a.jpg", "A.png", "b"])).toEqual(["a.png", "a-2.jpg", "A-3.png", "b"]);
    const long = `${"ä".repeat(120)}.jpeg`;
    expect(uniqueNames([long, long]).every((name) => Buffer.byteLength(name) <= 255)).toBe(true);
  });
});

const pick = ({ xmin, ymin, xmax, ymax }: ObjectBox) => ({ xmin, ymin, xmax, ymax });
