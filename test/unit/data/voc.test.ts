/** Pascal VOC: what each bad annotation gets, and that the fast reader and fast-xml-parser agree. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readVoc } from "../../../src/kernel-lib/data/formats/voc-annotation.js";
import { parseXml, XmlRefusal, type XmlElement } from "../../../src/kernel-lib/data/formats/xml.js";
import { uprightBox } from "../../../src/kernel-lib/data/formats/upright-boxes.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { noiseImage, put, sharp, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
const picture = await noiseImage(40, 30).png().toBuffer();
let count = 0;

type Corner = number | string;

const box = (xmin: Corner = 2, ymin: Corner = 3, xmax: Corner = 20, ymax: Corner = 25, name = "cup", more = "") =>
  `<object><name>${name}</name>${more}<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
const size = (width: number, height: number) =>
  `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
const voc = (objects: string, header = `<filename>a.png</filename>${size(40, 30)}`) =>
  `<annotation>${header}${objects}</annotation>`;

/** A folder with one picture a.png, a good second one, and the given annotation of the first. */
async function load(xml: string | Uint8Array | undefined, options: object = {}) {
  const root = join(folder, `set-${++count}`);
  await put(join(root, "JPEGImages", "a.png"), picture);
  await put(join(root, "JPEGImages", "b.png"), picture);
  if (xml !== undefined) await put(join(root, "Annotations", "a.xml"), xml);
  await put(join(root, "Annotations", "b.xml"), voc(box(), "<filename>b.png</filename>"));
  const set = await ObjectDetectionDataset.createFromDir("set", root, options);
  const boxes = set.images.find(({ name }) => name === "a.png")?.boxes;
  return { set, root, boxes, reasons: set.problems.map(({ reason }) => reason) };
}

const whole = {
  label: "cup",
  xmin: 2,
  ymin: 3,
  xmax: 20,
  ymax: 25,
  difficult: false,
  truncated: false,
  occluded: false,
};

describe("good annotations of all kinds", () => {
  test.each<[string, string | Uint8Array]>([
    ["plain", voc(box())],
    ["no size", voc(box(), "<filename>a.png</filename>")],
    ["a size of 0", voc(box(), `<filename>a.png</filename>${size(0, 0)}`)],
    ["a Windows path and no filename", voc(box(), String.raw`<path>C:\pictures\a.png</path>`)],
    ["a filename with a folder", voc(box(), "<filename>../../etc/a.png</filename>")],
    ["a byte order mark", "\ufeff" + voc(box())],
    ["UTF-16, little-endian with a mark", Buffer.from("\ufeff" + voc(box()), "utf16le")],
    ["UTF-16, little-endian without", Buffer.from(voc(box()), "utf16le")],
    ["UTF-16, big-endian with a mark", Buffer.from("\ufeff" + voc(box()), "utf16le").swap16()],
    ["a declaration", `<?xml version="1.0" encoding="UTF-8"?>\n${voc(box())}`],
    ["Latin-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${voc(box())}`, "latin1")],
    [
      "comments, CDATA, attributes, references",
      `<!-- by hand -->${voc(box(2, 3, 20, 25, "<![CDATA[cu]]>&#112;")).replace("<object>", '<object id="1">')}`,
    ],
    ["another name inside than outside", voc(box(), "<filename>renamed.png</filename>")],
  ])("%s", async (_, xml) => {
    const { boxes, reasons } = await load(xml);
    expect(boxes).toEqual([whole]);
    expect(reasons).toEqual([]);
  });

  test("fractions stay, flags are read, letters of all scripts are labels", async () => {
    const { boxes } = await load(
      voc(
        box(
          2.25,
          3.5,
          20.75,
          25.125,
          "Tasse ☕",
          "<truncated>1</truncated><difficult>1</difficult><occluded>true</occluded>",
        ),
      ),
    );
    const flags = { difficult: true, truncated: true, occluded: true };
    expect(boxes).toEqual([{ label: "Tasse ☕", xmin: 2.25, ymin: 3.5, xmax: 20.75, ymax: 25.125, ...flags }]);
  });

  test("the challenge's own files count from 1, and others where the caller says so", async () => {
    const edges = { ...whole, xmin: 0, ymin: 0, xmax: 40, ymax: 30 };
    const source = "<source><database>The VOC2007 Database</database></source>";
    expect((await load(voc(box(1, 1, 40, 30), source))).boxes).toEqual([edges]);
    expect((await load(voc(box(1, 1, 40, 30)), { origin: 1 })).boxes).toEqual([edges]);
    expect((await load(voc(box(1, 1, 40, 30), source), { origin: 0 })).boxes).toEqual([{ ...edges, xmin: 1, ymin: 1 }]);
  });
});

describe("objects that can't be", () => {
  test.each([
    ["inverted", box(20, 3, 2, 25), "object 1 (cup) was left out: xmin 20 is not below xmax 2"],
    ["zero", box(2, 3, 20, 3), "object 1 (cup) was left out: ymin 3 is not below ymax 3"],
    [
      "outside",
      box(50, 3, 60, 25),
      "object 1 (cup) was left out: 50, 3 to 60, 25 is outside the picture's 40 × 30 pixels",
    ],
    [
      "negative, wholly",
      box(-9, 3, -2, 25),
      "object 1 (cup) was left out: -9, 3 to -2, 25 is outside the picture's 40 × 30 pixels",
    ],
    ["no number", box("NaN"), 'object 1 was left out: cup has "NaN" for xmin'],
    ["too big a number", box(0, 0, "1e999"), "object 1 (cup) was left out: 0, 0 to Infinity, 25 are no numbers"],
    ["hexadecimal", box("0x2"), 'object 1 was left out: cup has "0x2" for xmin'],
    [
      "a missing corner",
      "<object><name>cup</name><bndbox><xmin>1</xmin></bndbox></object>",
      "object 1 was left out: cup has no ymin",
    ],
    ["no box", "<object><name>cup</name></object>", "object 1 was left out: cup has no bndbox"],
    ["no name", "<object><bndbox/></object>", "object 1 was left out: it has no name"],
    ["a name of spaces", box(2, 3, 20, 25, "   "), "object 1 was left out: it has no name"],
  ])("%s: left out and listed, the picture stays", async (_, object, reason) => {
    const { set, boxes, root } = await load(voc(object));
    expect(boxes).toEqual([]);
    expect(set.problems).toEqual([{ path: join(root, "Annotations", "a.xml"), reason }]);
  });

  test("what sticks out is cut, and said", async () => {
    const { boxes, reasons } = await load(voc(box(-4, 3, 44, 25)));
    expect(boxes).toEqual([{ ...whole, xmin: 0, xmax: 40 }]);
    expect(reasons).toEqual(["object 1 (cup) was cut: -4, 3 to 44, 25 is not within the picture's 40 × 30 pixels"]);
  });

  test("of two alike one is kept", async () => {
    const { boxes, reasons } = await load(voc(box() + box()));
    expect(boxes).toHaveLength(1);
    expect(reasons).toEqual(["object 2 (cup) was left out: it is there twice"]);
  });

  test("of a label that is not among the given ones", async () => {
    const { set, boxes, reasons } = await load(voc(box() + box(2, 3, 20, 25, "vase")), { labels: ["plate", "cup"] });
    expect(set.labels).toEqual(["plate", "cup"]);
    expect(boxes).toEqual([whole]);
    expect(reasons).toEqual(["object 2 (vase) was left out: its label is not one of the data set's"]);
  });
});

describe("files that can't be", () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${voc(box(2, 3, 20, 25, "&b;"))}`;
  const xxe = `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${voc(box(2, 3, 20, 25, "&f;"))}`;
  const type = "it has a document type, which annotations never need";
  test.each<[string, string | Uint8Array, string | RegExp]>([
    ["an entity bomb", bomb, type],
    ["an external entity", xxe, type],
    ["a document type in UTF-16", Buffer.from("\ufeff" + xxe, "utf16le"), type],
    [
      "an entity that nobody declared",
      voc(box(2, 3, 20, 25, "&cup;")),
      "it uses the entity &cup;, which nobody has declared",
    ],
    [
      "10 MB of character references",
      voc(box(2, 3, 20, 25, "&#97;".repeat(2e6))),
      /^its 1000\d+ bytes are more than an annotation has$/,
    ],
    ["nesting", "<annotation>".repeat(5000) + "</annotation>".repeat(5000), /nested|depth/i],
    ["nothing", "", "the file is empty"],
    ["spaces", " \n ", "the file is empty"],
    ["text", "cup 2 3 20 25", /./],
    ["another root", "<html></html>", "its root is <html>, not <annotation>"],
    ["two roots", voc("") + voc(""), /./],
    ["cut short", voc(box()).slice(0, -20), /./],
    ["a wrong end", voc("<object></name>"), /./],
    [
      "no UTF-8",
      Buffer.from(voc(box(2, 3, 20, 25, "caf\xe9")), "latin1"),
      "it is not UTF-8 and names no other encoding",
    ],
    [
      "an encoding that nobody knows",
      `<?xml version="1.0" encoding="klingon"?>${voc(box())}`,
      "it can't be read as klingon",
    ],
    ["a zero byte", voc(box(2, 3, 20, 25, "c\0p")), "it holds control characters, which XML can't"],
    ["a reference to one", voc(box(2, 3, 20, 25, "c&#0;p")), "&#0; is no character"],
    [
      "a size that contradicts the picture",
      voc(box(), `<filename>a.png</filename>${size(400, 300)}`),
      "it is about a picture of 400 × 300 pixels, but a.png has 40 × 30; both were left out",
    ],
  ])("%s: the picture is left out, with the reason; the others are there", async (_, xml, expected) => {
    const { set, boxes, root, reasons } = await load(xml);
    expect(boxes).toBeUndefined();
    expect(set.images.map(({ name }) => name)).toEqual(["b.png"]);
    expect(set.problems[0]?.path).toBe(join(root, "Annotations", "a.xml"));
    expect(reasons[0]).toMatch(expected);
  });

  test("a file of references just under the limit is read in no time", () => {
    const label = "&#97;".repeat(800_000);
    expect(readVoc(parseXml(Buffer.from(voc(box(2, 3, 20, 25, label))))).boxes[0]?.label).toHaveLength(800_000);
  });
});

describe("pictures and annotations that don't meet", () => {
  test("a picture without an annotation is left out, unless it is to be annotated or was", async () => {
    const { set, root, reasons } = await load(undefined);
    expect(set.images.map(({ name }) => name)).toEqual(["b.png"]);
    expect(reasons).toEqual([
      'no annotation file is about it; it was left out (to annotate it, load with { unannotated: "include" })',
    ]);
    const all = await ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
    expect(all.images.map(({ name }) => name)).toEqual(["a.png", "b.png"]);
    expect(all.problems).toEqual([]);
    all.changeBoxesForImage(0, [{ label: "cup", xmin: 0, ymin: 0, xmax: 4, ymax: 4 }]);
    const again = await ObjectDetectionDataset.createFromDir("set", root);
    expect(again.images.map(({ boxes }) => boxes.length)).toEqual([1, 1]);
  });

  test("an annotation without a picture, and two about one", async () => {
    const root = join(folder, "lonely");
    await put(join(root, "JPEGImages", "a.png"), picture);
    await put(join(root, "Annotations", "a.xml"), voc(box()));
    await put(join(root, "Annotations", "b.xml"), voc(box(), "<filename>gone.png</filename>"));
    await put(join(root, "Annotations", "c.xml"), voc(box(), "<filename>a.png</filename>"));
    const set = await ObjectDetectionDataset.createFromDir("set", root);
    expect(set.size()).toBe(1);
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      `its picture "gone.png" is not in ${join(root, "JPEGImages")}`,
      `a.png has an annotation already: ${join(root, "Annotations", "a.xml")}`,
    ]);
  });

  test("no folder of pictures, no folder of annotations, nothing that can be used", async () => {
    const root = join(folder, "bare");
    await expect(ObjectDetectionDataset.createFromDir("set", root)).rejects.toThrow("expected a folder of pictures");
    mkdirSync(join(root, "JPEGImages"), { recursive: true });
    await expect(ObjectDetectionDataset.createFromDir("set", root)).rejects.toThrow("XML files");
    const refused = ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
    await expect(refused).rejects.toSatisfy((error) => isVitrineError(error, "InvalidDataset"));
    writeFileSync(join(root, "JPEGImages", "a.jpg"), "no picture");
    const bad = ObjectDetectionDataset.createFromDir("set", root, { unannotated: "include" });
    await expect(bad).rejects.toThrow("a.jpg");
  });
});

describe("EXIF orientation", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "%i: a box drawn on the stored picture is on the same thing upright",
    async (orientation) => {
      // One white rectangle on black; where it is when upright is what sharp says.
      const stored = { ...whole, xmin: 4, ymin: 2, xmax: 14, ymax: 8 };
      const spot = { create: { width: 10, height: 6, channels: 3 as const, background: "white" } };
      const base = sharp({ create: { width: 40, height: 30, channels: 3, background: "black" } });
      const composed = await base
        .composite([{ input: await sharp(spot).png().toBuffer(), left: 4, top: 2 }])
        .png()
        .toBuffer();
      const turned = await sharp(composed).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer();
      const upright = await sharp(turned).autoOrient().greyscale().raw().toBuffer({ resolveWithObject: true });
      const lit = [...upright.data.keys()].filter((i) => (upright.data[i] ?? 0) > 128);
      const xs = lit.map((i) => i % upright.info.width);
      const ys = lit.map((i) => Math.floor(i / upright.info.width));
      const seen = {
        xmin: Math.min(...xs),
        ymin: Math.min(...ys),
        xmax: Math.max(...xs) + 1,
        ymax: Math.max(...ys) + 1,
      };
      expect(uprightBox(stored, { width: 40, height: 30 }, orientation)).toMatchObject(seen);
      // Only a size that is turned tells a file that it was made on the stored picture.
      if (orientation < 5) return;
      const root = join(folder, `exif-${orientation}`);
      await put(join(root, "JPEGImages", "a.jpg"), turned);
      await put(join(root, "Annotations", "a.xml"), voc(box(4, 2, 14, 8)));
      const set = await ObjectDetectionDataset.createFromDir("set", root);
      expect(set.images[0]).toMatchObject({ width: 30, height: 40 });
      expect(set.images[0]?.boxes[0]).toMatchObject(seen);
      expect(set.problems).toEqual([]);
    },
  );
});

describe("the fast reader", () => {
  const name = fc.stringMatching(/^[a-zA-Z_][\w.-]{0,5}$/);
  const text = fc.stringMatching(/^[ -%'-;=?-~\u00e9\u4e2d\n]{0,12}$/).map((t) => t.replaceAll("]]>", ""));
  const tree: fc.Memo<XmlElement> = fc.memo((n) =>
    fc.record({ name, text, children: n > 1 ? fc.array(tree(n - 1), { maxLength: 3 }) : fc.constant([]) }),
  );
  const written = ({ name, text, children }: XmlElement): string =>
    `<${name}>${text}${children.map(written).join("\n ")}</${name}>`;

  test("gives the tree that fast-xml-parser gives", () => {
    fc.assert(
      fc.property(tree(4), (root) => {
        const plain = written(root);
        // A comment sends the same text through the other reader.
        expect(parseXml(Buffer.from(plain))).toEqual(parseXml(Buffer.from(`${plain}<!-- -->`)));
      }),
      { numRuns: 300 },
    );
  });

  test("takes and refuses what fast-xml-parser with its validator takes and refuses", () => {
    const outcome = (xml: string): XmlElement | "refused" => {
      try {
        return parseXml(Buffer.from(xml));
      } catch (error) {
        expect(error).toBeInstanceOf(XmlRefusal);
        return "refused";
      }
    };
    const splinters = fc.constantFrom("", "<", ">", "</a>", "<a>", "/", " ", "<?", "-");
    fc.assert(
      fc.property(tree(3), fc.nat(), splinters, (root, at, splinter) => {
        const good = written(root);
        const place = at % good.length;
        const xml = good.slice(0, place) + splinter + good.slice(place + 1);
        expect(outcome(xml)).toEqual(outcome(`${xml}<!-- -->`));
      }),
      { numRuns: 500 },
    );
  });

  test("is the one for all the sample files", () => {
    const dir = "sample_data/fridge/train/Annotations";
    for (const file of readdirSync(dir)) {
      const bytes = readFileSync(join(dir, file));
      expect(parseXml(bytes)).toEqual(parseXml(Buffer.concat([bytes, Buffer.from("<!-- -->")])));
    }
  });
});
