/** An annotation as LabelImg writes it: edges in pixels, the first pixel's edge is 0. */
import type { ObjectBox } from "../../structures/object-box.js";
import type { VocOrigin } from "./voc-annotation.js";

interface Annotated {
  file: string;
  size: { width: number; height: number };
  boxes: readonly ObjectBox[];
}

/** @param origin the number of the first pixel, for who reads the file with another than 0 */
export function writeVoc({ file, size, boxes }: Annotated, folder: string, origin: VocOrigin = 0): string {
  const lines = [
    "<annotation>",
    line(1, "folder", folder),
    line(1, "filename", file),
    line(1, "path", file),
    "\t<source>",
    line(2, "database", "Unknown"),
    "\t</source>",
    "\t<size>",
    line(2, "width", size.width),
    line(2, "height", size.height),
    line(2, "depth", 3),
    "\t</size>",
    line(1, "segmented", 0),
    ...boxes.flatMap((box) => objectLines({ ...box, xmin: box.xmin + origin, ymin: box.ymin + origin })),
    "</annotation>",
  ];
  return `${lines.join("\n")}\n`;
}

function objectLines(box: ObjectBox): string[] {
  return [
    "\t<object>",
    line(2, "name", box.label),
    line(2, "pose", "Unspecified"),
    line(2, "truncated", Number(box.truncated)),
    line(2, "difficult", Number(box.difficult)),
    ...(box.occluded ? [line(2, "occluded", 1)] : []),
    ...(box.crowd ? [line(2, "crowd", 1)] : []),
    "\t\t<bndbox>",
    ...(["xmin", "ymin", "xmax", "ymax"] as const).map((corner) => line(3, corner, box[corner])),
    "\t\t</bndbox>",
    "\t</object>",
  ];
}

const line = (depth: number, name: string, value: string | number) =>
  `${"\t".repeat(depth)}<${name}>${escapeXml(String(value))}</${name}>`;

// What XML can't hold at all is shown as such.
const escapeXml = (text: string) =>
  text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu, "\ufffd")
    .replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
