/** Names as people have them: of many letters, in capitals or not, composed or not; and users that have none. */
import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { outputOf, spawnWithLibrary } from "./built-library.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const png = await noiseImage(20, 10).png().toBuffer();

test("a name of 84 letters of three bytes each is written as any other", async () => {
  const root = join(folder, "long");
  await put(join(root, "JPEGImages", `${"照".repeat(83)}.png`), png);
  const set = await ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
  set.addLabel("杯");
  set.changeBoxesForImage(0, [{ label: "杯", xmin: 1, ymin: 1, xmax: 5, ymax: 5 }]);
  expect(await set.saveAnnotations()).toBe(1);
  expect(await readdir(join(root, "Annotations"))).toEqual([`${"照".repeat(83)}.xml`]);
  const out = join(folder, "出".repeat(80));
  await set.export(out, { format: "voc" });
  expect((await ObjectDetectionDataset.createFromDir("again", out)).images[0]?.boxes).toEqual(set.images[0]?.boxes);
});

test.each(["voc", "coco", "yolo", "csv", "jsonl"] as const)(
  "names with blanks at their ends, as %s",
  async (format) => {
    const root = join(folder, "blanks");
    const names = [" a.png", "b b .png", "c.png"];
    for (const name of names) await put(join(root, "JPEGImages", name), png);
    const set = await ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
    set.addLabel("cup");
    set.changeBoxesOf(new Map(names.map((_, at) => [at, [{ label: "cup", xmin: at, ymin: 1, xmax: 9, ymax: 5 }]])));
    const out = join(folder, `blanks-${format}`);
    await set.export(out, { format, overwrite: true });
    const readers = {
      voc: "createFromDir",
      coco: "createFromCoco",
      yolo: "createFromYolo",
      csv: "createFromCsv",
    } as const;
    const back = await ObjectDetectionDataset[format === "jsonl" ? "createFromJsonLines" : readers[format]](
      "back",
      out,
    );
    expect(back.problems).toEqual([]);
    expect(back.images.map(({ name, boxes }) => [name, boxes[0]?.xmin])).toEqual(names.map((name, at) => [name, at]));
  },
);

test("a table by hand has blanks around its cells, and now and then none; a name that begins with one is a name", async () => {
  const root = join(folder, "by-hand");
  for (const name of [" a.png", "b.png"]) await put(join(root, name), png);
  const rows = [
    "class, filename , xmin, ymin, xmax, ymax",
    "cup, a.png, 1, 1, 9, 5",
    "cup, b.png, 2, 1, 9, 5",
    "jug,b.png,3,1,9,5",
  ];
  await put(join(root, "annotations.csv"), rows.join("\n"));
  const set = await ObjectDetectionDataset.createFromCsv("set", root);
  expect(set.problems).toEqual([]);
  expect(set.images.map(({ name, boxes }) => [name, boxes.map(({ xmin }) => xmin)])).toEqual([
    [" a.png", [1]],
    ["b.png", [2, 3]],
  ]);
});

test("labels that look alike are named where the data set shows itself", async () => {
  const root = join(folder, "alike");
  for (const label of ["Cup", "cup", "e\u0301", "\u00e9", "plate", "plate "])
    await put(join(root, label, "a.png"), png);
  const set = await ClassificationDataset.createFromDir("set", root);
  expect(set.labels).toHaveLength(6);
  const said = inspect(set);
  expect(said).toContain('Look alike, and count as 2 labels: "Cup", "cup".');
  expect(said).toContain('count as 2 labels: "plate", "plate ".');
  expect(said.match(/Look alike/g)).toHaveLength(3);
});

test.skipIf(process.getuid?.() !== 0)(
  "a user without a name, as containers have them, can work (only root can become one)",
  async () => {
    const root = join(folder, "nameless");
    await put(join(root, "cup", "a.png"), png);
    const home = join(folder, "home");
    await mkdir(home);
    await chmod(home, 0o777);
    const script = `
    process.chdir(${JSON.stringify(home)});
    process.setuid(54321);
    let name = "none";
    try { name = require("node:os").userInfo().username; } catch {}
    const set = await lib.ClassificationDataset.createFromDir("set", ${JSON.stringify(root)});
    set.addLabel("plate");
    set.changeLabelForImage(0, "plate");
    console.log(JSON.stringify([name, set.historyOf(0)[0].user, lib.Context.global().tempPath]));`;
    const said = await outputOf(spawnWithLibrary(script, { XDG_DATA_HOME: home, HOME: home, TMPDIR: home }));
    expect(JSON.parse(said)).toEqual(["none", "54321", join(home, "vitrine-54321")]);
  },
);
