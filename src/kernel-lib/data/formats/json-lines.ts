/** A data set as JSON lines: first the labels, then one line a picture. It carries everything. */
import { z } from "zod";
import { firstIssue } from "../../structures/first-issue.js";
import type { AnnotationList, ListedPicture, OutgoingList } from "./annotation-list.js";

const box = z.object({
  label: z.string().trim().min(1),
  xmin: z.number(),
  ymin: z.number(),
  xmax: z.number(),
  ymax: z.number(),
  difficult: z.boolean().default(false),
  truncated: z.boolean().default(false),
  occluded: z.boolean().default(false),
  crowd: z.boolean().optional(),
});
const picture = z.object({
  image: z.string().min(1),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
  labels: z.array(z.string().trim().min(1)).default([]),
  boxes: z.array(box).default([]),
  flag: z.enum(["unsure", "skip"]).nullable().default(null),
  note: z.string().default(""),
});
const head = z.object({ classes: z.array(z.string().trim().min(1)) });

export function writeJsonLines({ kind, labels, pictures }: OutgoingList): string {
  const lines = pictures.map(({ file, size, labels: own, boxes, flag, note }) => ({
    ...{ image: file, ...size },
    ...(kind === "labels" ? { labels: own } : { boxes }),
    ...(flag !== null && { flag }),
    ...(note !== "" && { note }),
  }));
  return [{ classes: labels }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** Lines that are none are problems. */
export function readJsonLines(text: string, path: string): AnnotationList {
  const list: AnnotationList = { labels: undefined, pictures: [], problems: [] };
  const lines = text.replace(/^\ufeff/, "").split("\n");
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const reason = addLine(line, list);
    if (reason !== undefined) list.problems.push({ path, reason: `line ${index + 1} was left out: ${reason}` });
  });
  return list;
}

function addLine(line: string, list: AnnotationList): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is no JSON";
  }
  const labels = head.safeParse(value);
  if (labels.success) {
    list.labels = [...new Set(labels.data.classes)];
    return undefined;
  }
  const parsed = picture.safeParse(value);
  if (!parsed.success) {
    const { where, expected, received } = firstIssue(parsed.error, value);
    return `${where === "the whole file" ? "it" : where} should be ${expected}, and is ${received}`;
  }
  const { image: file, width, height, ...rest } = parsed.data;
  const size: ListedPicture["size"] = width && height ? { width, height } : undefined;
  list.pictures.push({ ...rest, file, size, labels: [...new Set(rest.labels)] });
  return undefined;
}
