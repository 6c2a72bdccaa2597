/**
 * An annotation in the XML of Pascal VOC (Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010): which picture it is
 * about, how big that is, and its objects.
 *
 * Coordinates. The challenge's own files count pixels from 1 and include the last one; a box over the whole of a picture 480 wide is
 * 1 to 480. LabelImg, CVAT and all that came after write edges instead: the same box is 0 to 480. Where `origin` doesn't say which,
 * a file is taken for the challenge's when its `<source>` says so. In memory there are edges alone: 0 to 480.
 */
import type { ObjectBox } from "../../structures/object-box.js";
import { XmlRefusal, type XmlElement } from "./xml.js";

/** The number of the first pixel: 1 in files of the PASCAL VOC challenge, 0 in LabelImg's. */
export type VocOrigin = 0 | 1;

export interface VocAnnotation {
  /** The picture's file name, without a folder of whatever system. */
  filename: string;
  /** What the file says; none where it says nothing or 0. */
  size: { width: number; height: number } | undefined;
  /** Edges in pixels, as they stand there: nothing is checked against the picture yet. */
  boxes: ObjectBox[];
  /** What is wrong with objects that were left out. */
  problems: string[];
}

/** To be raised whenever this reader, or that of XML, says something else of some file: what was kept of files then counts no more. */
export const VOC_READER_VERSION = 2;

/** @throws `XmlRefusal` where it is no annotation at all */
export function readVoc(root: XmlElement, origin?: VocOrigin): VocAnnotation {
  if (root.name !== "annotation") throw new XmlRefusal(`its root is <${root.name}>, not <annotation>`);
  const annotation: VocAnnotation = { filename: fileName(root), size: sizeOf(root), boxes: [], problems: [] };
  const first = origin ?? (isOfTheChallenge(root) ? 1 : 0);
  let number = 0;
  for (const element of root.children) {
    if (element.name !== "object") continue;
    number++;
    try {
      annotation.boxes.push(readObject(element, first));
    } catch (refusal) {
      if (!(refusal instanceof XmlRefusal)) throw refusal;
      annotation.problems.push(`object ${number} was left out: ${refusal.message}`);
    }
  }
  return annotation;
}

function readObject(element: XmlElement, origin: VocOrigin): ObjectBox {
  const label = textOf(element, "name");
  if (label === "") throw new XmlRefusal("it has no name");
  const corners = child(element, "bndbox");
  if (!corners) throw new XmlRefusal(`${label} has no bndbox`);
  return {
    label,
    xmin: numberOf(corners, "xmin", label) - origin,
    ymin: numberOf(corners, "ymin", label) - origin,
    xmax: numberOf(corners, "xmax", label),
    ymax: numberOf(corners, "ymax", label),
    difficult: flagOf(element, "difficult"),
    truncated: flagOf(element, "truncated"),
    occluded: flagOf(element, "occluded"),
    ...(flagOf(element, "crowd") && { crowd: true }),
  };
}

/** The last part of a path, of Windows too. */
function fileName(root: XmlElement): string {
  const given = textOf(root, "filename") || textOf(root, "path");
  return given.slice(Math.max(given.lastIndexOf("/"), given.lastIndexOf("\\")) + 1);
}

function sizeOf(root: XmlElement): VocAnnotation["size"] {
  const size = child(root, "size");
  const width = Number(size && textOf(size, "width"));
  const height = Number(size && textOf(size, "height"));
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function isOfTheChallenge(root: XmlElement): boolean {
  const source = child(root, "source");
  return source !== undefined && /^The VOC\d{4} Database$/i.test(textOf(source, "database"));
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

function numberOf(corners: XmlElement, name: string, label: string): number {
  const text = textOf(corners, name);
  if (NUMBER.test(text)) return Number(text);
  throw new XmlRefusal(
    `${label} has ${text === "" ? `no ${name}` : `${JSON.stringify(text.slice(0, 40))} for ${name}`}`,
  );
}

const flagOf = (element: XmlElement, name: string) => /^(1|true|yes)$/i.test(textOf(element, name));

const child = (element: XmlElement, name: string) => element.children.find((other) => other.name === name);

const textOf = (element: XmlElement, name: string) => child(element, name)?.text ?? "";
