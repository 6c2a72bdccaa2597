/** Many annotation files: read when somebody asks, kept in an index, and never believed about a file that is another one by now. */
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { CreateFromVocOptions } from "../../../src/kernel-lib/data/detection-options.js";
import { readVocFile } from "../../../src/kernel-lib/data/formats/voc-file.js";
import { VOC_READER_VERSION } from "../../../src/kernel-lib/data/formats/voc-annotation.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import type { BoxesState } from "../../../src/kernel-lib/protocol/index.js";
import { AnnotationUI } from "../../../src/kernel-lib/ui/annotation-ui.js";
import { noiseImage, put, sharp, temporaryFolder } from "./pictures.js";

let root: string;

const xml = (label: string, xmax = 20, width = 40) =>
  `<annotation><size><width>${width}</width><height>30</height></size><object><name>${label}</name><truncated>1</truncated>` +
  `<bndbox><xmin>2</xmin><ymin>3</ymin><xmax>${xmax}</xmax><ymax>25</ymax></bndbox></object></annotation>`;

const annotation = (name: string) => join(root, "Annotations", `${name}.xml`);
const index = () => join(root, ".vitrine", "annotations.jsonl");
const untilSettled = () => new Promise((resolve) => setTimeout(resolve, 30));

beforeEach(async () => {
  root = await temporaryFolder();
  const names = ["a", "b", "c", "d"];
  for (const [seed, name] of names.entries()) {
    await put(join(root, "JPEGImages", `${name}.png`), await noiseImage(40, 30, seed).png().toBuffer());
  }
  await put(annotation("a"), xml("cup"));
  await put(annotation("b"), xml("plate", 50));
  await put(annotation("c"), xml("bowl", 20, 41));
  await put(annotation("d"), "<annotation><object>");
  await untilSettled();
});

const load = (options: CreateFromVocOptions = {}) => ObjectDetectionDataset.createFromDir("set", root, options);

/** All that a caller sees. */
const summary = ({ images, labels, problems }: ObjectDetectionDataset) => ({
  images: images.filter(({ problem }) => problem === undefined).map(({ name, boxes }) => ({ name, boxes })),
  labels,
  problems: problems.map(({ path, reason }) => `${path.slice(root.length + 1)}: ${reason}`).sort(),
});

/** The lines of the index, each changed by a function. */
async function forge(change: (line: string) => string): Promise<void> {
  await writeFile(index(), (await readFile(index(), "utf8")).split("\n").map(change).join("\n"));
}

describe("the index of annotations", () => {
  test("says what the files said, good or bad, and none is read again", async () => {
    const first = summary(await load());
    expect(first.images.map(({ name }) => name)).toEqual(["a.png", "b.png"]);
    expect(first.labels).toEqual(["cup", "plate"]);
    expect(first.problems).toHaveLength(4);
    expect(summary(await load())).toEqual(first);
    await forge((line) => line.replace('"cup"', '"jug"'));
    expect((await load()).labels).toEqual(["jug", "plate"]);
  });

  test.each([
    ["changed", (path: string) => writeFile(path, xml("vase"))],
    ["changed to the same length", (path: string) => writeFile(path, xml("cap"))],
    [
      "changed, with its old time",
      async (path: string) => {
        await writeFile(path, xml("cap"));
        await utimes(path, 1, 1);
      },
    ],
    [
      "replaced by another",
      async (path: string) => {
        await writeFile(`${path}.new`, xml("cap"));
        await rename(`${path}.new`, path);
      },
    ],
  ])("is not believed about a file that was %s", async (_, change) => {
    await utimes(annotation("a"), 1, 1);
    await untilSettled();
    await load();
    await change(annotation("a"));
    const [image] = (await load()).images;
    expect(image?.boxes[0]?.label).toMatch(/vase|cap/);
  });

  test("keeps nothing of a file that was written a moment ago: it may change again within a tick of the clock", async () => {
    for (let round = 0; round < 20; round++) {
      await writeFile(annotation("a"), xml(`o${round % 10}`));
      expect((await load()).images[0]?.boxes[0]?.label).toBe(`o${round % 10}`);
    }
  });

  test.each([
    ["torn", (text: string) => text.slice(0, -25)],
    ["of another reader", (text: string) => text.replace(`"version":${VOC_READER_VERSION}`, '"version":0')],
    ["of nonsense", (text: string) => text.replaceAll("[", "{")],
    ["of wrong types", (text: string) => text.replaceAll('"cup"', "7").replaceAll("20", '"20"')],
    ["of nulls", (text: string) => text.replaceAll(/^\[.*$/gm, "null")],
    ["of boxes without a side", (text: string) => text.replaceAll(",3,20,", ",3,")],
  ])("that is %s is no harm", async (_, damage) => {
    const first = summary(await load());
    const text = await readFile(index(), "utf8");
    expect(damage(text)).not.toBe(text);
    await writeFile(index(), damage(text));
    expect(summary(await load())).toEqual(first);
  });

  test("counts for the origin alone by which the files were read", async () => {
    await load();
    expect((await load({ origin: 1 })).images[0]?.boxes[0]).toMatchObject({ xmin: 1, ymin: 2, xmax: 20 });
    expect((await load()).images[0]?.boxes[0]).toMatchObject({ xmin: 2, ymin: 3, xmax: 20 });
  });

  test("of two who write it at once is whole, and says what the files say", async () => {
    const first = summary(await load());
    await rm(index());
    await Promise.all([load(), load(), load()]);
    const lines = (await readFile(index(), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(Array(5).fill("object"));
    expect(summary(await load())).toEqual(first);
  });

  test(`version ${VOC_READER_VERSION} of the reader says this of this file; who changes that raises the version`, async () => {
    await put(
      annotation("e"),
      `${xml("jug").replace("</annotation>", "")}<object><name>x</name></object></annotation>`,
    );
    expect(readVocFile(annotation("e")).said).toEqual({
      filename: "",
      size: { width: 40, height: 30 },
      boxes: [
        { label: "jug", xmin: 2, ymin: 3, xmax: 20, ymax: 25, difficult: false, truncated: true, occluded: false },
      ],
      problems: ["object 2 was left out: x has no bndbox"],
    });
  });
});

describe("files that nobody has read yet", () => {
  test("say the same as files that were read before, whoever asks first", async () => {
    const whole = summary(await load());
    for (const first of ["labels", "boxes", "nothing"] as const) {
      await rm(join(root, ".vitrine"), { recursive: true });
      const set = await load({ check: "behind" });
      expect(set.images.map(({ isRead }) => isRead)).toEqual([false, false, false, false]);
      expect(set.labelsSoFar).toEqual([]);
      if (first === "labels") expect(set.labels).toEqual(["cup", "plate"]);
      if (first === "boxes") expect(set.images[1]?.boxes[0]?.xmax).toBe(40);
      await set.whenChecked();
      expect(set.unread).toBe(0);
      expect(summary(set)).toMatchObject({ images: whole.images, labels: whole.labels });
      // What is wrong with d is told once, and no more that no file is about it: there is one.
      expect(summary(set).problems).toEqual(whole.problems.filter((problem) => !problem.startsWith("JPEGImages/d")));
    }
  });

  test("what was drawn over them before comes back, and undo leads to what they say", async () => {
    const before = await load();
    before.addLabel("jug");
    before.changeBoxesForImage(0, [{ label: "jug", xmin: 1, ymin: 1, xmax: 9, ymax: 9 }]);
    const set = await load({ check: "behind" });
    expect(set.images[0]?.boxes.map(({ label }) => label)).toEqual(["jug"]);
    expect(set.labels).toEqual(["cup", "plate", "jug"]);
    set.changeBoxesForImage(1, [{ label: "plate", xmin: 1, ymin: 1, xmax: 9, ymax: 9 }]);
    set.undo();
    expect(set.images[1]?.boxes[0]).toMatchObject({ label: "plate", xmin: 2, xmax: 40 });
  });

  test("a label that stands in another file is known before that file was read", async () => {
    const set = await load({ check: "behind" });
    set.changeBoxesForImage(0, [{ label: "plate", xmin: 1, ymin: 1, xmax: 9, ymax: 9 }]);
    expect(set.images[0]?.boxes[0]?.label).toBe("plate");
    expect(() => set.changeBoxesForImage(0, [{ label: "spoon", xmin: 1, ymin: 1, xmax: 9, ymax: 9 }])).toThrow("spoon");
  });

  test("are not written by saveAnnotations, changed ones are", async () => {
    const set = await load({ check: "behind" });
    expect(await set.saveAnnotations()).toBe(0);
    expect(set.images.every(({ isRead }) => !isRead)).toBe(true);
    set.changeBoxesForImage(0, []);
    expect(await set.saveAnnotations()).toBe(1);
    expect((await load()).images[0]?.boxes).toEqual([]);
  });

  test("a split by label and an export have what they say, and leave out what can't be used", async () => {
    const set = await load({ check: "behind" });
    await set.export(`${root}-out`, { format: "jsonl" });
    const again = await ObjectDetectionDataset.createFromJsonLines("out", `${root}-out`);
    await rm(`${root}-out`, { recursive: true });
    expect(again.images.map(({ name, boxes }) => [name, boxes[0]?.label])).toEqual([
      ["a.png", "cup"],
      ["b.png", "plate"],
    ]);
    const parts = set.split({ trainSize: 1 });
    expect(parts.map((part) => part.size())).toEqual([1, 1]);
  });

  test("the tool shows what was found so far, and lists no more what turned out to be unusable", async () => {
    await writeFile(
      join(root, "JPEGImages", "b.png"),
      (await readFile(join(root, "JPEGImages", "b.png"))).subarray(0, 900),
    );
    const set = await load({ check: "behind" });
    const ui = new AnnotationUI(set, { gridSize: [1, 1] });
    const state = () => (ui as unknown as { state: BoxesState }).state;
    expect(state()).toMatchObject({ matching: 4, labels: ["cup"], counts: [1], unread: 4, problemCount: 0 });
    await set.whenChecked();
    expect(state()).toMatchObject({ matching: 1, labels: ["cup", "plate"], counts: [1, 0], unread: 0 });
    expect(state().problemCount).toBe(set.problems.length);
    ui.close();
  });

  test("a picture whose size only decoding tells has its boxes then", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
    await mkdir(join(root, "odd"), { recursive: true });
    await writeFile(join(root, "JPEGImages", "a.png"), svg);
    const set = await load({ check: "behind" });
    expect(set.images[0]?.problem).toBeUndefined();
    await set.whenChecked();
    expect(set.images[0]?.problem).toContain("it begins with");
    expect(set.images[0]?.boxes).toEqual([]);
  });
});

describe("a picture's size before it was decoded", () => {
  test.each(["jpeg", "png", "webp", "tiff", "avif"] as const)(
    "is as displayed in %s, by EXIF's orientation",
    async (format) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const turned = await noiseImage(40, 30, 3).withMetadata({ orientation }).toFormat(format).toBuffer();
        const { autoOrient } = await sharp(turned).metadata();
        await put(join(root, "JPEGImages", "a.png"), turned);
        const [image] = (await load({ check: "behind", unannotated: "include" })).images;
        expect([orientation, image?.width, image?.height]).toEqual([orientation, autoOrient.width, autoOrient.height]);
      }
    },
  );
});
