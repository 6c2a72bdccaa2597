/**
 * COCO's JSON (Lin et al., "Microsoft COCO: Common Objects in Context", 2014): one file for all pictures. Boxes are x, y, width, height
 * from the top left corner, in pixels, edges counted from 0. What COCO has no field for stands where CVAT puts it: in `attributes`.
 */
import { z } from "zod";
import { VitrineError } from "../../structures/errors.js";
import type { ObjectBox } from "../../structures/object-box.js";
import { asFlag, emptyListed, type AnnotationList, type ListedPicture, type OutgoingList } from "./annotation-list.js";
import { firstIssue, parseJson } from "./foreign-json.js";

const id = z.union([z.number(), z.string()]);
const file = z.object({
  images: z.array(
    z.object({
      id,
      file_name: z.string().min(1),
      width: z.number().optional(),
      height: z.number().optional(),
      flag: z.string().nullish(),
      note: z.string().nullish(),
    }),
  ),
  categories: z.array(z.object({ id, name: z.string() })),
  annotations: z.array(
    z.object({
      id: id.optional(),
      image_id: id,
      category_id: id,
      bbox: z.array(z.number()).optional(),
      iscrowd: z.union([z.number(), z.boolean()]).optional(),
      attributes: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

type CocoFile = z.infer<typeof file>;
type CocoAnnotation = CocoFile["annotations"][number];

/** @throws `InvalidFile` with the place where it is no COCO file */
export function readCoco(text: string, path: string): AnnotationList {
  const { images, categories, annotations } = checkedFile(parseJson(text, path), path);
  const pictures = new Map<string | number, ListedPicture>();
  const list: AnnotationList = { labels: [], pictures: [], problems: [] };
  const note = (reason: string) => list.problems.push({ path, reason });
  for (const { id: key, file_name: name, width, height, flag, note: text } of images) {
    const size = width && height ? { width, height } : undefined;
    const picture = { ...emptyListed(name), size, flag: asFlag(flag), note: text ?? "" };
    if (pictures.has(key)) note(`image ${key} (${name}) was left out: an image has that id already`);
    else pictures.set(key, picture);
  }
  const labels = new Map(categories.map(({ id: key, name }) => [key, name.trim()]));
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
  const { where, expected } = firstIssue(parsed.error);
  throw new VitrineError("InvalidFile", { path, where, expected, received: "something else" });
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
function place(annotation: CocoAnnotation, picture: ListedPicture | undefined, label = ""): string | undefined {
  if (!picture) return `there is no image ${annotation.image_id}`;
  if (label === "") return `category ${annotation.category_id} has no name`;
  const { bbox } = annotation;
  if (bbox === undefined) {
    if (!picture.labels.includes(label)) picture.labels.push(label);
    return undefined;
  }
  const [x, y, width, height] = bbox;
  if (bbox.length !== 4 || x === undefined || y === undefined || width === undefined || height === undefined) {
    return `its bbox has ${bbox.length} numbers, not 4`;
  }
  picture.boxes.push(boxOf(annotation, label, [x, y, width, height]));
  return undefined;
}

function boxOf(
  { iscrowd, attributes = {} }: CocoAnnotation,
  label: string,
  [x, y, width, height]: readonly [number, number, number, number],
): ObjectBox {
  const flag = (name: string) => attributes[name] === true || attributes[name] === 1;
  return {
    label,
    xmin: x,
    ymin: y,
    xmax: sum(x, width),
    ymax: sum(y, height),
    // A crowd is what evaluations leave out.
    difficult: flag("difficult") || Boolean(iscrowd),
    truncated: flag("truncated"),
    occluded: flag("occluded"),
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
  const annotations = pictures.flatMap(({ labels: own, boxes }, index) => {
    const image = { image_id: index + 1 };
    if (kind === "labels") return own.map((label) => ({ ...image, category_id: category.get(label) }));
    return boxes.map((box) => ({ ...image, category_id: category.get(box.label), ...cocoBox(box) }));
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

function cocoBox({ xmin, ymin, xmax, ymax, difficult, truncated, occluded }: ObjectBox) {
  const [width, height] = [xmax - xmin, ymax - ymin];
  const attributes = { difficult, truncated, occluded };
  return { bbox: [xmin, ymin, width, height], area: width * height, iscrowd: 0, segmentation: [], attributes };
}
