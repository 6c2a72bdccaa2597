/** Data sets as other programs lay them out: where CVAT, FiftyOne, Roboflow, Label Studio, LabelImg and COCO itself put lists and pictures. */
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const png = await noiseImage(40, 30).png().toBuffer();
let count = 0;
const fresh = () => join(folder, `set-${++count}`);

async function laidOut(files: Record<string, string | Buffer>): Promise<string> {
  const root = fresh();
  for (const [name, content] of Object.entries(files)) await put(join(root, name), content);
  return root;
}

const corners = (set: ObjectDetectionDataset) =>
  set.images[0]?.boxes.map(({ label, xmin, ymin, xmax, ymax }) => [label, xmin, ymin, xmax, ymax]);

const MIDDLE = ["plate", 10, 7.5, 30, 22.5];

describe("YOLO", () => {
  test("pictures that are links, one by one or as a folder, are there", async () => {
    const root = await laidOut({
      "data.yaml": "train: images\nnames: [cup, plate]\n",
      "store/a.png": png,
      "more/b.png": png,
      "labels/a.txt": "1 0.5 0.5 0.5 0.5\n",
    });
    await mkdir(join(root, "images"));
    await symlink("../store/a.png", join(root, "images", "a.png"));
    await symlink("../more", join(root, "images", "more"));
    const set = await ObjectDetectionDataset.createFromYolo("set", root);
    expect(set.images.map(({ name }) => name)).toEqual(["a.png", "b.png"]);
    expect(corners(set)).toEqual([MIDDLE]);
  });

  test.each([
    ["paths as its manual has them", ""],
    ["paths behind data/, as darknet wants them", "data/"],
  ])("CVAT's YOLO 1.1: %s", async (_, prefix) => {
    const root = await laidOut({
      "obj.data": `classes = 2\ntrain = ${prefix}train.txt\nnames = ${prefix}obj.names\nbackup = backup/\n`,
      "obj.names": "cup\nplate\n",
      "train.txt": `${prefix}obj_train_data/a.png\n`,
      "obj_train_data/a.png": png,
      "obj_train_data/a.txt": "1 0.5 0.5 0.5 0.5\n",
    });
    for (const path of [root, join(root, "obj.data")]) {
      const set = await ObjectDetectionDataset.createFromYolo("set", path);
      expect(set.labels).toEqual(["cup", "plate"]);
      expect(corners(set)).toEqual([MIDDLE]);
      expect(set.problems).toEqual([]);
    }
  });

  test("LabelImg's pictures beside their texts, also in a folder called images", async () => {
    const files = { "classes.txt": "cup\r\nplate\r\n", "a.png": png, "a.txt": "1 0.5 0.5 0.5 0.5\n" };
    const root = await laidOut(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`images/${name}`, text])),
    );
    const set = await ObjectDetectionDataset.createFromYolo("set", join(root, "images"));
    expect(set.labels).toEqual(["cup", "plate"]);
    expect(corners(set)).toEqual([MIDDLE]);
    expect(set.problems).toEqual([]);
  });

  test("Label Studio's classes.txt beside images and labels, FiftyOne's dataset.yaml", async () => {
    const studio = await laidOut({
      "classes.txt": "cup\nplate\n",
      "notes.json": "{}",
      "images/a.png": png,
      "labels/a.txt": "1 0.5 0.5 0.5 0.5",
    });
    const one = await laidOut({
      "dataset.yaml": "path: .\nval: ./images/val/\nnames:\n  0: cup\n  1: plate\n",
      "images/val/a.png": png,
      "labels/val/a.txt": "1 0.5 0.5 0.5 0.5",
    });
    for (const root of [studio, one]) {
      expect(corners(await ObjectDetectionDataset.createFromYolo("set", root))).toEqual([MIDDLE]);
    }
  });

  test("texts beside their pictures count in a data set that lies in a folder called images, as Ultralytics' and darknet's readers can't", async () => {
    const files = {
      "obj.data": "train = train.txt\nnames = obj.names\n",
      "obj.names": "cup\nplate\n",
      "train.txt": "obj_train_data/a.png\n",
      "obj_train_data/a.png": png,
      "obj_train_data/a.txt": "1 0.5 0.5 0.5 0.5\n",
    };
    const root = await laidOut(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`images/export/${name}`, text])),
    );
    const set = await ObjectDetectionDataset.createFromYolo("set", join(root, "images", "export"));
    expect(corners(set)).toEqual([MIDDLE]);
    expect(set.problems).toEqual([]);
  });

  test.each([
    ["three numbers each", "kpt_shape: [2, 3]", "1 0.5 0.5 0.5 0.5 0.3 0.3 2 0.6 0.7 1"],
    [
      "two numbers each, which by themselves would be an outline",
      "kpt_shape: [3, 2]",
      "1 0.5 0.5 0.5 0.5 0 0 0.9 0.9 1 1",
    ],
  ])("Ultralytics' poses, %s: the box is there, the keypoints are passed over", async (_, shape, line) => {
    const root = await laidOut({
      "data.yaml": `train: images\n${shape}\nnames: [cup, plate]\n`,
      "images/a.png": png,
      "labels/a.txt": `${line}\n`,
    });
    const set = await ObjectDetectionDataset.createFromYolo("set", root);
    expect(corners(set)).toEqual([MIDDLE]);
    expect(set.problems).toEqual([]);
  });

  test("boxes at the picture's edge, written with six decimals as Ultralytics and CVAT do: cut without a word", async () => {
    const width = 1333;
    const picture = await noiseImage(width, 30).png().toBuffer();
    const lines = Array.from({ length: 40 }, (_, i) => {
      const right = 7 * i + 5;
      const [left, share] = [(right / 2 / width).toFixed(6), (right / width).toFixed(6)];
      return `0 ${left} 0.500000 ${share} 1.000000\n0 ${(1 - right / 2 / width).toFixed(6)} 0.500000 ${share} 1.000000\n`;
    });
    const root = await laidOut({
      "data.yaml": "train: images\nnames: [cup]\n",
      "images/a.png": picture,
      "labels/a.txt": lines.join(""),
    });
    const set = await ObjectDetectionDataset.createFromYolo("set", root);
    expect(set.problems).toEqual([]);
    const boxes = set.images[0]?.boxes ?? [];
    expect(boxes).toHaveLength(80);
    for (const { xmin, xmax } of boxes) expect([xmin >= 0, xmax <= width]).toEqual([true, true]);
  });

  test("an export names no path, so that Ultralytics' trainer looks beside data.yaml and not in its working folder", async () => {
    const root = await laidOut({
      "data.yaml": "train: images\nval: images\nnames: [cup]\n",
      "images/a.png": png,
      "labels/a.txt": "",
    });
    const to = fresh();
    await (await ObjectDetectionDataset.createFromYolo("set", root)).export(to, { format: "yolo" });
    const keys = (await readFile(join(to, "data.yaml"), "utf8")).match(/^\w+/gm);
    expect(keys).toEqual(["train", "val", "nc", "names"]);
  });

  test("validation is another word for val, as in Ultralytics' reader", async () => {
    const root = await laidOut({
      "data.yaml": "validation: images\nnames: [cup, plate]\n",
      "images/a.png": png,
      "labels/a.txt": "1 0.5 0.5 0.5 0.5\n",
    });
    const set = await ObjectDetectionDataset.createFromYolo("set", root, { subsets: ["val"] });
    expect(corners(set)).toEqual([MIDDLE]);
  });

  test.each([["/content/cups-1/train/images"], ["cups-1/train/images"], ["C:\\\\data\\\\cups\\\\train\\\\images"]])(
    "Roboflow's data.yaml, downloaded elsewhere with the path %s",
    async (train) => {
      const root = await laidOut({
        "data.yaml": `train: "${train}"\nnames: [cup, plate]\n`,
        "train/images/a.png": png,
        "train/labels/a.txt": "1 0.5 0.5 0.5 0.5\n",
      });
      const set = await ObjectDetectionDataset.createFromYolo("set", root);
      expect([corners(set), set.problems]).toEqual([[MIDDLE], []]);
    },
  );

  test("a number of classes without names, which Ultralytics calls class_0, class_1", async () => {
    const root = await laidOut({
      "data.yaml": "train: images\nnc: 2\n",
      "images/a.png": png,
      "labels/a.txt": "1 .5 .5 .5 .5\n",
    });
    const set = await ObjectDetectionDataset.createFromYolo("set", root);
    expect([set.labels, corners(set)]).toEqual([["class_0", "class_1"], [["class_1", 10, 7.5, 30, 22.5]]]);
    await expect(
      ObjectDetectionDataset.createFromYolo("set", await laidOut({ "data.yaml": "train: images\n" })),
    ).rejects.toThrow("expected names, a list or an object, or at least nc, their number but found neither");
  });

  test("no folder of texts at all is said, not taken for pictures without objects in silence", async () => {
    const root = await laidOut({ "data.yaml": "train: images\nnames: [cup]\n", "images/a.png": png });
    const set = await ObjectDetectionDataset.createFromYolo("set", root);
    expect(set.problems).toEqual([
      {
        path: join(root, "labels"),
        reason: "there is no such folder of YOLO's text files; its pictures are taken to have no objects",
      },
    ]);
  });

  test("what is missing or wrong in these files is said by name", async () => {
    const open = (path: string) => ObjectDetectionDataset.createFromYolo("set", path);
    await expect(open(await laidOut({ "a.txt": "" }))).rejects.toThrow(
      /data\.yaml: expected YOLO's data\.yaml, obj\.data or classes\.txt/,
    );
    await expect(open(await laidOut({ "obj.data": "train = t.txt\n" }))).rejects.toThrow("a line names = obj.names");
    await expect(open(await laidOut({ "classes.txt": "\n" }))).rejects.toThrow(
      "the name of a class a line but found nothing",
    );
    await expect(open(await laidOut({ "data.yaml": "names: 3\n" }))).rejects.toThrow(
      "names: expected a list or an object but found 3",
    );
  });
});

describe("COCO as others write it", () => {
  const image = { id: 1, file_name: "a.png", width: 40, height: 30 };
  const box = { id: 1, image_id: 1, category_id: 1, bbox: [10, 7.5, 20, 15], iscrowd: 0 };
  const text = (images: object, annotation: object, category: object = { id: 1, name: "plate" }) =>
    JSON.stringify({ images: [images], annotations: [annotation], categories: [category] });
  const open = async (list: string) =>
    ObjectDetectionDataset.createFromCoco("set", await laidOut({ "annotations.json": list, "images/a.png": png }));

  test.each([
    [
      "null for what it does not know",
      text({ ...image, width: null, height: null }, { ...box, iscrowd: null, attributes: null }),
    ],
    [
      "NaN and Infinity, as Python's json writes them",
      text(image, { ...box, area: "?", score: "??" })
        .replace('"??"', "-Infinity")
        .replace('"?"', "NaN"),
    ],
    [
      "no numbers in bbox beside an outline",
      text(image, { ...box, bbox: [], segmentation: [[10, 7.5, 30, 7.5, 30, 22.5]] }),
    ],
  ])("%s: the box is there all the same", async (_, list) => {
    const set = await open(list);
    expect([corners(set), set.problems]).toEqual([[MIDDLE], []]);
  });

  test("a category that is called by a number, texts that say NaN", async () => {
    const set = await open(
      text(image, { ...box, area: "?", note: 'a "NaN" b' }, { id: 1, name: 7 }).replace('"?"', "NaN"),
    );
    expect(set.labels).toEqual(["7"]);
    await expect(open('{"images": NaN')).rejects.toThrow("expected JSON");
    // As annotations that carry their picture have.
    const long = text(image, { ...box, area: "?", note: "a".repeat(2 ** 24) }).replace('"?"', "NaN");
    expect(corners(await open(long))).toEqual([MIDDLE]);
  });

  test("a folder whose parts have lists, or that is for another reader, says so", async () => {
    const part = text(image, box);
    const roboflow = await laidOut({ "train/_annotations.coco.json": part, "valid/_annotations.coco.json": part });
    await expect(ObjectDetectionDataset.createFromCoco("set", roboflow)).rejects.toThrow(
      "there is no such file; there is one in train, valid; give one of these folders",
    );
    const yolo = await laidOut({ "data.yaml": "names: [cup]" });
    await expect(ObjectDetectionDataset.createFromCoco("set", yolo)).rejects.toThrow(
      "there is data.yaml in it, which ObjectDetectionDataset.createFromYolo reads",
    );
  });
});

describe("Pascal VOC", () => {
  const xml = `<annotation><filename>a.png</filename><object><name>plate</name>
    <bndbox><xmin>10</xmin><ymin>7.5</ymin><xmax>30</xmax><ymax>22.5</ymax></bndbox></object></annotation>`;

  test("XML beside the pictures, as LabelImg saves it and Roboflow lays it out", async () => {
    const root = await laidOut({ "a.png": png, "a.xml": xml, "b.png": png, "b.xml": "<annotation/>" });
    await expect(ObjectDetectionDataset.createFromDir("set", root)).rejects.toThrow(
      '{ annotationsDir: ".", imageSubdirectory: "." } reads those that lie beside their pictures',
    );
    const options = { annotationsDir: ".", imageSubdirectory: "." };
    const set = await ObjectDetectionDataset.createFromDir("set", root, options);
    expect(set.images.map(({ name }) => name)).toEqual(["a.png", "b.png"]);
    expect(corners(set)).toEqual([MIDDLE]);
    expect(set.problems).toEqual([]);
    set.changeBoxesForImage(1, [{ label: "plate", xmin: 1, ymin: 2, xmax: 3, ymax: 4 }]);
    await set.saveAnnotations();
    expect(await readFile(join(root, "b.xml"), "utf8")).toContain(`<folder>${basename(root)}</folder>`);
    const again = await ObjectDetectionDataset.createFromDir("set", root, options);
    expect([again.problems, again.images[1]?.boxes.length]).toEqual([[], 1]);
  });
});

describe("umlauts in the two forms of Unicode, as macOS and Linux write file names", () => {
  const [composed, decomposed] = ["Töpfe/Küche", "Töpfe/Küche"].map((name, i) =>
    name.normalize(i === 0 ? "NFC" : "NFD"),
  );
  const ways = [
    ["composed in the list, decomposed on disk", composed ?? "", decomposed ?? ""],
    ["decomposed in the list, composed on disk", decomposed ?? "", composed ?? ""],
  ] as const;

  test.each(ways)("Pascal VOC, YOLO and COCO: %s", async (_, listed, onDisk) => {
    const [stem = "", inXml = ""] = [onDisk, listed].map((name) => name.slice(name.indexOf("/") + 1));
    const object =
      "<object><name>plate</name><bndbox><xmin>10</xmin><ymin>7.5</ymin><xmax>30</xmax><ymax>22.5</ymax></bndbox></object>";
    const voc = await laidOut({
      [`JPEGImages/${stem}.png`]: png,
      [`Annotations/${inXml}.xml`]: `<annotation><filename>${inXml}.png</filename>${object}</annotation>`,
    });
    const yolo = await laidOut({
      "data.yaml": "train: train.txt\nnames: [cup, plate]\n",
      "train.txt": `images/${listed}.png\n`,
      [`images/${onDisk}.png`]: png,
      [`labels/${onDisk.slice(0, onDisk.indexOf("/"))}/${inXml}.txt`]: "1 0.5 0.5 0.5 0.5\n",
    });
    const coco = await laidOut({
      "annotations.json": JSON.stringify({
        images: [{ id: 1, file_name: `${listed}.png` }],
        categories: [{ id: 1, name: "plate" }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 7.5, 20, 15] }],
      }),
      [`images/${onDisk}.png`]: png,
    });
    const sets = [
      await ObjectDetectionDataset.createFromDir("set", voc),
      await ObjectDetectionDataset.createFromYolo("set", yolo),
      await ObjectDetectionDataset.createFromCoco("set", coco),
    ];
    for (const set of sets) expect([corners(set), set.problems]).toEqual([[MIDDLE], []]);
  });
});

describe("given to another's reader", () => {
  test("a folder says whose it is", async () => {
    const voc = await laidOut({ "JPEGImages/a.png": png, "Annotations/a.xml": "<annotation/>" });
    const yolo = await laidOut({ "data.yaml": "names: [cup]", "images/a.png": png });
    const reasons = (await ClassificationDataset.createFromDir("set", voc)).problems.map(({ reason }) => reason);
    expect(reasons).toContain("there is JPEGImages in it, which ObjectDetectionDataset.createFromDir reads");
    await expect(ObjectDetectionDataset.createFromDir("set", yolo)).rejects.toThrow(
      "there is no such folder; there is data.yaml in it, which ObjectDetectionDataset.createFromYolo reads",
    );
    const labels = await laidOut({ "cup/a.png": png });
    expect((await ClassificationDataset.createFromDir("set", labels)).problems).toEqual([]);
    await expect(ClassificationDataset.createFromDir("set", join(labels, "typo"))).rejects.toThrow(
      "expected a folder with one sub-folder a label, but there is no such folder",
    );
    await expect(ClassificationDataset.createFromDir("set", labels, null as never)).rejects.toThrow(
      "Expected an object for createFromDir's options but received null",
    );
  });
});

describe("COCO", () => {
  const list = (file_name = "a.png") =>
    JSON.stringify({
      images: [{ id: 1, file_name, width: 40, height: 30 }],
      categories: [{ id: 4, name: "plate" }],
      annotations: [{ id: 1, image_id: 1, category_id: 4, bbox: [10, 7.5, 20, 15], iscrowd: 0 }],
    });

  test.each([
    ["COCO", "annotations/instances_val2017.json", "val2017/a.png"],
    ["CVAT", "annotations/instances_default.json", "images/a.png"],
    ["CVAT, by parts", "annotations/instances_train.json", "images/train/a.png"],
    ["Roboflow", "_annotations.coco.json", "a.png"],
    ["FiftyOne", "labels.json", "data/a.png"],
    ["Label Studio", "result.json", "images/a.png", "images/a.png"],
  ])("%s: its folder or its list is enough", async (_, where, picture, name = "a.png") => {
    const root = await laidOut({ [where]: list(name), [picture]: png });
    for (const path of [root, join(root, where)]) {
      const set = await ObjectDetectionDataset.createFromCoco("set", path);
      expect(corners(set)).toEqual([MIDDLE]);
      expect(set.problems).toEqual([]);
    }
    // Where it was opened doesn't change where its journal is.
    const byFolder = await ObjectDetectionDataset.createFromCoco("set", root);
    byFolder.noteImage(0, "seen");
    expect((await ObjectDetectionDataset.createFromCoco("set", join(root, where))).noteOf(0)).toBe("seen");
    await rm(root, { recursive: true });
  });

  test("of several lists one must be named", async () => {
    const lists = { "annotations/instances_a.json": list(), "annotations/instances_b.json": list() };
    const root = await laidOut({ ...lists, "images/a.png": png });
    await expect(ObjectDetectionDataset.createFromCoco("set", root)).rejects.toThrow(
      "there are 2 lists in it: instances_a.json, instances_b.json; name one of them",
    );
    const named = join(root, "annotations", "instances_b.json");
    expect((await ObjectDetectionDataset.createFromCoco("set", named)).size()).toBe(1);
  });

  test("a list's name leads to no folder outside", async () => {
    const root = await laidOut({ "set/list_...json": list("b.png"), "b.png": png, "set/a.png": png });
    const opened = ObjectDetectionDataset.createFromCoco("set", join(root, "set", "list_...json"));
    await expect(opened).rejects.toMatchObject({ code: "InvalidDataset" });
  });

  test("outlines without a bbox have one around them; masks, and labels without a box, are listed", async () => {
    const own = { image_id: 1, category_id: 4 };
    const annotations = [
      {
        ...own,
        id: 1,
        segmentation: [
          [3, 4, 9, 4, 9, 12],
          [1, 5, 2, 5, 2, 6],
        ],
      },
      { ...own, id: 2, segmentation: { counts: "abc", size: [30, 40] }, iscrowd: 1 },
      { ...own, id: 3, bbox: null },
      { ...own, id: 4, bbox: null, segmentation: [[1, 2]] },
    ];
    const root = await laidOut({
      "annotations.json": JSON.stringify({ ...(JSON.parse(list()) as object), annotations }),
      "a.png": png,
    });
    const set = await ObjectDetectionDataset.createFromCoco("set", root);
    expect(corners(set)).toEqual([["plate", 1, 4, 9, 12]]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      "annotation 2 was left out: it has no bbox, and no outline that one could be put around",
      "annotation 4 was left out: it has no bbox, and no outline that one could be put around",
      "1 label without a box was left out; ClassificationDataset reads those",
    ]);
  });

  test("a category whose id another has already is listed, and the first one counts", async () => {
    const categories = [
      { id: 4, name: "plate" },
      { id: 4, name: "cup" },
    ];
    const text = JSON.stringify({ ...(JSON.parse(list()) as object), categories });
    const set = await ObjectDetectionDataset.createFromCoco(
      "set",
      await laidOut({ "annotations.json": text, "a.png": png }),
    );
    expect(corners(set)).toEqual([MIDDLE]);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      "category 4 (cup) was left out: a category has that id already",
    ]);
  });

  test("boxes that a classification data set can't have are listed", async () => {
    const root = await laidOut({ "annotations.json": list(), "a.png": png });
    const set = await ClassificationDataset.createFromCoco("set", root);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      "1 box was left out; ObjectDetectionDataset reads those",
    ]);
  });

  test.each([
    ['{"images":3}', "images: expected a list but found 3"],
    [
      '{"images":[{"id":1}],"categories":[],"annotations":[]}',
      "images[0].file_name: expected a text but found nothing",
    ],
    [
      '{"images":[],"categories":[{"id":{},"name":"x"}],"annotations":[]}',
      "categories[0].id: expected a number or a text but found {}",
    ],
    ['{"images":[],"annotations":[]}', "categories: expected a list but found nothing"],
    ["null", "the whole file: expected an object but found null"],
  ])("%s is refused: %s", async (text, message) => {
    const root = await laidOut({ "annotations.json": text });
    await expect(ObjectDetectionDataset.createFromCoco("set", root)).rejects.toThrow(message);
  });
});
