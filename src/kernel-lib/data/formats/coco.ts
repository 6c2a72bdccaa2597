/**
 * COCO's JSON (Lin et al., "Microsoft COCO: Common Objects in Context", 2014): one file for all pictures. Boxes are x, y, width, height
 * from the top left corner, in pixels, edges counted from 0. What COCO has no field for stands where CVAT puts it: in `attributes`.
 */
import { z } from "zod";
import { VitrineError } from "../../structures/errors.js";
import { firstIssue } from "../../structures/first-issue.js";
import type { ObjectBox } from "../../structures/object-box.js";
import { asFlag, emptyListed, type AnnotationList, type ListedPicture, type OutgoingList } from "./annotation-list.js";
import { outlinesOf, type CocoOutline } from "./coco-outline.js";
import { parseJson } from "./foreign-json.js";

const id = z.union([z.number(), z.string()]);
const file = z.object({
  images: z.array(
    z.object({
      id,
      file_name: z.string().min(1),
      width: z.number().nullish(),
      height: z.number().nullish(),
      flag: z.string().nullish(),
      note: z.string().nullish(),
    }),
  ),
  categories: z.array(z.object({ id, name: z.union([z.string(), z.number().transform(String)]) })),
  annotations: z.array(
    z.object({
      id: id.optional(),
      image_id: id,
      category_id: id,
      bbox: z.array(z.number()).nullish(),
      /** Outlines, as x and y in turn; or a mask, which is kept and not read. */
      segmentation: z.unknown().optional(),
      iscrowd: z.union([z.number(), z.boolean()]).nullish(),
      area: z.unknown().optional(),
      attributes: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
});

type CocoFile = z.infer<typeof file>;
type CocoAnnotation = CocoFile["annotations"][number];

type OutlinedPicture = ListedPicture & { outlines: CocoOutline[] };

/** @throws `InvalidFile` with the place where it is no COCO file */
export function readCoco(text: string, path: string): AnnotationList {
  const { images, categories, annotations } = checkedFile(parseJson(text, path), path);
  const pictures = new Map<string | number, OutlinedPicture>();
  const list: AnnotationList = { labels: [], pictures: [], problems: [] };
  const note = (reason: string) => list.problems.push({ path, reason });
  for (const { id: key, file_name: name, width, height, flag, note: text } of images) {
    const size = width && height ? { width, height } : undefined;
    const picture = { ...emptyListed(name), size, flag: asFlag(flag), note: text ?? "", outlines: [] };
    if (pictures.has(key)) note(`image ${key} (${name}) was left out: an image has that id already`);
    else pictures.set(key, picture);
  }
  const labels = new Map<string | number, string>();
  for (const { id: key, name } of categories) {
    if (labels.has(key)) note(`category ${key} (${name}) was left out: a category has that id already`);
    else labels.set(key, name.trim());
  }
  for (const annotation of annotations) {
    const fault = place(annotation, pictures.get(annotation.image_id), labels.get(annotation.category_id));
    if (fault !== undefined) note(`annotation ${annotation.id ?? "without id"} was left out: ${fault}`);
  }
  list.labels = [...new Set(labels.values())].filter((label) => label !== "");
  list.pictures = [...pictures.values()];
  return list;
}

/** @throws `InvalidFile` with the place where it is none */
function checkedFile(value: unknown, path: string): CocoFile {
  if (isCoco(value)) return value;
  const parsed = file.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new VitrineError("InvalidFile", { path, ...firstIssue(parsed.error, value) });
}

/** Whether the schema says yes, for files as nearly all are: to go through it takes a second for 300,000 boxes. */
function isCoco(value: unknown): value is CocoFile {
  const { images, categories, annotations } = asRecord(value);
  if (!Array.isArray(images) || !Array.isArray(categories) || !Array.isArray(annotations)) return false;
  return images.every(isImage) && categories.every(isCategory) && annotations.every(isAnnotation);
}

type Unknown = Readonly<Record<string, unknown>>;

const asRecord = (value: unknown): Unknown => (typeof value === "object" && value !== null ? (value as Unknown) : {});

function isImage(value: unknown): boolean {
  const { id: key, file_name: name, width, height, flag, note } = asRecord(value);
  const isNamed = typeof key === "number" && typeof name === "string" && name !== "";
  const isSized = typeof width === "number" && typeof height === "number";
  return isNamed && isSized && flag === undefined && note === undefined;
}

function isCategory(value: unknown): boolean {
  const { id: key, name } = asRecord(value);
  return typeof key === "number" && typeof name === "string";
}

function isAnnotation(value: unknown): boolean {
  const { id: key, image_id: image, category_id: category, bbox, iscrowd, attributes } = asRecord(value);
  if (typeof key !== "number" || typeof image !== "number" || typeof category !== "number") return false;
  if (typeof iscrowd !== "number" || attributes !== undefined || !Array.isArray(bbox)) return false;
  return bbox.every((number) => typeof number === "number");
}

/** Puts an annotation to its picture, or says why not. */
function place(annotation: CocoAnnotation, picture: OutlinedPicture | undefined, label = ""): string | undefined {
  if (!picture) return `there is no image ${annotation.image_id}`;
  if (label === "") return `category ${annotation.category_id} has no name`;
  const bbox = annotation.bbox?.length ? annotation.bbox : outlineExtent(annotation.segmentation);
  if (!bbox && hasOutline(annotation.segmentation))
    return "it has no bbox, and no outline that one could be put around";
  if (!bbox) {
    if (!picture.labels.includes(label)) picture.labels.push(label);
    return undefined;
  }
  const [x, y, width, height] = bbox;
  if (bbox.length !== 4 || x === undefined || y === undefined || width === undefined || height === undefined) {
    return `its bbox has ${bbox.length} numbers, not 4`;
  }
  const box = boxOf(annotation, label, [x, y, width, height]);
  picture.boxes.push(box);
  const outline = outlineOf(annotation, box);
  if (outline) picture.outlines.push(outline);
  return undefined;
}

/** Undefined where the annotation says nothing but the box. */
function outlineOf({ segmentation, area: given }: CocoAnnotation, box: ObjectBox): CocoOutline | undefined {
  const { label, xmin, ymin, xmax, ymax } = box;
  const area = typeof given === "number" && Number.isFinite(given) && given >= 0 ? given : undefined;
  const isBoxes = area === undefined || Math.abs(area - areaOf(box)) <= 1e-9 * area;
  if (isBoxes && !hasOutline(segmentation)) return undefined;
  return { box: { label, xmin, ymin, xmax, ymax }, segmentation, area };
}

const areaOf = ({ xmin, ymin, xmax, ymax }: ObjectBox) => (xmax - xmin) * (ymax - ymin);

const hasOutline = (segmentation: unknown) =>
  Array.isArray(segmentation) ? segmentation.length > 0 : typeof segmentation === "object" && segmentation !== null;

/** The box around outlines, as a bbox; undefined where there are none. */
function outlineExtent(segmentation: unknown): number[] | undefined {
  if (!Array.isArray(segmentation)) return undefined;
  const numbers = (segmentation as unknown[]).flat();
  if (numbers.length < 6 || numbers.length % 2 === 1 || !numbers.every(Number.isFinite)) return undefined;
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ] as [[number, number], [number, number]];
  (numbers as number[]).forEach((value, index) => {
    const axis = (index % 2) as 0 | 1;
    low[axis] = Math.min(low[axis], value);
    high[axis] = Math.max(high[axis], value);
  });
  return [low[0], low[1], high[0] - low[0], high[1] - low[1]];
}

function boxOf(
  { iscrowd, attributes }: CocoAnnotation,
  label: string,
  [x, y, width, height]: readonly [number, number, number, number],
): ObjectBox {
  const flag = (name: string) => attributes?.[name] === true || attributes?.[name] === 1;
  return {
    label,
    xmin: x,
    ymin: y,
    xmax: sum(x, width),
    ymax: sum(y, height),
    // Evaluations leave out both.
    difficult: flag("difficult") || Boolean(iscrowd),
    truncated: flag("truncated"),
    occluded: flag("occluded"),
    ...(iscrowd && { crowd: true }),
  };
}

/** Without what binary fractions add: 10.1 and a width of 10.2 end at 20.3. */
function sum(edge: number, length: number): number {
  const far = edge + length;
  // To go by text takes a microsecond, and most have whole numbers or two decimals that add up.
  return far - edge === length && far - length === edge ? far : Number(far.toPrecision(15));
}

export function writeCoco({ name, kind, labels, pictures }: OutgoingList): string {
  const category = new Map(labels.map((label, index) => [label, index + 1]));
  const annotations = pictures.flatMap(({ labels: own, boxes, outlines = [], size }, index) => {
    const image = { image_id: index + 1 };
    if (kind === "labels") return own.map((label) => ({ ...image, category_id: category.get(label) }));
    const kept = outlinesOf(boxes, outlines, size);
    return boxes.map((box, at) => ({ ...image, category_id: category.get(box.label), ...cocoBox(box, kept[at]) }));
  });
  return JSON.stringify({
    info: { description: name, version: "1.0" },
    licenses: [],
    images: pictures.map(({ file: file_name, size, flag, note }, index) => ({
      ...{ id: index + 1, file_name, ...size },
      ...(flag !== null && { flag }),
      ...(note !== "" && { note }),
    })),
    categories: labels.map((label, index) => ({ id: index + 1, name: label, supercategory: "" })),
    annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })),
  });
}

function cocoBox(box: ObjectBox, outline: CocoOutline | undefined) {
  const { xmin, ymin, xmax, ymax, difficult, truncated, occluded, crowd = false } = box;
  const attributes = { difficult, truncated, occluded };
  const { segmentation = [], area = areaOf(box) } = outline ?? {};
  return { bbox: [xmin, ymin, xmax - xmin, ymax - ymin], area, iscrowd: Number(crowd), segmentation, attributes };
}
