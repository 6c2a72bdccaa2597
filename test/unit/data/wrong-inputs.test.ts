/** What people give to data sets with boxes by mistake: each gets a sentence that leads on, and loses nothing. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { NewBox } from "../../../src/kernel-lib/data/detection-options.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { writeTfRecord } from "../../../src/kernel-lib/hub/tfrecord.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const png = await noiseImage(40, 30).png().toBuffer();
let count = 0;

async function laidOut(files: Record<string, string | Buffer>): Promise<string> {
  const root = join(folder, `set-${++count}`);
  for (const [path, content] of Object.entries(files)) await put(join(root, path), content);
  return root;
}

const xml = `<annotation><filename>a.png</filename><object><name>cup</name>
  <bndbox><xmin>2</xmin><ymin>3</ymin><xmax>20</xmax><ymax>25</ymax></bndbox></object></annotation>`;
const voc = (part = "") => ({ [join(part, "JPEGImages/a.png")]: png, [join(part, "Annotations/a.xml")]: xml });
const yolo = {
  "data.yaml": "train: images/train\nnames: [cup]\n",
  "images/train/a.png": png,
  "labels/train/a.txt": "0 0.5 0.5 0.5 0.5\n",
};

describe("boxes that are none", () => {
  const cup = { label: "cup", xmin: 2, ymin: 3, xmax: 20, ymax: 25 };
  test.each<[string, unknown, RegExp]>([
    [
      "no list",
      cup,
      /^Expected a list of boxes \{ label, xmin, ymin, xmax, ymax \}, in pixels for boxes but received \{/,
    ],
    ["nothing", undefined, /^Expected a list of boxes .* for boxes but received undefined$/],
    ["null among them", [null], /^Expected a box \{ .* \}, in pixels, for boxes\[0\] but received null$/],
    ["numbers alone", [[1, 2, 3, 4]], /^Expected a box \{ .* for boxes\[0\] but received \[1,2,3,4\]$/],
    [
      "COCO's",
      [{ label: "cup", x: 1, y: 2, width: 3, height: 4 }],
      /^Expected a box .* but received \{"label":"cup","x":1/,
    ],
    ["text", [{ ...cup, xmin: "2" }], /^Expected a box .* but received \{"label":"cup","xmin":"2"/],
    [
      "a number for a flag",
      [{ ...cup, difficult: 1 }],
      /^Expected true or false for boxes\[0\]\.difficult but received 1$/,
    ],
    [
      "text for a flag",
      [cup, { ...cup, crowd: "yes" }],
      /^Expected true or false for boxes\[1\]\.crowd but received "yes"$/,
    ],
    ["beyond the picture", [{ ...cup, xmax: 50 }], /^Expected a box with an area within the 40 × 30 pixels of a\.png/],
  ])("%s", async (_, boxes, message) => {
    const root = await laidOut(voc());
    const set = await ObjectDetectionDataset.createFromDir("set", root);
    expect(() => set.changeBoxesForImage(0, boxes as NewBox[])).toThrow(message);
    expect(() => set.changeBoxesOf(new Map([[0, boxes as NewBox[]]]))).toThrow(/a\.png|JPEG/);
    expect(set.canUndo).toBe(false);
    // A line in the journal that can't be read back would be lost with all that is on it.
    expect((await ObjectDetectionDataset.createFromDir("set", root)).images[0]?.boxes).toMatchObject([cup]);
  });
});

describe("folders", () => {
  type Reader = "createFromDir" | "createFromCoco" | "createFromYolo" | "createFromCsv" | "createFromJsonLines";
  const refusal = async (reader: Reader, path: string, options = {}) => {
    const opened = ObjectDetectionDataset[reader]("set", path, options);
    return opened.then(
      () => "no error",
      (error: unknown) => (error as Error).message,
    );
  };

  test.each<[string, Record<string, string | Buffer>, string, Reader, RegExp]>([
    [
      "above two parts",
      { ...voc("train"), ...voc("test") },
      "",
      "createFromDir",
      /there is JPEGImages in test, train; give one of these folders to ObjectDetectionDataset\.createFromDir$/,
    ],
    [
      "the pictures' own",
      voc(),
      "JPEGImages",
      "createFromDir",
      /there is JPEGImages in .*set-\d+; give that folder to ObjectDetectionDataset\.createFromDir$/,
    ],
    [
      "of labels",
      { "cup/a.png": png, "plate/a.png": png },
      "",
      "createFromDir",
      /there are pictures in cup: ClassificationDataset\.createFromDir reads one folder a label$/,
    ],
    [
      "Pascal VOC, as YOLO",
      voc(),
      "",
      "createFromYolo",
      /there is JPEGImages in it, which ObjectDetectionDataset\.createFromDir reads$/,
    ],
    [
      "Pascal VOC, as a table",
      voc(),
      "",
      "createFromCsv",
      /there is JPEGImages in it, which ObjectDetectionDataset\.createFromDir reads$/,
    ],
    [
      "YOLO, as JSON lines",
      yolo,
      "",
      "createFromJsonLines",
      /there is data\.yaml in it, which ObjectDetectionDataset\.createFromYolo reads$/,
    ],
    [
      "YOLO's texts",
      yolo,
      "labels/train",
      "createFromYolo",
      /there is data\.yaml in .*; give that folder to ObjectDetectionDataset\.createFromYolo$/,
    ],
    [
      "a list for another reader",
      yolo,
      "data.yaml",
      "createFromCoco",
      /ObjectDetectionDataset\.createFromYolo reads such a file$/,
    ],
    [
      "a table, as YOLO",
      { "annotations.csv": "filename,class\n" },
      "annotations.csv",
      "createFromYolo",
      /createFromCsv reads such a file$/,
    ],
    [
      "a list, as a folder",
      { "annotations.json": "{}" },
      "annotations.json",
      "createFromDir",
      /createFromCoco reads such a file$/,
    ],
  ])("%s", async (_, files, path, reader, message) => {
    expect(await refusal(reader, join(await laidOut(files), path))).toMatch(message);
  });

  test("folders that the options name and that aren't there: which there are is said", async () => {
    const root = await laidOut(voc());
    const there = /the folders in .* are Annotations, JPEGImages \(see annotationsDir and imageSubdirectory\)$/;
    expect(await refusal("createFromDir", root, { annotationsDir: "labels" })).toMatch(there);
    expect(await refusal("createFromDir", root, { imageSubdirectory: "images" })).toMatch(there);
    await mkdir(join(root, "empty"));
    expect(await refusal("createFromDir", join(root, "empty"))).toMatch(/but there is no such folder$/);
  });

  test("YOLO's parts: a text is no list, and a number of classes that the names contradict is refused", async () => {
    const root = await laidOut({ ...yolo, "nc.yaml": "train: images/train\nnc: 2\nnames: [cup]\n" });
    expect(await refusal("createFromYolo", root, { subsets: "train" })).toBe(
      'Expected a list for subsets but received "train"',
    );
    expect(await refusal("createFromYolo", join(root, "nc.yaml"))).toMatch(
      /nc\.yaml, names: expected 2, as nc says, but found 1 names$/,
    );
  });
});

describe("tables", () => {
  const open = async (rows: string[]) => {
    const root = await laidOut({ "a.png": png, "annotations.csv": rows.join("\n") });
    return ObjectDetectionDataset.createFromCsv("set", root);
  };
  const head = "filename,class,xmin,ymin,xmax,ymax";

  test.each([";", "\t"])("with %j between the cells are read", async (delimiter) => {
    const set = await open([head.replaceAll(",", delimiter), ["a.png", '"a; b, c"', 2, 3, 20, 25].join(delimiter)]);
    expect(set.images[0]?.boxes).toMatchObject([{ label: "a; b, c", xmin: 2, ymin: 3, xmax: 20, ymax: 25 }]);
  });

  test("with other columns for boxes say which are missing", async () => {
    const set = await open(["filename,label,x,y,w,h", "a.png,cup,2,3,18,22"]);
    expect(set.problems.map(({ reason }) => reason)).toContain(
      "there is no column xmin, ymin, xmax, ymax, so no box was read: the columns are filename, label, x, y, w, h",
    );
  });

  test("with shares of the picture in place of pixels are refused, not read as boxes of less than a pixel", async () => {
    await expect(open([head, "a.png,cup,0.05,0.1,0.5,1", "a.png,cup,0.1,0.1,0.5,1"])).rejects.toThrow(
      /annotations\.csv, the boxes: expected pixels but found shares of the picture's sides, 0\.05, 0\.1, 0\.5, 1 the first; multiply them/,
    );
    expect((await open([head, "a.png,cup,0,0,1,1", "a.png,cup,1,1,20,20"])).images[0]?.boxes).toHaveLength(2);
  });
});

test("records are written of examples, not of a data set", async () => {
  const path = join(folder, "a.tfrecord");
  await expect(writeTfRecord(path, { images: [] } as never)).rejects.toThrow(
    /^Expected a list of examples, or what gives them one by one: tfExamples\(dataset\) for examples but received/,
  );
});
