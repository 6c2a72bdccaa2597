/**
 * A data set as a table: one row an object, or one a label; a picture without any has one row with nothing there. The columns are
 * those of TensorFlow's tutorials where there are such; others are passed over, in any order.
 */
import { VitrineError } from "../../structures/errors.js";
import type { ObjectBox } from "../../structures/object-box.js";
import { asFlag, emptyListed, type AnnotationList, type ListedPicture, type OutgoingList } from "./annotation-list.js";
import { parseCsv, writeCsv } from "./csv.js";

const CORNERS = ["xmin", "ymin", "xmax", "ymax"] as const;
const FLAGS = ["difficult", "truncated", "occluded"] as const;
/** Others' for boxes, of which none is read. */
const BOX_COLUMNS = ["x", "x1", "x_min", "bbox", "bbox_x", "left", "x_center"];
const NAMES: Readonly<Record<string, readonly string[]>> = {
  filename: ["filename", "file_name", "image", "image_path", "path", "file"],
  class: ["class", "label", "name", "category"],
};

export function writeCsvList({ kind, pictures }: OutgoingList): string {
  const hasBoxes = kind === "boxes";
  // Few tables have crowds, and a column that says 0 everywhere is in everybody's way.
  const hasCrowds = pictures.some(({ boxes }) => boxes.some(({ crowd }) => crowd));
  const flags = hasCrowds ? [...FLAGS, "crowd" as const] : FLAGS;
  const head = ["filename", "width", "height", "class", ...(hasBoxes ? [...CORNERS, ...flags] : []), "flag", "note"];
  const rows = pictures.flatMap(({ file, size, labels, boxes, flag, note }) => {
    const row = (label: string, cells: readonly (string | number)[]) =>
      [file, size.width, size.height, label, ...cells, flag ?? "", note] as const;
    const none = row("", hasBoxes ? [...CORNERS, ...flags].map(() => "") : []);
    const found = hasBoxes
      ? boxes.map((box) =>
          row(box.label, [...CORNERS.map((key) => box[key]), ...flags.map((key) => Number(box[key] ?? 0))]),
        )
      : labels.map((label) => row(label, []));
    return found.length > 0 ? found : [none];
  });
  return writeCsv([head, ...rows]);
}

/** @throws `InvalidFile` where there is no column of file names */
export function readCsvList(text: string, path: string): AnnotationList {
  const [head = [], ...rows] = parseCsv(text, delimiterOf(text));
  const column = columnFinder(head);
  if (column("filename") < 0) {
    const expected = "a first row with the columns filename and class, and xmin, ymin, xmax, ymax for boxes";
    throw new VitrineError("InvalidFile", { path, where: "line 1", expected, received: head.join(",").slice(0, 80) });
  }
  const pictures = new Map<string, ListedPicture>();
  const lacking = CORNERS.filter((corner) => column(corner) < 0);
  const list: AnnotationList = { labels: undefined, pictures: [], problems: [] };
  rows.forEach((row, index) => {
    const cell = (name: string) => row[column(name)]?.trim() ?? "";
    // Blanks at the ends may belong to a file's name: who looks for the file decides.
    const exact = { file: row[column("filename")] ?? "", note: row[column("note")] ?? "" };
    const fault = addRow(cell, pictures, exact);
    if (fault !== undefined) list.problems.push({ path, reason: `row ${index + 2} was left out: ${fault}` });
  });
  // Some have corners, or others in their place: x, y, w, h.
  if (lacking.length > 0 && (lacking.length < 4 || BOX_COLUMNS.some((name) => column(name) >= 0))) {
    const reason = `there is no column ${lacking.join(", ")}, so no box was read: the columns are ${head.join(", ")}`;
    list.problems.push({ path, reason: reason.slice(0, 300) });
  }
  list.pictures = [...pictures.values()];
  return list;
}

/** Where the decimals have a comma, spreadsheets put semicolons between cells. */
function delimiterOf(text: string): "," | ";" | "\t" {
  const [head = ""] = text.split(/\r?\n|\r/, 1);
  if (head.includes(",")) return ",";
  return head.includes(";") ? ";" : head.includes("\t") ? "\t" : ",";
}

function columnFinder(head: readonly string[]): (name: string) => number {
  const columns = head.map((name) => name.trim().toLowerCase());
  const places = new Map<string, number>();
  return (name) => {
    const known = places.get(name) ?? columns.findIndex((column) => (NAMES[name] ?? [name]).includes(column));
    places.set(name, known);
    return known;
  };
}

function addRow(
  cell: (name: string) => string,
  pictures: Map<string, ListedPicture>,
  { file, note }: { file: string; note: string },
): string | undefined {
  if (file.trim() === "") return "it names no picture";
  const picture = pictures.get(file) ?? { ...emptyListed(file), size: sizeOf(cell), flag: asFlag(cell("flag")), note };
  pictures.set(file, picture);
  const label = cell("class");
  const corners = CORNERS.map(cell);
  const hasBox = corners.some((corner) => corner !== "");
  if (label === "") return hasBox ? "its box has no label" : undefined;
  if (!hasBox) {
    if (!picture.labels.includes(label)) picture.labels.push(label);
    return undefined;
  }
  const numbers = corners.map((corner) => (corner === "" ? NaN : Number(corner)));
  const wrong = CORNERS.find((_, i) => !Number.isFinite(numbers[i]));
  if (wrong) return `${JSON.stringify(cell(wrong))} is no number for ${wrong}`;
  const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = numbers;
  const isSet = (name: string) => /^(1|true|yes)$/i.test(cell(name));
  const flags = Object.fromEntries(FLAGS.map((name) => [name, isSet(name)])) as Pick<ObjectBox, (typeof FLAGS)[number]>;
  picture.boxes.push({ label, xmin, ymin, xmax, ymax, ...flags, ...(isSet("crowd") && { crowd: true }) });
  return undefined;
}

function sizeOf(cell: (name: string) => string): ListedPicture["size"] {
  const [width, height] = [Number(cell("width")), Number(cell("height"))];
  return width > 0 && height > 0 ? { width, height } : undefined;
}
