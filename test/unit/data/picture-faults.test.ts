import { chmod, mkdir, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { inspect } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { contactSheet, thumbnail } from "../../../src/kernel-lib/data/thumbnail.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { outputOf, spawnWithLibrary } from "./built-library.js";
import { noise, noiseImage, put, sharp, temporaryFolder, zeroPng } from "./pictures.js";

let folder: string;
let jpeg: Buffer;
beforeAll(async () => {
  folder = await temporaryFolder();
  jpeg = await noiseImage(120, 90).jpeg({ quality: 90 }).toBuffer();
});

const refusal = (path: string, options = {}): Promise<VitrineError> =>
  decodeImage(path, options).then(
    () => expect.unreachable(`${path} was decoded`),
    (error: unknown) => (isVitrineError(error) ? error : Promise.reject(error as Error)),
  );

describe("one bad picture gets a typed error that names the file", () => {
  test("an empty file", async () => {
    const error = await refusal(await put(join(folder, "empty.jpg"), ""));
    expect(error.code).toBe("InvalidImage");
    expect(error.message).toBe(`${folder}/empty.jpg: not a picture that can be read: the file is empty`);
  });

  test.each([0.1, 0.5, 0.9])("a JPEG cut off at %d of its length", async (share) => {
    const path = await put(join(folder, `cut-${share}.jpg`), jpeg.subarray(0, Math.floor(jpeg.length * share)));
    expect(await refusal(path)).toMatchObject({ code: "InvalidImage", details: { path } });
    await expect(thumbnail(path, 50)).rejects.toMatchObject({ code: "InvalidImage" });
  });

  test.each(["png", "webp", "gif", "tiff"] as const)("a %s cut off in the middle", async (format) => {
    const whole = await noiseImage(120, 90)[format]().toBuffer();
    const path = await put(join(folder, `cut.${format}`), whole.subarray(0, whole.length >> 1));
    expect(await refusal(path)).toMatchObject({ code: "InvalidImage", details: { path } });
  });

  test("text named .jpg", async () => {
    const error = await refusal(await put(join(folder, "text.jpg"), "Dear reader, this is no picture.\n"));
    expect(error.code).toBe("InvalidImage");
    expect(error.message).toContain('it begins with "Dear rea", as no JPEG, PNG, WebP, GIF or TIFF does');
  });

  test("a drawing in SVG and a BMP", async () => {
    expect((await refusal(await put(join(folder, "x.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>'))).code).toBe(
      "InvalidImage",
    );
    expect((await refusal(await put(join(folder, "x.bmp"), "BM1234567890"))).message).toContain("save it as PNG");
  });

  test.each(["heic", "heix", "hevc", "heim"])(
    "a phone's picture of the brand %s is told to be saved as JPEG",
    async (brand) => {
      const bytes = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`)]);
      const path = await put(join(folder, `${brand}.heic`), Buffer.concat([bytes, Buffer.alloc(100)]));
      expect((await refusal(path)).message).toBe(
        `${path}: not a picture that can be read: HEIC is not supported, save it as JPEG`,
      );
    },
  );

  test("a PNG named .jpg is a PNG", async () => {
    const path = await put(join(folder, "png.jpg"), await noiseImage(9, 9).png().toBuffer());
    expect(Buffer.from((await decodeImage(path)).data)).toEqual(noise(9, 9));
  });

  test("no file, a folder, a named pipe", async () => {
    expect(await refusal(join(folder, "nothing.jpg"))).toMatchObject({
      code: "MissingFile",
      details: { reason: "there is no such file" },
    });
    expect(await refusal(folder)).toMatchObject({ code: "MissingFile", details: { reason: "it is a folder" } });
    execFileSync("mkfifo", [join(folder, "pipe.jpg")]);
    expect(await refusal(join(folder, "pipe.jpg"))).toMatchObject({
      code: "MissingFile",
      details: { reason: "it is not a regular file" },
    });
  });

  test("a file that may not be read", async () => {
    const path = await put(join(folder, "secret.png"), await noiseImage(4, 4).png().toBuffer());
    await chmod(path, 0);
    // The super-user may read everything: step down for the moment.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await refusal(path)).toMatchObject({
        code: "MissingFile",
        details: { reason: "it may not be read (permissions)" },
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test("options in brackets in a name are part of the name", async () => {
    const path = await put(join(folder, "a[page=1,shrink=8].jpg"), jpeg);
    expect(await decodeImage(path)).toMatchObject({ width: 120, height: 90 });
  });
});

describe("too many pixels are refused before decoding", () => {
  test.each([
    [20000, 1],
    [13000, 8],
  ] as const)("%d square at %d bit, with less than 100 MB of memory", async (side, depth) => {
    const path = await put(join(folder, `${side}.png`), await zeroPng(side, side, depth));
    const error = await refusal(path);
    expect(error).toMatchObject({
      code: "ImageTooLarge",
      details: { path, width: side, height: side, limit: 100_000_000 },
    });
    const script = `
      await lib.decodeImage(${JSON.stringify(join(folder, "tiny.png"))});
      const before = process.resourceUsage().maxRSS;
      const error = await lib.decodeImage(${JSON.stringify(path)}).catch((e) => e);
      console.log(JSON.stringify({ code: error.code, megabytes: (process.resourceUsage().maxRSS - before) / 1024 }));`;
    await put(join(folder, "tiny.png"), await noiseImage(2, 2).png().toBuffer());
    const { code, megabytes } = JSON.parse(await outputOf(spawnWithLibrary(script))) as {
      code: string;
      megabytes: number;
    };
    expect(code).toBe("ImageTooLarge");
    expect(megabytes).toBeLessThan(100);
  });

  test("a file of 600 MB is refused by its first megabyte", async () => {
    const path = await put(join(folder, "long.png"), (await zeroPng(13000, 13000, 8)).subarray(0, 100_000));
    await truncate(path, 600 << 20);
    const before = process.memoryUsage().rss;
    expect((await refusal(path)).code).toBe("ImageTooLarge");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
    await unlink(path);
  });

  test("the limit is the caller's to set, and counts exactly", async () => {
    const path = await put(join(folder, "ten.png"), await noiseImage(10, 10).png().toBuffer());
    expect((await refusal(path, { maxPixels: 99 })).code).toBe("ImageTooLarge");
    expect(await decodeImage(path, { maxPixels: 100 })).toMatchObject({ width: 10 });
  });
});

describe("a folder with bad pictures", () => {
  test("loads the good ones and lists the bad ones with reasons", async () => {
    const root = join(folder, "mixed");
    const good = await noiseImage(30, 20).png().toBuffer();
    await put(join(root, "cup", "good.png"), good);
    await put(join(root, "cup", "good.jpg"), await noiseImage(30, 20, 2).png().toBuffer());
    await put(join(root, "cup", "empty.jpg"), "");
    await put(join(root, "cup", "notes.txt"), "bought in May");
    await put(join(root, "cup", "half.jpg"), jpeg.subarray(0, jpeg.length >> 1));
    await put(join(root, "cup", "huge.png"), await zeroPng(13000, 13000, 8));
    const frames = { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } } as const;
    await put(join(root, "cup", "moving.gif"), await sharp(noise(8, 16), frames).gif().toBuffer());
    await put(join(root, "cup", ".hidden.jpg"), "hidden");
    await put(join(root, ".vitrine", "x.jpg"), "ours");
    await put(join(root, "cup", "@eaDir", "small.jpg"), good);
    await put(join(root, "__MACOSX", "cup", "good.jpg"), good);
    await put(join(root, "$RECYCLE.BIN", "good.jpg"), good);
    await put(join(root, "loose.png"), good);
    await put(join(root, "README.md"), "no picture, no problem");
    await symlink(join(root, "gone"), join(root, "cup", "dangling.png"));
    await symlink(root, join(root, "cup", "circle"));
    await symlink("itself", join(root, "cup", "itself"));
    const set = await ClassificationDataset.createFromDir("mixed", root);
    expect(set.images.map(({ name }) => name)).toEqual(["good.jpg", "good.png", "moving.gif"]);
    const reasons = Object.fromEntries(set.problems.map(({ path, reason }) => [path.slice(root.length + 1), reason]));
    expect(reasons).toEqual({
      "cup/circle": "it is a link to a folder that contains it",
      "cup/dangling.png": "there is no such file",
      "cup/empty.jpg": "the file is empty",
      "cup/half.jpg": expect.stringMatching(/\w+/) as string,
      "cup/huge.png": "13000 × 13000 pixels are over the limit of 100000000",
      "cup/itself": "its symbolic links lead in a circle",
      "cup/moving.gif": "of its 2 frames only the first is used",
      "cup/notes.txt": 'it begins with "bought i", as no JPEG, PNG, WebP, GIF or TIFF does',
      "loose.png": "it lies in no label's folder",
    });
    expect(set.labels).toEqual(["cup"]);
    // Of the moving picture the first frame is there: not all that is told was left out.
    expect(inspect(set)).toContain("Problems (9):");
  });

  test("any name will do: blanks, quotes, emoji, a newline, markup, __proto__, dots, 255 bytes, not UTF-8", async () => {
    const root = join(folder, "names");
    const names = [
      " ",
      "a b",
      `'"`,
      "🥣",
      "two\nlines",
      "<script>alert(1)</script>",
      "__proto__",
      "constructor",
      "...x",
      "..%2f..",
      "-rf",
      "é".repeat(127) + "x",
    ].filter((name) => !name.startsWith("."));
    for (const name of names) {
      await put(
        join(root, name.replaceAll("/", "∕"), `${name.replaceAll("/", "∕").slice(0, 60)}.png`),
        await noiseImage(5, 5).png().toBuffer(),
      );
    }
    await put(join(root, "long", `${"x".repeat(251)}.png`), await noiseImage(5, 5).png().toBuffer());
    await writeFile(
      Buffer.concat([Buffer.from(join(root, "long", "bad-")), Buffer.from([0xff]), Buffer.from(".png")]),
      "x",
    );
    const set = await ClassificationDataset.createFromDir("names", root);
    expect(set.size()).toBe(names.length + 1);
    expect(set.labels).toContain("__proto__");
    expect(set.counts().get("__proto__")).toBe(1);
    expect(set.counts().get("constructor")).toBe(1);
    expect(set.problems).toHaveLength(1);
    expect(set.problems[0]?.reason).toContain("its name is not UTF-8");
    const html = (set as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]?.()[
      "text/html"
    ];
    expect(html).not.toContain("<script>");
    expect(html).toMatch(/<p>Problems \(1\):<\/p><ul><li>.*its name is not UTF-8.*<\/li><\/ul>$/);
    expect(html).toContain("&#60;script&#62;");
    const long = set.images.find(({ name }) => name.startsWith("xxx"));
    expect(Buffer.byteLength(long?.name ?? "")).toBe(255);
    set.changeLabelForImage(long ?? 0, "two\nlines");
    const again = await ClassificationDataset.createFromDir("names", root);
    expect(again.images.find(({ name }) => name.startsWith("xxx"))?.labels).toEqual(["two\nlines"]);
    const sheet = await contactSheet(
      set.images.map((image) => ({ source: image.storagePath, caption: image.name })),
      { columns: 4, side: 64 },
    );
    expect((await decodeImage(sheet.bytes)).width).toBe(sheet.width);
  });

  test("nothing there, a file, no sub-folder, nothing readable: refused with the reason", async () => {
    const create = (path: string) => ClassificationDataset.createFromDir("x", path);
    await expect(create(join(folder, "nowhere"))).rejects.toMatchObject({ code: "MissingFile" });
    await expect(create(await put(join(folder, "file"), "x"))).rejects.toThrow("it is a file");
    await mkdir(join(folder, "flat"));
    await put(join(folder, "flat", "a.png"), await noiseImage(4, 4).png().toBuffer());
    await expect(create(join(folder, "flat"))).rejects.toThrow(
      "there is none, and the picture that lies in it can have no label",
    );
    await put(join(folder, "bad", "cup", "a.png"), "");
    await expect(create(join(folder, "bad"))).rejects.toMatchObject({ code: "InvalidDataset" });
    await expect(create("")).rejects.toMatchObject({ code: "InvalidOption" });
  });

  test("a signal stops the reading", async () => {
    const root = join(folder, "many");
    for (let i = 0; i < 30; i++) await put(join(root, "cup", `${i}.png`), await noiseImage(40, 40, i).png().toBuffer());
    const controller = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }) => {
      seen.push(done);
      if (done === 5) controller.abort();
    };
    const options = { signal: controller.signal, concurrency: 2, onProgress };
    await expect(ClassificationDataset.createFromDir("many", root, options)).rejects.toMatchObject({ code: "Stopped" });
    expect(seen.length).toBeLessThan(10);
  });
});

describe("thumbnails", () => {
  test("fit, keep their shape, stand upright and are never enlarged", async () => {
    const upright = await noiseImage(100, 50).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await thumbnail(upright, 40)).toMatchObject({ width: 20, height: 40, mime: "image/jpeg" });
    expect(await thumbnail(await noiseImage(10, 8).png().toBuffer(), 40)).toMatchObject({ width: 10, height: 8 });
    expect(await thumbnail(await noiseImage(1, 5000).png().toBuffer(), 200)).toMatchObject({ width: 1, height: 200 });
  });

  test("a contact sheet shows a bad picture as a grey field", async () => {
    const path = await put(
      join(folder, "sheet.png"),
      await sharp({ create: { width: 64, height: 64, channels: 3, background: "#ff0000" } })
        .png()
        .toBuffer(),
    );
    const sheet = await contactSheet([{ source: path, caption: "<&>" }, { source: join(folder, "none.png") }], {
      columns: 2,
      side: 64,
    });
    const { data, width } = await decodeImage(sheet.bytes);
    const at = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
    expect(at(38, 38)[0]).toBeGreaterThan(240);
    expect(at(38, 38)[1]).toBeLessThan(30);
    expect(at(80, 10).every((value) => Math.abs(value - 0xdd) < 6)).toBe(true);
    await expect(contactSheet([], { columns: 0, side: 64 })).rejects.toThrow(
      "Expected an integer between 1 and 100 for columns",
    );
  });
});
