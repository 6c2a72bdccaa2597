import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { noise, noiseImage, sharp } from "./pictures.js";

const raw = (width: number, height: number, channels: 1 | 2 | 3 | 4) => ({ raw: { width, height, channels } });
const pixel = (image: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3),
];

describe("what is decoded", () => {
  test("a PNG comes back byte for byte", async () => {
    const image = await decodeImage(new Uint8Array(await noiseImage(7, 5).png().toBuffer()));
    expect(image).toMatchObject({ width: 7, height: 5, channels: 3 });
    expect(Buffer.from(image.data)).toEqual(noise(7, 5));
  });

  test("grey becomes three equal channels", async () => {
    const image = await decodeImage(
      await sharp(noise(6, 4, 1), raw(6, 4, 1))
        .toColourspace("b-w")
        .png()
        .toBuffer(),
    );
    expect(image.data).toHaveLength(6 * 4 * 3);
    noise(6, 4, 1).forEach((value, i) =>
      expect([...image.data.subarray(3 * i, 3 * i + 3)]).toEqual([value, value, value]),
    );
  });

  test("what is transparent lies over white: grey with alpha, colour with alpha", async () => {
    const grey = Buffer.from([0, 0, 0, 128, 0, 255]);
    const image = await decodeImage(
      await sharp(grey, raw(3, 1, 2))
        .toColourspace("b-w")
        .png()
        .toBuffer(),
    );
    // 0 at alpha 128/255 over 255: 255 * 127/255 = 127.
    expect(pixel(image, 0, 0)).toEqual([255, 255, 255]);
    expect(Math.abs((pixel(image, 1, 0)[0] ?? 0) - 127)).toBeLessThanOrEqual(1);
    expect(pixel(image, 2, 0)).toEqual([0, 0, 0]);
    const colour = await decodeImage(
      await sharp(Buffer.from([10, 20, 30, 0]), raw(1, 1, 4))
        .png()
        .toBuffer(),
    );
    expect(pixel(colour, 0, 0)).toEqual([255, 255, 255]);
  });

  test("16-bit keeps the high byte", async () => {
    const wide = Uint16Array.from([0, 0x8080, 0xffff, 0x1234, 0x4567, 0xabcd]);
    const png = await sharp(wide, raw(2, 1, 3))
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).toBe("ushort");
    const image = await decodeImage(png);
    expect([...image.data]).toEqual([0, 0x80, 0xff, 0x12, 0x45, 0xab]);
    const grey = await sharp(wide, raw(6, 1, 1))
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect((await sharp(grey).metadata()).depth).toBe("ushort");
    expect([...(await decodeImage(grey)).data.filter((_, i) => i % 3 === 0)]).toEqual([
      0, 0x80, 0xff, 0x12, 0x45, 0xab,
    ]);
  });

  test("a palette PNG gives its colours", async () => {
    const four = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
    const png = await sharp(four, raw(2, 2, 3))
      .png({ palette: true, colours: 4, dither: 0 })
      .toBuffer();
    expect(png[25], "colour type of the IHDR: 3 is a palette").toBe(3);
    const { data } = await decodeImage(png);
    four.forEach((value, i) => expect(Math.abs((data[i] ?? 0) - value)).toBeLessThanOrEqual(2));
  });

  test("a CMYK JPEG comes as sRGB", async () => {
    const red = sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 220, g: 30, b: 30 } } });
    const jpeg = await red.toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe("cmyk");
    const [r = 0, g = 0, b = 0] = pixel(await decodeImage(jpeg), 8, 8);
    expect(r).toBeGreaterThan(180);
    expect(g).toBeLessThan(80);
    expect(b).toBeLessThan(80);
  });

  test.each(["jpeg", "webp", "tiff", "gif"] as const)("%s is told by its content", async (format) => {
    const image = await decodeImage(await noiseImage(20, 10)[format]().toBuffer());
    expect(image).toMatchObject({ width: 20, height: 10, channels: 3 });
  });

  test("an animation gives its first frame", async () => {
    const frames = Buffer.concat([Buffer.alloc(8 * 8 * 3, 250), Buffer.alloc(8 * 8 * 3, 3)]);
    const animation = () => sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } });
    for (const bytes of [
      await animation().gif({ loop: 0 }).toBuffer(),
      await animation().webp({ lossless: true }).toBuffer(),
    ]) {
      expect((await sharp(bytes).metadata()).pages).toBe(2);
      const image = await decodeImage(bytes);
      expect(image).toMatchObject({ width: 8, height: 8 });
      expect(pixel(image, 4, 4)[0]).toBeGreaterThan(240);
    }
  });

  test("1 × 1 and 1 × 5000, as they are and resized", async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 5000],
      [5000, 1],
    ] as const) {
      const png = await noiseImage(width, height).png().toBuffer();
      expect(await decodeImage(png)).toMatchObject({ width, height });
      expect(await decodeImage(png, { width: 8, height: 8 })).toMatchObject({ width: 8, height: 8 });
      expect((await decodeImage(png, { width: 8, height: 6, fit: "stretch" })).data).toHaveLength(8 * 6 * 3);
    }
  });
});

describe("EXIF orientation", () => {
  // Which stored corner lies at the displayed top left, top right, bottom left, bottom right. Stored corners: a b over c d.
  // EXIF 2.32, tag 0x0112: "6: the 0th row is the visual right-hand side, the 0th column the visual top", and so on.
  const displayed: Record<number, string> = {
    1: "abcd",
    2: "badc",
    3: "dcba",
    4: "cdab",
    5: "acbd",
    6: "cadb",
    7: "dbca",
    8: "bdac",
  };
  const colours = { a: [255, 0, 0], b: [0, 255, 0], c: [0, 0, 255], d: [255, 255, 255] };

  test.each(Object.entries(displayed))("%s shows the corners as EXIF 2.32 says: %s", async (orientation, corners) => {
    const tile = (background: number[]) =>
      sharp({ create: { width: 24, height: 16, channels: 3, background: `rgb(${background.join()})` } })
        .png()
        .toBuffer();
    const layers = await Promise.all(
      Object.values(colours).map(async (colour, i) => ({
        input: await tile(colour),
        left: 24 * (i % 2),
        top: 16 * Math.floor(i / 2),
      })),
    );
    const jpeg = await sharp({ create: { width: 48, height: 32, channels: 3, background: "black" } })
      .composite(layers)
      .jpeg({ quality: 100, chromaSubsampling: "4:4:4" })
      .withMetadata({ orientation: Number(orientation) })
      .toBuffer();
    const image = await decodeImage(jpeg);
    const swapped = Number(orientation) >= 5;
    expect([image.width, image.height]).toEqual(swapped ? [32, 48] : [48, 32]);
    const seen = [
      [4, 4],
      [image.width - 5, 4],
      [4, image.height - 5],
      [image.width - 5, image.height - 5],
    ].map(([x = 0, y = 0]) => nearest(pixel(image, x, y)));
    expect(seen.join("")).toBe(corners);
    expect(await decodeImage(jpeg, { width: 10, height: 10 })).toMatchObject({ width: 10, height: 10 });
  });

  const nearest = (found: number[]) =>
    Object.entries(colours).find(([, colour]) =>
      colour.every((value, i) => Math.abs(value - (found[i] ?? 0)) < 40),
    )?.[0];
});

describe("resizing", () => {
  test("crop takes the central part: of 30 × 10 in three thirds, the middle one", async () => {
    const thirds = Buffer.alloc(30 * 10 * 3);
    for (let i = 0; i < 300; i++) thirds.fill([10, 128, 240][Math.floor((i % 30) / 10)] ?? 0, 3 * i, 3 * i + 3);
    const image = await decodeImage(
      await sharp(thirds, raw(30, 10, 3))
        .png()
        .toBuffer(),
      { width: 10, height: 10 },
    );
    expect([...image.data].every((value) => value === 128)).toBe(true);
  });

  test("stretch keeps all of it; one side alone keeps the shape", async () => {
    const png = await noiseImage(30, 10).png().toBuffer();
    expect(await decodeImage(png, { width: 12, height: 12, fit: "stretch" })).toMatchObject({ width: 12, height: 12 });
    expect(await decodeImage(png, { width: 15 })).toMatchObject({ width: 15, height: 5 });
    expect(await decodeImage(png, { height: 20 })).toMatchObject({ width: 60, height: 20 });
  });

  test("matches Pillow 13.0.0: central square, Lanczos, 112 px", async () => {
    const fixtures = new URL("../../fixtures/decode/", import.meta.url);
    const expected = await decodeImage(new Uint8Array(await readFile(new URL("photo-112.png", fixtures))));
    const image = await decodeImage(new URL("photo.jpg", fixtures).pathname, { width: 112, height: 112 });
    let sum = 0;
    let worst = 0;
    image.data.forEach((value, i) => {
      const difference = Math.abs(value - (expected.data[i] ?? 0));
      sum += difference;
      worst = Math.max(worst, difference);
    });
    expect(sum / image.data.length).toBeLessThan(0.25);
    expect(worst).toBeLessThanOrEqual(4);
  });

  test.each([
    [{ width: 0 }, "Expected an integer between 1 and 16384 for width but received 0"],
    [{ height: 1.5 }, "Expected an integer between 1 and 16384 for height but received 1.5"],
    [{ fit: "fill" as "crop" }, 'Expected one of "crop", "stretch" for fit but received "fill"'],
    [{ maxPixels: -1 }, "Expected an integer of at least 1 for maxPixels but received -1"],
  ])("%j is refused in a sentence", async (options, message) => {
    await expect(decodeImage(await noiseImage(4, 4).png().toBuffer(), options)).rejects.toThrow(message);
  });
});
