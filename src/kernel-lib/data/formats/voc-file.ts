/** One XML file of Pascal VOC's kind: what it says of its picture, or why it says nothing. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { stampIn, type Stamp } from "../file-index.js";
import { systemReason } from "../picture-file.js";
import { readVoc, type VocAnnotation, type VocOrigin } from "./voc-annotation.js";
import { MAX_XML_BYTES, parseXml, XmlRefusal } from "./xml.js";

export interface VocFile {
  /** What the file says; or, in words that stand after its name, why it can't be read. */
  readonly said: VocAnnotation | string;
  /** Of the file as it was read; undefined where it is not the file that says so, but the system. */
  readonly stamp: Stamp | undefined;
}

// One for all small files: a new one for each takes as long as to read it.
const shared = Buffer.alloc(1 << 16);

export function readVocFile(path: string, origin?: VocOrigin): VocFile {
  let stamp: Stamp | undefined;
  try {
    // Non-blocking, or a named pipe that nobody writes to would stop everything.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { isFile, ...found } = stampIn(fstatSync(file));
      if (!isFile) throw new XmlRefusal("it is not a regular file");
      stamp = found;
      return { said: readVoc(parseXml(bytesOf(file, found.size)), origin), stamp };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof XmlRefusal) return { said: error.message, stamp };
    return { said: systemReason(error), stamp: undefined };
  }
}

function bytesOf(file: number, size: number): Uint8Array {
  if (size > MAX_XML_BYTES) throw new XmlRefusal(`its ${size} bytes are more than an annotation has`);
  if (size >= shared.length) return readFileSync(file);
  const length = readSync(file, shared, 0, shared.length, 0);
  // It has grown since: there may be more of it.
  return length < shared.length ? shared.subarray(0, length) : readFileSync(file);
}
