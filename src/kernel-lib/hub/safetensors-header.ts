/**
 * The header of a safetensors file: 8 bytes of length (little-endian), that many bytes of JSON, then the tensors' bytes.
 *
 * Nothing of it is believed: lengths, types, shapes and ranges must agree with each other and with the file's size, and the
 * ranges must cover the rest of the file without gap or overlap, as the format's specification demands.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { type Dtype, bytesOf, dtypes, elementsOf, isDtype } from "./tensor.js";

/** The format's own limit. */
export const MAX_HEADER = 100_000_000;

export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** First byte, and the one after the last, counted from the end of the header. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  entries: TensorEntry[];
  metadata: Map<string, string>;
}

type Reject = (where: string, expected: string, received: unknown) => never;

const rejecter =
  (path: string): Reject =>
  (where, expected, received) => {
    const shown = received instanceof Error ? received.message : quote(received);
    throw new VitrineError("InvalidFile", { path, where, expected, received: shown });
  };

/** The length of the JSON, from a file's first eight bytes and its size. */
export function headerLength(path: string, head: Uint8Array, size: number): number {
  const reject = rejecter(path);
  if (head.length < 8) return reject("header length (bytes 0 to 8)", "8 bytes", `${head.length} bytes`);
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  if (length > MAX_HEADER) return reject("header length (bytes 0 to 8)", `at most ${MAX_HEADER}`, length);
  if (Number(length) > size - 8)
    return reject("header length (bytes 0 to 8)", `at most ${size - 8}, as the file has ${size} bytes,`, length);
  if (length < 2n) return reject("header length (bytes 0 to 8)", "at least 2", length);
  return Number(length);
}

/** @param body how many bytes follow the header */
export function parseHeader(path: string, json: Uint8Array, body: number): SafetensorsHeader {
  const reject = rejecter(path);
  const root = parseObject(reject, json);
  const entries: TensorEntry[] = [];
  let metadata = new Map<string, string>();
  for (const [name, value] of Object.entries(root)) {
    if (name === "__metadata__") metadata = readMetadata(reject, value);
    else entries.push(readEntry(reject, name, value, body));
  }
  checkRanges(reject, entries, body);
  return { entries, metadata };
}

function parseObject(reject: Reject, json: Uint8Array): Record<string, unknown> {
  // The specification wants "{" first: nothing else, not even white space.
  if (json[0] !== 0x7b)
    reject("header (byte 8)", "{", json[0] === undefined ? "nothing" : String.fromCharCode(json[0]));
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json)) as Record<string, unknown>;
  } catch (error) {
    return reject("header", "JSON in UTF-8", error);
  }
}

function readMetadata(reject: Reject, value: unknown): Map<string, string> {
  const pairs = isObject(value) ? Object.entries(value) : reject("__metadata__", "an object of texts", value);
  for (const [key, text] of pairs) if (typeof text !== "string") reject(`__metadata__, ${quote(key)}`, "a text", text);
  return new Map(pairs as [string, string][]);
}

function readEntry(reject: Reject, name: string, value: unknown, body: number): TensorEntry {
  const tensor = `tensor ${quote(name)}`;
  const fields = isObject(value) ? value : reject(tensor, "an object with dtype, shape and data_offsets", value);
  const { dtype, shape, data_offsets: offsets } = fields;
  if (!isDtype(dtype)) return reject(`${tensor}, dtype`, `one of ${dtypes.join(", ")}`, dtype);
  if (!isCounts(shape)) return reject(`${tensor}, shape`, "a list of whole numbers", shape);
  if (!isCounts(offsets) || offsets.length !== 2)
    return reject(`${tensor}, data_offsets`, "two whole numbers", offsets);
  const [begin = 0, end = 0] = offsets;
  const bytes = elementsOf(shape) * bytesOf(dtype);
  if (end > body) return reject(`${tensor}, data_offsets`, `an end of at most ${body}, where the file ends,`, end);
  if (end - begin !== bytes) {
    const expected = `${bytes} bytes for ${dtype} of shape [${shape.join(", ")}]`;
    return reject(`${tensor}, data_offsets`, expected, end - begin);
  }
  return { name, dtype, shape, begin, end };
}

function checkRanges(reject: Reject, entries: TensorEntry[], body: number): void {
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    const expected =
      begin < covered
        ? `a begin of ${covered}: ranges may not overlap,`
        : `a begin of ${covered}: ranges may not leave gaps,`;
    if (begin !== covered) reject(`tensor ${quote(name)}, data_offsets`, expected, begin);
    covered = end;
  }
  if (covered !== body) reject("data", `${covered} bytes after the header`, body);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
