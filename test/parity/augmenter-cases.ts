/** The fixtures of test/fixtures/augmenters/pixels, and what the library makes of the same. */
import { readdirSync, readFileSync } from "node:fs";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Kernel } from "../../src/kernel-lib/augmenters/index.js";
import { picture, type PictureKind } from "../unit/augmenters/picture.js";

export interface PixelCase {
  /** With its module in front where imgaug's flat namespace means something else by it. */
  name: string;
  options: object;
  size: [width: number, height: number, channels: 1 | 3 | 4];
  kind: PictureKind;
  result: { width: number; height: number; data: string };
}

interface PixelFile {
  versions: Record<string, string>;
  cases: PixelCase[];
}

const folder = new URL("../fixtures/augmenters/pixels/", import.meta.url);
export const pixelFiles = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => ({
    module: name.slice(0, -5),
    ...(JSON.parse(readFileSync(new URL(name, folder), "utf8")) as PixelFile),
  }));

/** The largest and the mean difference from imgaug that is accepted; where nothing stands, none. */
export const TOLERANCE: Record<string, { max: number; mean: number }> = {
  ChangeColorTemperature: { max: 1, mean: 0.3 },
  GaussianBlur: { max: 1, mean: 0.28 },
  KMeansColorQuantization: { max: 1, mean: 0.03 },
  KeepSizeByResize: { max: 1, mean: 0.03 },
  Resize: { max: 1, mean: 0.04 },
  "imgcorruptlike.Brightness": { max: 1, mean: 0.01 },
  "imgcorruptlike.GaussianBlur": { max: 1, mean: 0.11 },
  "imgcorruptlike.Saturate": { max: 1, mean: 0.31 },
};

/** OpenCV goes through Fourier there, and rounds what lies about half between two levels by chance. */
export function isByFourier({ name, options }: PixelCase): boolean {
  const { k = 0, matrix = [] } = options as { k?: number; matrix?: Kernel };
  return (name === "MotionBlur" ? k * k : name === "Convolve" ? matrix.flat().length : 0) >= 130;
}

type Maker = (options: object) => Augmenter;
interface Children {
  children?: Augmenter | Augmenter[];
}

/** Where parameters come before the options. */
const special: Record<string, Maker> = {
  Convolve: (options) => augmenters.Convolve((options as { matrix: Kernel }).matrix),
  ReplaceElementwise: (options) => {
    const { mask, replacement } = options as { mask: number; replacement: number };
    return augmenters.ReplaceElementwise(mask, replacement);
  },
  ClipCBAsToImagePlanes: () => augmenters.ClipCBAsToImagePlanes(),
  KeepSizeByResize: ({ children, ...options }: Children) => augmenters.KeepSizeByResize(children ?? [], options),
  OneOf: ({ children }: Children) => augmenters.OneOf(children ?? []),
  RemoveCBAsByOutOfImageFraction: ({ fraction }: { fraction?: number }) =>
    augmenters.RemoveCBAsByOutOfImageFraction(fraction ?? NaN),
  Sequential: ({ children }: Children) => augmenters.Sequential(children ?? []),
  SomeOf: ({ n, children }: Children & { n?: number }) => augmenters.SomeOf(n, children),
  Sometimes: ({ p, thenList, elseList }: { p?: number; thenList?: Augmenter[]; elseList?: Augmenter[] }) =>
    augmenters.Sometimes(p, thenList, elseList),
  WithChannels: ({ channels, children }: Children & { channels?: number }) =>
    augmenters.WithChannels(channels, children),
  WithPolarWarping: ({ children }: Children) => augmenters.WithPolarWarping(children ?? []),
};

export function makerOf(name: string): Maker {
  const found = name.split(".").reduce<unknown>((owner, part) => (owner as Record<string, unknown>)[part], augmenters);
  const maker = special[name] ?? (found as Maker | undefined);
  if (!maker) throw new Error(`no ${name}`);
  return maker;
}

/** Options with other augmenters in them, { "augmenter": name, "options" }, and with choices of two, { "choice": [] }. */
export function made(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== "object" || value === null) return value;
  const { augmenter, options = {}, choice } = value as { augmenter?: string; options?: object; choice?: unknown[] };
  if (choice) return augmenters.parameters.Choice(choice);
  if (augmenter === "edges.RandomColorsBinaryImageColorizer") return augmenters.randomColors(255, 0);
  if (augmenter !== undefined) return makerOf(augmenter)(made(options) as object);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, made(item)]));
}

export const augmenterOf = ({ name, options }: { name: string; options: object }): Augmenter =>
  makerOf(name)(made(options) as object);

/** How far each value is from imgaug's; of pictures of different sizes nothing can be said. */
export function differences(each: PixelCase): number[] {
  const { size, kind, result } = each;
  const image = augmenterOf(each).augmentImage(picture(...size, kind));
  const expected = Buffer.from(result.data, "base64");
  if (image.width !== result.width || image.height !== result.height || image.data.length !== expected.length) {
    throw new Error(
      `${image.width} × ${image.height} × ${image.channels} instead of ${result.width} × ${result.height}`,
    );
  }
  return Array.from(image.data, (value, i) => Math.abs(value - (expected[i] ?? NaN)));
}

/** What is left of a case where nothing happens says little. */
export const changesSomething = ({ size, kind, result }: PixelCase): boolean =>
  !Buffer.from(result.data, "base64").equals(picture(...size, kind).data);
