/**
 * YOLO's text files, as Ultralytics' YOLOv5 and v8 read them: `data.yaml` names the classes and the folders, and for each picture
 * `images/…/a.jpg` there is `labels/…/a.txt` with a line `class x y width height` an object: the centre and the size as shares of the
 * picture's. It has no flags and no notes.
 */
import { parse, stringify } from "yaml";
import { z } from "zod";
import { VitrineError } from "../../structures/errors.js";
import { firstIssue } from "../../structures/first-issue.js";
import type { ObjectBox } from "../../structures/object-box.js";

export type YoloSubset = "train" | "val" | "test";

export interface YoloConfig {
  labels: string[];
  /** Where `train` and the others are relative to; relative to the file's own folder. */
  path: string;
  /** Folders of pictures, or text files with a path a line. */
  places: Partial<Record<YoloSubset, string[]>>;
  /** How many numbers of keypoints follow a box; none where that is not said. */
  keypointNumbers?: number;
}

const paths = z.union([z.string(), z.array(z.string())]).nullish();
const name = z.union([z.string(), z.number()]);
const schema = z.object({
  path: z.string().nullish(),
  train: paths,
  val: paths,
  validation: paths,
  test: paths,
  names: z.union([z.array(name), z.record(z.string(), name)]).optional(),
  nc: z.int().min(1).max(100_000).optional(),
  /** Keypoints an object, and numbers a keypoint. */
  kpt_shape: z.tuple([z.int().min(0).max(1000), z.int().min(2).max(3)]).nullish(),
});

/** @throws `InvalidFile` */
export function readYoloConfig(text: string, path: string): YoloConfig {
  const given = parseYaml(text, path);
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new VitrineError("InvalidFile", { path, ...firstIssue(parsed.error, given) });
  const { nc, names = namesOf(nc), path: home, kpt_shape: keypoints, train, val, validation, test } = parsed.data;
  const places: YoloConfig["places"] = {};
  for (const [subset, place] of Object.entries({ train, val: val ?? validation, test })) {
    if (place) places[subset as YoloSubset] = typeof place === "string" ? [place] : place;
  }
  if (!names) {
    const expected = "names, a list or an object, or at least nc, their number";
    throw new VitrineError("InvalidFile", { path, where: "the whole file", expected, received: "neither" });
  }
  const keypointNumbers = keypoints ? keypoints[0] * keypoints[1] : 0;
  const labels = classNames(names);
  if (nc !== undefined && nc !== labels.length) {
    const received = `${labels.length} names`;
    throw new VitrineError("InvalidFile", { path, where: "names", expected: `${nc}, as nc says,`, received });
  }
  return { labels, path: home ?? ".", places, keypointNumbers };
}

/** As Ultralytics calls classes that have a number and no names. */
const namesOf = (count: number | undefined) =>
  count === undefined ? undefined : Array.from({ length: count }, (_, index) => `class_${index}`);

function parseYaml(text: string, path: string): unknown {
  try {
    // Aliases can grow as entities do in XML.
    return parse(text, { maxAliasCount: 10 });
  } catch (cause) {
    const received = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new VitrineError("InvalidFile", { path, where: "the whole file", expected: "YAML", received }, { cause });
  }
}

/** Numbers that a map leaves out get their number as a name. */
function classNames(names: readonly (string | number)[] | Record<string, string | number>): string[] {
  if (Array.isArray(names)) return names.map(String);
  const map = new Map(Object.entries(names).map(([key, name]) => [Number(key), String(name)]));
  const count = Math.min(100_000, Math.max(-1, ...[...map.keys()].filter(Number.isInteger)) + 1);
  return Array.from({ length: count }, (_, index) => map.get(index) ?? String(index));
}

/** Without a `path`: one of "." is Ultralytics' working folder, none is the folder of this file. */
export function writeYoloConfig(labels: readonly string[]): string {
  // What needs no quotes differs between YAML 1.1, which PyYAML reads, and 1.2: a plain `no` is no text, a plain 0o7 is a number.
  const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 } as const;
  return stringify({ train: "images", val: "images", nc: labels.length, names: labels }, quoted);
}

export function writeYoloLabels(
  boxes: readonly ObjectBox[],
  labels: readonly string[],
  { width, height }: { width: number; height: number },
): string {
  const place = new Map(labels.map((label, index) => [label, index]));
  return boxes
    .map(({ label, xmin, ymin, xmax, ymax }) => {
      const numbers = [
        (xmin + xmax) / 2 / width,
        (ymin + ymax) / 2 / height,
        (xmax - xmin) / width,
        (ymax - ymin) / height,
      ];
      return `${[place.get(label) ?? -1, ...numbers.map(plain)].join(" ")}\n`;
    })
    .join("");
}

/** Never "1e-7", which some readers' patterns don't know. */
const plain = (value: number) => (value !== 0 && Math.abs(value) < 1e-6 ? value.toFixed(20) : String(value));

/**
 * Lines that can't be are left out, with the reason. A line of more numbers is an outline: its bounding box is taken.
 * @param keypointNumbers how many numbers behind a box are its keypoints, which are passed over
 */
export function readYoloLabels(
  text: string,
  labels: readonly string[],
  { width, height }: { width: number; height: number },
  keypointNumbers = 0,
): { boxes: ObjectBox[]; problems: string[] } {
  const boxes: ObjectBox[] = [];
  const problems: string[] = [];
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n|\r/)
    .forEach((line, index) => {
      if (line.trim() === "") return;
      const [kind = NaN, ...numbers] = line.trim().split(/\s+/).map(Number);
      const label = labels[kind];
      const hasKeypoints = keypointNumbers > 0 && numbers.length === 4 + keypointNumbers;
      const edges = edgesOf(hasKeypoints ? numbers.slice(0, 4) : numbers);
      if (label === undefined || !edges) {
        const why =
          label === undefined
            ? `there is no class ${line.trim().split(/\s+/)[0]?.slice(0, 20) ?? ""}`
            : "it has not 4 numbers";
        problems.push(`line ${index + 1} was left out: ${why}`);
        return;
      }
      const [xmin, ymin, xmax, ymax] = edges;
      const place = {
        xmin: tidy(xmin * width),
        ymin: tidy(ymin * height),
        xmax: tidy(xmax * width),
        ymax: tidy(ymax * height),
      };
      boxes.push({ label, ...place, difficult: false, truncated: false, occluded: false });
    });
  return { boxes, problems };
}

/** As shares of the picture. A fifth number is a detector's score. */
function edgesOf(numbers: readonly number[]): [number, number, number, number] | undefined {
  if (!numbers.every(Number.isFinite)) return undefined;
  if (numbers.length === 4 || numbers.length === 5) {
    const [x = 0, y = 0, w = 0, h = 0] = numbers;
    return [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
  }
  if (numbers.length < 6 || numbers.length % 2 === 1) return undefined;
  const xs = numbers.filter((_, i) => i % 2 === 0);
  const ys = numbers.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Shares lose the last bits; a millionth of a pixel is nothing that anyone drew. */
const tidy = (pixels: number) => Math.round(pixels * 1e6) / 1e6;
